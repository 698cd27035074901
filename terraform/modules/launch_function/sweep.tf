# The schedule's function: a lost event costs a minute.

resource "aws_lambda_function" "sweep" {
  function_name    = "${var.name}-sweep"
  description      = "Looks after every waiting instance of every fleet, each minute"
  role             = aws_iam_role.sweep.arn
  runtime          = "java21"
  handler          = "${local.handlers}.SweepHandler::handleRequest"
  filename         = var.package
  source_code_hash = local.hash
  timeout          = var.timeout_seconds
  memory_size      = var.memory_megabytes
  publish          = true

  environment {
    variables = local.environment
  }

  dynamic "snap_start" {
    for_each = var.snap_start ? ["PublishedVersions"] : []

    content {
      apply_on = snap_start.value
    }
  }

  # A function without its log group makes one that never expires; one without its permissions fails its first look.
  depends_on = [aws_cloudwatch_log_group.sweep, aws_iam_role_policy.sweep]
}

resource "aws_lambda_alias" "sweep" {
  name             = "live"
  description      = "What is invoked; a snapshot belongs to a published version"
  function_name    = aws_lambda_function.sweep.function_name
  function_version = aws_lambda_function.sweep.version
}

resource "aws_cloudwatch_log_group" "sweep" {
  name              = "/aws/lambda/${var.name}-sweep"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_iam_role" "sweep" {
  name                 = "${var.name}-sweep"
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = local.trust
}

resource "aws_iam_role_policy" "sweep" {
  name = "gantry"
  role = aws_iam_role.sweep.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.look, [
    {
      Sid      = "Log"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.sweep.arn}:*"
    },
  ]) })
}

# The next sweep comes within a minute; a repetition of this one would only come late.
resource "aws_lambda_function_event_invoke_config" "sweep" {
  function_name                = aws_lambda_function.sweep.function_name
  qualifier                    = aws_lambda_alias.sweep.name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 60
}

resource "aws_scheduler_schedule" "sweep" {
  name                         = "${var.name}-sweep"
  description                  = "Gantry's sweep"
  schedule_expression          = "rate(1 minute)"
  schedule_expression_timezone = "UTC"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_alias.sweep.arn
    role_arn = aws_iam_role.schedule.arn

    retry_policy {
      maximum_event_age_in_seconds = 60
      maximum_retry_attempts       = 0
    }
  }
}

resource "aws_iam_role" "schedule" {
  name                 = "${var.name}-schedule"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name = "sweep"
  role = aws_iam_role.schedule.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = aws_lambda_alias.sweep.arn
    }]
  })
}
