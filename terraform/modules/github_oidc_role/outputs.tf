output "arn" {
  description = "The role, for aws-actions/configure-aws-credentials."
  value       = aws_iam_role.this.arn
}

output "session_seconds" {
  description = "How long its sessions last at most."
  value       = aws_iam_role.this.max_session_duration
}
