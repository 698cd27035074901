# How a page reaches people: function → queue → pipe → topic. docs/decisions/0008-pager.md says why there is a queue.
# Alarms go to the topic themselves, so that one about Gantry needs nothing of Gantry's.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
}

resource "aws_sns_topic" "this" {
  name              = "${var.name}-pages"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_policy" "this" {
  arn = aws_sns_topic.this.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsOfThisAccount"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.this.arn
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.emails)

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-pages-dlq"
  message_retention_seconds = 1209600 # 14 days, the longest that SQS has
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "this" {
  name                      = "${var.name}-pages"
  message_retention_seconds = 345600
  sqs_managed_sse_enabled   = true

  # The pipe tries again for as long as five receives take; then somebody has to look at the pipe.
  visibility_timeout_seconds = 60
  redrive_policy             = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn, maxReceiveCount = 5 })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url            = aws_sqs_queue.dead_letters.id
  redrive_allow_policy = jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.this.arn] })
}

resource "aws_pipes_pipe" "this" {
  name     = "${var.name}-pages"
  role_arn = aws_iam_role.pipe.arn
  source   = aws_sqs_queue.this.arn
  target   = aws_sns_topic.this.arn

  source_parameters {
    sqs_queue_parameters {
      batch_size = 1
    }
  }

  target_parameters {
    # The page alone; without a template people would read SQS's whole record, receipt handle and all.
    input_template = "<$.body>"
  }

  # Creating a pipe tries its role.
  depends_on = [aws_iam_role_policy.pipe]
}

resource "aws_iam_role" "pipe" {
  name                 = "${var.iam_prefix}${var.name}-pages-pipe"
  path                 = var.iam_path
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "pipes.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "pipe" {
  name = "pages"
  role = aws_iam_role.pipe.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.this.arn
      },
      {
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = aws_sns_topic.this.arn
      },
      {
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = var.kms_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "sns.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}" } }
      },
    ]
  })
}
