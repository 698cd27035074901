output "queue_url" {
  description = "The launch queue: where an announcing instance sends its one message."
  value       = aws_sqs_queue.launches.url
}

output "queue_arn" {
  description = "The same, for policies and rules."
  value       = aws_sqs_queue.launches.arn
}

output "queue_name" {
  description = "The launch queue's name, for metrics."
  value       = aws_sqs_queue.launches.name
}

output "dead_letter_queue_name" {
  description = "The dead-letter queue's name, for its alarm."
  value       = aws_sqs_queue.dead_letters.name
}

output "functions" {
  description = "The functions' names by what they are for."
  value = {
    launch_queue = aws_lambda_function.this["launch_queue"].function_name
    sweep        = aws_lambda_function.this["sweep"].function_name
    operator     = aws_lambda_function.this["operator"].function_name
  }
}

output "log_groups" {
  description = "Their log groups' names."
  value = {
    launch_queue = aws_cloudwatch_log_group.this["launch_queue"].name
    sweep        = aws_cloudwatch_log_group.this["sweep"].name
    operator     = aws_cloudwatch_log_group.this["operator"].name
  }
}

output "role_names" {
  description = "The roles that module fleet gives its one policy to: each of the functions looks after instances."
  value = {
    launch_queue = aws_iam_role.this["launch_queue"].name
    sweep        = aws_iam_role.this["sweep"].name
    operator     = aws_iam_role.this["operator"].name
  }
}

output "operator" {
  description = "What a proposal of a bundle invokes."
  value = {
    name  = aws_lambda_function.this["operator"].function_name
    alias = aws_lambda_alias.this["operator"].name
    arn   = aws_lambda_alias.this["operator"].arn
  }
}

output "hook_names" {
  description = "The hooks that the launch rule hears."
  value       = local.hook_names
}

output "document_names" {
  description = "The documents that the command rule hears."
  value       = var.document_names
}

output "ready" {
  description = "Known only when events, messages and the schedule reach the functions: what a group must wait for before it launches."
  value       = aws_lambda_event_source_mapping.launch_queue.uuid

  depends_on = [
    aws_cloudwatch_event_target.this,
    aws_scheduler_schedule.sweep,
    aws_iam_role_policy.schedule,
    aws_sqs_queue_policy.launches,
  ]
}
