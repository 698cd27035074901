# The launch queue, its dead-letter queue, and the rules that send AWS's events to it. SSE-SQS: EventBridge needs no key
# for it, as it would with SSE-KMS.

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-launches-dlq"
  message_retention_seconds = 1209600 # 14 days, the longest that SQS has
  max_message_size          = 262144
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "launches" {
  name                       = "${var.name}-launches"
  visibility_timeout_seconds = var.visibility_timeout_seconds
  # AWS's events have a few KiB. Half of what the dead-letter queue takes: what cannot be read fits there with its reason.
  max_message_size          = 131072
  message_retention_seconds = 345600
  sqs_managed_sse_enabled   = true
  redrive_policy            = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn, maxReceiveCount = var.max_receive_count })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url            = aws_sqs_queue.dead_letters.id
  redrive_allow_policy = jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.launches.arn] })
}

resource "aws_sqs_queue_policy" "launches" {
  queue_url = aws_sqs_queue.launches.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RulesOfThisEnvironment"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.launches.arn
      # Fleets bring rules, too; all of them are named after the environment.
      Condition = { ArnLike = { "aws:SourceArn" = "arn:${local.partition}:events:${local.region}:${local.account}:rule/${var.name}-*" } }
    }]
  })
}

locals {
  rules = {
    launch = {
      description = "An instance waits at a launch hook of Gantry's"
      pattern = {
        source        = ["aws.autoscaling"]
        "detail-type" = ["EC2 Instance-launch Lifecycle Action"]
        detail        = { LifecycleHookName = local.hook_names }
      }
    }
    # Each invocation has an event of its own; the command's would cost two calls more for each command.
    commands = {
      description = "A command with a document of Gantry's has ended"
      pattern = {
        source        = ["aws.ssm"]
        "detail-type" = ["EC2 Command Invocation Status-change Notification"]
        detail = {
          "document-name" = var.document_names
          status          = ["Success", "Failed", "TimedOut", "Cancelled"]
        }
      }
    }
    # The event names no group: those of other instances are looked up once, and ignored.
    spot = {
      description = "EC2 takes a Spot instance back"
      pattern = {
        source        = ["aws.ec2"]
        "detail-type" = ["EC2 Spot Instance Interruption Warning"]
      }
    }
  }
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.rules

  name          = "${var.name}-${each.key}"
  description   = each.value.description
  event_pattern = jsonencode(each.value.pattern)
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.rules

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "launches"
  arn       = aws_sqs_queue.launches.arn
}

# Events become looks.
resource "aws_lambda_event_source_mapping" "launch_queue" {
  event_source_arn                   = aws_sqs_queue.launches.arn
  function_name                      = aws_lambda_alias.this["launch_queue"].arn
  batch_size                         = 50
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.maximum_concurrency
  }
}
