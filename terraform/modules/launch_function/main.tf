# What the three functions share. They are in functions.tf, the queue with its rules and its mapping in queue.tf, the schedule of
# the sweep in schedule.tf.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name

  hook_names = coalesce(var.hook_names, [var.name])

  handlers = "dev.gantry.function"
  is_image = startswith(var.packaging, "image-")

  # lambda/function's FunctionConfig reads these; a test compares the names.
  environment = { for name, value in {
    GANTRY_BASTION_QUEUE_URL = try(var.bastion.queue_url, "")
    GANTRY_BUCKET            = var.bucket
    GANTRY_ENVIRONMENT       = var.name
    GANTRY_QUEUE_URL         = aws_sqs_queue.launches.url
    GANTRY_DLQ_URL           = aws_sqs_queue.dead_letters.url
    GANTRY_PAGER_URL         = var.pager_queue_url
    GANTRY_TIMEOUT_SECONDS   = tostring(var.timeout_seconds)
  } : name => value if name != "GANTRY_BASTION_QUEUE_URL" || var.bastion != null }

  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  # What every look needs, whatever its fleet. What it may do to a fleet's group and instances stands in module fleet.
  look = concat(local.look_always, [for queue in var.bastion == null ? [] : [var.bastion.queue_arn] : {
    Sid      = "AskThroughTheBastion"
    Effect   = "Allow"
    Action   = "sqs:SendMessage"
    Resource = queue
    }], [for answers in var.bastion == null ? [] : ["${var.bucket_arn}/bastion/answers/*"] : {
    Sid      = "ReadTheBastionsAnswers"
    Effect   = "Allow"
    Action   = "s3:GetObject"
    Resource = answers
  }])

  look_always = [
    {
      # These calls have no resources: docs.aws.amazon.com/service-authorization/latest/reference, pages of the two services.
      Sid    = "Observe"
      Effect = "Allow"
      Action = [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeWarmPool",
        "ssm:DescribeInstanceInformation",
        "ssm:GetCommandInvocation",
        "ssm:ListCommandInvocations",
        "ssm:ListCommands",
      ]
      Resource = "*"
    },
    {
      Sid    = "Read"
      Effect = "Allow"
      Action = "s3:GetObject"
      Resource = [for key in ["abandonments/*", "bundles/*", "failures/*", "fleets/*/release.json", "fleets/*/settings.json", "launches/*", "pages/*"] :
      "${var.bucket_arn}/${key}"]
    },
    {
      # settings.json is Terraform's alone, bundles/ are the publishers'.
      Sid      = "Remember"
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = [for key in ["abandonments/*", "failures/*", "fleets/*/release.json", "launches/*", "pages/*"] : "${var.bucket_arn}/${key}"]
    },
    {
      # Without a condition on the prefix: S3 answers 404 for a missing object only to callers that may list the bucket. A
      # GET or HEAD has no prefix that a condition could check, so the answer would be 403.
      Sid      = "ListSoThatMissingIs404"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = var.bucket_arn
    },
    {
      Sid       = "KeyBehindTheBucket"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = var.kms_key_arn
      Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
    },
    {
      Sid      = "Page"
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = var.pager_queue_arn
    },
  ]
}
