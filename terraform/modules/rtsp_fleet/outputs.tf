output "group_name" {
  description = "The Auto Scaling group, which is the fleet's name."
  value       = aws_autoscaling_group.this.name
}

output "launch_deadline_seconds" {
  description = "How long a launch may take, its hold included."
  value       = module.fleet.launch_deadline_seconds
}

output "bundle_sha256" {
  description = "The bundle that was proposed; empty where none was."
  value       = module.fleet.bundle_sha256
}

output "instance_role_name" {
  description = "The instances' role."
  value       = aws_iam_role.instance.name
}

output "secrets" {
  description = "The prefix of the fleet's SecureStrings, and the key to encrypt them with."
  value       = { path = local.parameters, kms_key_alias = aws_kms_alias.secrets.name }
}

output "publisher_policy" {
  description = "The policy for those who publish bundles for this fleet, as JSON; see module fleet."
  value       = module.fleet.publisher_policy
}
