output "repository_url" {
  description = "Where the image is pushed to: docker push <this>:<version>."
  value       = aws_ecr_repository.this.repository_url
}

output "repository_arn" {
  description = "The same, for the policy of the pipeline that pushes."
  value       = aws_ecr_repository.this.arn
}
