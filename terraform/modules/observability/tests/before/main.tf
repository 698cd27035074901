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

resource "aws_cloudwatch_metric_alarm" "fallback_dead_letters" {
  count = 1

  alarm_name          = "gantry-dev-bastion-dlq-not-empty"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 0
}

output "ids" {
  value = [aws_cloudwatch_metric_alarm.fallback_dead_letters[0].id]
}
