output "arn" {
  description = "The policy's ARN."
  value       = aws_iam_policy.this.arn
}

output "statements" {
  description = "What the policy says."
  value       = local.statements
}

output "name" {
  description = "The policy's name."
  value       = aws_iam_policy.this.name
}
