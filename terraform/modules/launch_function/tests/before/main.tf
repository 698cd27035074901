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
  name          = "gantry-dev-launch"
  event_pattern = "{}"
}

resource "aws_cloudwatch_event_target" "launch" {
  rule      = aws_cloudwatch_event_rule.launch.name
  target_id = "launches"
  arn       = "arn:aws:sqs:eu-central-1:111122223333:gantry-dev-launches"
}

resource "aws_cloudwatch_event_rule" "commands" {
  name          = "gantry-dev-commands"
  event_pattern = "{}"
}

resource "aws_cloudwatch_event_target" "commands" {
  rule      = aws_cloudwatch_event_rule.commands.name
  target_id = "launches"
  arn       = "arn:aws:sqs:eu-central-1:111122223333:gantry-dev-launches"
}

resource "aws_cloudwatch_event_rule" "spot" {
  name          = "gantry-dev-spot"
  event_pattern = "{}"
}

resource "aws_cloudwatch_event_target" "spot" {
  rule      = aws_cloudwatch_event_rule.spot.name
  target_id = "launches"
  arn       = "arn:aws:sqs:eu-central-1:111122223333:gantry-dev-launches"
}

output "ids" {
  value = [aws_cloudwatch_event_rule.launch.id, aws_cloudwatch_event_rule.commands.id, aws_cloudwatch_event_rule.spot.id, aws_cloudwatch_event_target.launch.id, aws_cloudwatch_event_target.commands.id, aws_cloudwatch_event_target.spot.id]
}
