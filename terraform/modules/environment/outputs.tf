output "urls" {
  description = "How streams' addresses begin; null where there is no load balancer, or one of yours without a url."
  value       = local.urls
}

output "bucket" {
  description = "Gantry's bucket."
  value       = module.store.bucket
}

output "fleet" {
  description = "The fleet, which is the group's name."
  value       = module.rtsp_fleet.group_name
}

output "functions" {
  description = "The functions' names: publishing and operating go to operator."
  value       = module.gantry.functions
}

output "bastion_function" {
  description = "What a rotation of the bastion's keys invokes; null where nothing falls back."
  value       = one(module.bastion_fallback[*].function_name)
}

output "pager_topic_arn" {
  description = "What people, chat and on-call systems subscribe to."
  value       = module.pager.topic_arn
}

output "dashboard_name" {
  description = "The dashboard."
  value       = module.observability.dashboard_name
}

output "bundle_sha256" {
  description = "The bundle that was proposed."
  value       = module.rtsp_fleet.bundle_sha256
}

output "secrets" {
  description = "The prefix of the fleet's SecureStrings, and the key to encrypt them with."
  value       = module.rtsp_fleet.secrets
}

output "publisher_policy" {
  description = "The policy for those who publish bundles for the fleet, as JSON."
  value       = module.rtsp_fleet.publisher_policy
}

output "reader_policy" {
  description = "The policy for operators who only look with gantry, as JSON."
  value       = module.reader_policy.policy
}

output "hears" {
  description = "The launch hooks, and the documents of ended commands, that the environment's rules match."
  value       = { hooks = module.gantry.hook_names, documents = module.gantry.document_names }
}
