output "hook" {
  description = "The launch hook, for a group that is made together with its fleet: name, transition, default_result, heartbeat. Known only when settings, rules, permissions and the first bundle are there."
  value       = local.hook

  depends_on = [
    aws_cloudwatch_event_target.this,
    aws_iam_role_policy.functions,
    aws_lambda_invocation.propose,
    aws_s3_object.settings,
  ]
}

output "settings" {
  description = "The settings as they stand in S3."
  value       = local.settings
}

output "launch_deadline_seconds" {
  description = "How long a launch may take until it is abandoned, its hold included."
  value       = local.end
}

output "encoded" {
  description = "The fleet's name as it stands in S3 keys."
  value       = local.encoded
}

output "operator_alias" {
  description = "The alias of the operator's function that acts for this fleet alone: name, and arn for policies."
  value       = { name = aws_lambda_alias.operator.name, arn = aws_lambda_alias.operator.arn }
}

output "publisher_policy" {
  description = "The policy for those who publish to this fleet only, as JSON: write its bundles, and propose them by its alias (gantry publish --own-alias)."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WriteTheFleetsBundles"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${var.store.bucket_arn}/bundles/${local.encoded}/*"
      },
      {
        Sid       = "KeyBehindTheBucket"
        Effect    = "Allow"
        Action    = "kms:GenerateDataKey"
        Resource  = var.store.kms_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
      },
      {
        # Not the function itself, nor its alias live: those act for every fleet.
        Sid      = "ActForTheFleet"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = aws_lambda_alias.operator.arn
      },
    ]
  })
}

output "bundle_sha256" {
  description = "The bundle that was proposed; empty where none was."
  value       = local.sha256
}

output "instance_policy" {
  description = "The policy that the instances' role needs beside AmazonSSMManagedInstanceCore, as JSON."
  value       = jsonencode({ Version = "2012-10-17", Statement = local.instance_statements })
}

output "instance_statements" {
  description = "The same as a list of statements, for a policy that has more."
  value       = local.instance_statements
}

output "fallback" {
  description = "What lets the bastion in, for the instances' user data: write_files and runcmd of a cloud-config; both empty where nothing falls back. It needs sshd, sudo, systemd and python3-boto3 in the image."
  value       = { write_files = local.fallback_files, runcmd = local.fallback_commands }
}

output "announce" {
  description = "The announcement for the instances' user data: write_files and runcmd of a cloud-config; both empty where nothing is announced. It needs python3-boto3 in the image."
  value       = { write_files = local.announce_files, runcmd = local.announce_commands }
}
