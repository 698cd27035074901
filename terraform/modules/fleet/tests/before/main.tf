# Addresses of an older version. The test's next run finds them under their new ones, by the moved blocks of the module.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.95, < 7.0"
    }
  }
}

resource "aws_cloudwatch_event_rule" "launch" {
  count = 1

  name          = "gantry-dev-launch"
  event_pattern = "{}"
}

resource "aws_cloudwatch_event_target" "launch" {
  count = 1

  rule      = aws_cloudwatch_event_rule.launch[0].name
  target_id = "launches"
  arn       = "arn:aws:sqs:eu-central-1:111122223333:gantry-dev-launches"
}

resource "aws_cloudwatch_event_rule" "commands" {
  count = 1

  name          = "gantry-dev-commands"
  event_pattern = "{}"
}

resource "aws_cloudwatch_event_target" "commands" {
  count = 1

  rule      = aws_cloudwatch_event_rule.commands[0].name
  target_id = "launches"
  arn       = "arn:aws:sqs:eu-central-1:111122223333:gantry-dev-launches"
}

output "ids" {
  value = [aws_cloudwatch_event_rule.launch[0].id, aws_cloudwatch_event_rule.commands[0].id, aws_cloudwatch_event_target.launch[0].id, aws_cloudwatch_event_target.commands[0].id]
}
