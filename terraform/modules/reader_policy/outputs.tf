output "policy" {
  description = "The policy for operators who only look, as JSON."
  value       = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}
