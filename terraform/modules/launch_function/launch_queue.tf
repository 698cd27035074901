# The queue's function: events become looks.

resource "aws_lambda_function" "launch_queue" {
  function_name    = "${var.name}-launch-queue"
  description      = "Looks after the instances that messages of the launch queue name"
  role             = aws_iam_role.launch_queue.arn
  runtime          = "java21"
  handler          = "${local.handlers}.LaunchQueueHandler::handleRequest"
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
  depends_on = [aws_cloudwatch_log_group.launch_queue, aws_iam_role_policy.launch_queue]
}

resource "aws_lambda_alias" "launch_queue" {
  name             = "live"
  description      = "What is invoked; a snapshot belongs to a published version"
  function_name    = aws_lambda_function.launch_queue.function_name
  function_version = aws_lambda_function.launch_queue.version
}

resource "aws_cloudwatch_log_group" "launch_queue" {
  name              = "/aws/lambda/${var.name}-launch-queue"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_iam_role" "launch_queue" {
  name                 = "${var.name}-launch-queue"
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = local.trust
}

resource "aws_iam_role_policy" "launch_queue" {
  name = "gantry"
  role = aws_iam_role.launch_queue.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.look, [
    {
      Sid      = "Log"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.launch_queue.arn}:*"
    },
    {
      Sid    = "WorkOffTheQueue"
      Effect = "Allow"
      Action = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]

      Resource = aws_sqs_queue.launches.arn
    },
    {
      # Never to the launch queue itself: Lambda cuts loops of re-sent messages.
      Sid      = "BuryWhatCannotBeRead"
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = aws_sqs_queue.dead_letters.arn
    },
  ]) })
}

resource "aws_lambda_event_source_mapping" "launch_queue" {
  event_source_arn                   = aws_sqs_queue.launches.arn
  function_name                      = aws_lambda_alias.launch_queue.arn
  batch_size                         = 50
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.maximum_concurrency
  }
}
