output "store" {
  description = "Gantry's bucket, for module fleet."
  value       = module.store
}

output "launch_function" {
  description = "The functions and their queue, for module fleet."
  value       = module.functions
}

output "topic_arn" {
  description = "What people, chat and on-call systems subscribe to."
  value       = module.pager.topic_arn
}
