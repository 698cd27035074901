output "state_bucket" {
  description = "The bucket of all states."
  value       = aws_s3_bucket.state.id
}

output "addresses" {
  description = "The addresses of each environment."
  value       = { for name in keys(local.environments) : name => [for key, address in local.addresses : aws_eip.this[key].public_ip if address.environment == name] }
}

output "roles" {
  description = "The roles that workflows take."
  value       = { for key, role in module.role : key => role.arn }
}

output "repository" {
  description = "The repository whose workflows have roles; scripts/up says it again with each apply."
  value       = var.repository
}
