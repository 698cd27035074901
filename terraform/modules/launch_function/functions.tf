# The three functions, each with its log group, permissions, role and policy. They run one package and differ in what they are
# called with, and in what else than looking they may do.

locals {
  functions = {
    launch_queue = {
      name        = "${var.name}-launch-queue"
      description = "Looks after the instances that messages of the launch queue name"
      handler     = "${local.handlers}.LaunchQueueHandler::handleRequest"
      statements = [
        {
          Sid      = "WorkOffTheQueue"
          Effect   = "Allow"
          Action   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
          Resource = aws_sqs_queue.launches.arn
        },
        {
          # Never to the launch queue itself: Lambda cuts loops of re-sent messages.
          Sid      = "BuryWhatCannotBeRead"
          Effect   = "Allow"
          Action   = ["sqs:SendMessage"]
          Resource = aws_sqs_queue.dead_letters.arn
        },
      ]
    }
    sweep = {
      name        = "${var.name}-sweep"
      description = "Looks after every waiting instance of every fleet, each minute"
      handler     = "${local.handlers}.SweepHandler::handleRequest"
      statements  = []
    }
    # A principal that may invoke it may publish a bundle and lift a quarantine.
    operator = {
      name        = "${var.name}-operator"
      description = "Look, propose, lift, hold, redrive: what people and pipelines ask of Gantry"
      handler     = "${local.handlers}.OperatorHandler::handleRequest"
      statements = [
        {
          # SQS moves the messages with the caller's permissions: SQS developer guide, "Configuring queue permissions" for a
          # dead-letter queue redrive.
          Sid      = "TakeDeadLettersBack"
          Effect   = "Allow"
          Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:StartMessageMoveTask"]
          Resource = aws_sqs_queue.dead_letters.arn
        },
        {
          Sid      = "PutThemIntoTheLaunchQueue"
          Effect   = "Allow"
          Action   = ["sqs:SendMessage"]
          Resource = aws_sqs_queue.launches.arn
        },
      ]
    }
  }
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name    = each.value.name
  description      = each.value.description
  role             = aws_iam_role.this[each.key].arn
  architectures    = [var.architecture]
  package_type     = local.is_image ? "Image" : "Zip"
  runtime          = local.is_image ? null : trimprefix(var.packaging, "zip-")
  handler          = local.is_image ? null : each.value.handler
  filename         = local.is_image ? null : var.function_zip
  source_code_hash = local.is_image ? null : filebase64sha256(var.function_zip)
  image_uri        = var.image_uri
  timeout          = var.timeout_seconds
  memory_size      = var.memory_megabytes
  publish          = true

  environment {
    variables = local.environment
  }

  # One image for all three; the command names the handler.
  dynamic "image_config" {
    for_each = local.is_image ? [each.value.handler] : []

    content {
      command = [image_config.value]
    }
  }

  dynamic "snap_start" {
    for_each = var.snap_start ? ["PublishedVersions"] : []

    content {
      apply_on = snap_start.value
    }
  }

  # A function without its log group makes one that never expires; one without its permissions fails its first look.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}

resource "aws_lambda_alias" "this" {
  for_each = local.functions

  name             = "live"
  description      = "What is invoked; a snapshot belongs to a published version"
  function_name    = aws_lambda_function.this[each.key].function_name
  function_version = aws_lambda_function.this[each.key].version
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.functions

  name              = "/aws/lambda/${each.value.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_iam_role" "this" {
  for_each = local.functions

  name                 = "${var.iam_prefix}${each.value.name}"
  path                 = var.iam_path
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = local.trust
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name = "gantry"
  role = aws_iam_role.this[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.look, [
    {
      Sid      = "Log"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.this[each.key].arn}:*"
    },
  ], each.value.statements) })
}
