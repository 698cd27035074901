output "queue_url" {
  description = "Where the launch function asks for exchanges."
  value       = aws_sqs_queue.this.url
}

output "queue_arn" {
  description = "The same, for policies."
  value       = aws_sqs_queue.this.arn
}

output "dead_letter_queue_name" {
  description = "The dead-letter queue's name, for its alarm."
  value       = aws_sqs_queue.dead_letters.name
}

output "function_name" {
  description = "The function: what a rotation of keys invokes."
  value       = aws_lambda_function.this.function_name
}

output "program_sha256" {
  description = "The instances' program, as their user data names it. Known only when it is in S3, the first pair is made and the bastion's way is open."
  value       = local.program_sha256

  depends_on = [
    aws_lambda_event_source_mapping.this,
    aws_lambda_invocation.first_pair,
    aws_vpc_security_group_egress_rule.ssh,
    aws_vpc_security_group_ingress_rule.ssh,
    terraform_data.program,
  ]
}

output "notices_topic_arn" {
  description = "The topic for launches that fell back: it informs, and pages nobody."
  value       = aws_sns_topic.notices.arn
}
