output "topic_arn" {
  description = "What people, chat and on-call systems subscribe to."
  value       = aws_sns_topic.this.arn

  depends_on = [aws_sns_topic_policy.this]
}

output "queue_url" {
  description = "Where the functions send pages."
  value       = aws_sqs_queue.this.url
}

output "queue_arn" {
  description = "The same, for policies."
  value       = aws_sqs_queue.this.arn
}

output "dead_letter_queue_name" {
  description = "The dead-letter queue of pages that the pipe could not deliver: for an alarm."
  value       = aws_sqs_queue.dead_letters.name
}
