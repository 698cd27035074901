# Resources that had other names in an older version.

moved {
  from = aws_lambda_function.launch_queue
  to   = aws_lambda_function.this["launch_queue"]
}

moved {
  from = aws_lambda_function.sweep
  to   = aws_lambda_function.this["sweep"]
}

moved {
  from = aws_lambda_function.operator
  to   = aws_lambda_function.this["operator"]
}

moved {
  from = aws_lambda_alias.launch_queue
  to   = aws_lambda_alias.this["launch_queue"]
}

moved {
  from = aws_lambda_alias.sweep
  to   = aws_lambda_alias.this["sweep"]
}

moved {
  from = aws_lambda_alias.operator
  to   = aws_lambda_alias.this["operator"]
}

moved {
  from = aws_cloudwatch_log_group.launch_queue
  to   = aws_cloudwatch_log_group.this["launch_queue"]
}

moved {
  from = aws_cloudwatch_log_group.sweep
  to   = aws_cloudwatch_log_group.this["sweep"]
}

moved {
  from = aws_cloudwatch_log_group.operator
  to   = aws_cloudwatch_log_group.this["operator"]
}

moved {
  from = aws_iam_role.launch_queue
  to   = aws_iam_role.this["launch_queue"]
}

moved {
  from = aws_iam_role.sweep
  to   = aws_iam_role.this["sweep"]
}

moved {
  from = aws_iam_role.operator
  to   = aws_iam_role.this["operator"]
}

moved {
  from = aws_iam_role_policy.launch_queue
  to   = aws_iam_role_policy.this["launch_queue"]
}

moved {
  from = aws_iam_role_policy.sweep
  to   = aws_iam_role_policy.this["sweep"]
}

moved {
  from = aws_iam_role_policy.operator
  to   = aws_iam_role_policy.this["operator"]
}

moved {
  from = aws_cloudwatch_event_rule.launch
  to   = aws_cloudwatch_event_rule.this["launch"]
}

moved {
  from = aws_cloudwatch_event_rule.commands
  to   = aws_cloudwatch_event_rule.this["commands"]
}

moved {
  from = aws_cloudwatch_event_rule.spot
  to   = aws_cloudwatch_event_rule.this["spot"]
}

moved {
  from = aws_cloudwatch_event_target.launch
  to   = aws_cloudwatch_event_target.this["launch"]
}

moved {
  from = aws_cloudwatch_event_target.commands
  to   = aws_cloudwatch_event_target.this["commands"]
}

moved {
  from = aws_cloudwatch_event_target.spot
  to   = aws_cloudwatch_event_target.this["spot"]
}
