output "environment" {
  description = "Everything that scripts and people look up: urls, bucket, fleet, functions, topic, dashboard, bundle."
  value       = module.environment
}
