# The function: one SSH exchange for each message, through the bastion. It stands in the private subnets and needs no
# endpoint but S3's gateway: Lambda polls the queue, writes the log and asks KMS for S3 from outside of the VPC.

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${local.bastion}-dlq"
  message_retention_seconds = 1209600 # 14 days, the longest that SQS has
  sqs_managed_sse_enabled   = true
}

# A message says "look"; Gantry sends another one where none was answered. So few tries; and one of a quarter of an hour ago
# is gone, so that a start cannot begin in a later stay of its instance (three tries take 3 x the visibility timeout).
resource "aws_sqs_queue" "this" {
  name                       = local.bastion
  visibility_timeout_seconds = 6 * local.timeout
  message_retention_seconds  = 900
  sqs_managed_sse_enabled    = true
  redrive_policy             = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn, maxReceiveCount = 3 })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url            = aws_sqs_queue.dead_letters.id
  redrive_allow_policy = jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.this.arn] })
}

locals {
  # An exchange has 20 s of it.
  timeout = 30
}

resource "aws_lambda_function" "this" {
  function_name    = local.bastion
  description      = "Starts, asks after and cancels runs over SSH, where Systems Manager cannot be reached"
  role             = aws_iam_role.function.arn
  runtime          = var.runtime
  architectures    = [var.architecture]
  handler          = "dev.gantry.bastion.BastionHandler::handleRequest"
  filename         = var.function_zip
  source_code_hash = filebase64sha256(var.function_zip)
  timeout          = local.timeout
  memory_size      = var.memory_megabytes

  environment {
    variables = {
      GANTRY_ACCOUNT         = local.account
      GANTRY_BASTION_KMS_KEY = aws_kms_key.this.arn
      GANTRY_BASTION_SUBNETS = join(",", var.network.private_subnet_cidrs)
      GANTRY_BUCKET          = var.store.bucket
    }
  }

  vpc_config {
    subnet_ids         = var.network.private_subnet_ids
    security_group_ids = [aws_security_group.function.id]
  }

  # A function without its log group makes one that never expires; one without its permissions gets no interface.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.function]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.bastion}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.store.kms_key_arn
}

resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn        = aws_sqs_queue.this.arn
  function_name           = aws_lambda_function.this.arn
  batch_size              = 10 # instances side by side, an exchange with each
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.maximum_concurrency
  }
}

resource "aws_iam_role" "function" {
  name                 = "${var.iam_prefix}${local.bastion}-function"
  path                 = var.iam_path
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  #checkov:skip=CKV_AWS_290:Lambda places the interfaces before they have names; the code of the function is denied the same
  name = "gantry"
  role = aws_iam_role.function.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ItsKeys"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = ["${var.store.bucket_arn}/bastion/keys/pair.json", "${var.store.bucket_arn}/bastion/keys/public.json"]
      },
      {
        Sid      = "WhoIsWho"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = ["${var.store.bucket_arn}/bastion/jump/*", "${var.store.bucket_arn}/hostkeys/*"]
      },
      {
        Sid      = "Answer"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${var.store.bucket_arn}/bastion/answers/*"
      },
      {
        # It lists bastion/jump/; and without a condition on the prefix, because a missing object is 403 otherwise.
        Sid      = "ListSoThatMissingIs404"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = var.store.bucket_arn
      },
      local.key_behind_the_bucket,
      {
        Sid      = "WorkOffTheQueue"
        Effect   = "Allow"
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = aws_sqs_queue.this.arn
      },
      {
        Sid      = "Log"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.this.arn}:*"
      },
      {
        # Lambda itself does this with the function's role: docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
        Sid    = "InterfacesInTheSubnets"
        Effect = "Allow"
        Action = [
          "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "*"
      },
      {
        # The function's code must not make these calls: the same page.
        Sid    = "NotByItsCode"
        Effect = "Deny"
        Action = [
          "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DetachNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Resource  = "*"
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${local.bastion}" } }
      },
    ]
  })
}
