# The operator's function: whoever may invoke it may publish a bundle and lift a quarantine.

resource "aws_lambda_function" "operator" {
  function_name    = "${var.name}-operator"
  description      = "Look, propose, lift: what people and pipelines ask of Gantry"
  role             = aws_iam_role.operator.arn
  runtime          = "java21"
  handler          = "${local.handlers}.OperatorHandler::handleRequest"
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
  depends_on = [aws_cloudwatch_log_group.operator, aws_iam_role_policy.operator]
}

resource "aws_lambda_alias" "operator" {
  name             = "live"
  description      = "What is invoked; a snapshot belongs to a published version"
  function_name    = aws_lambda_function.operator.function_name
  function_version = aws_lambda_function.operator.version
}

resource "aws_cloudwatch_log_group" "operator" {
  name              = "/aws/lambda/${var.name}-operator"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_iam_role" "operator" {
  name                 = "${var.name}-operator"
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = local.trust
}

resource "aws_iam_role_policy" "operator" {
  name = "gantry"
  role = aws_iam_role.operator.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.look, [
    {
      Sid      = "Log"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.operator.arn}:*"
    },
  ]) })
}
