output "policy" {
  description = "The policy of whoever only looks, as JSON."
  value       = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}
