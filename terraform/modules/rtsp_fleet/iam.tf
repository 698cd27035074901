# What an instance may do: be managed, read what is its fleet's, write its own diagnostics, announce itself.

locals {
  parameters = "/${var.name}/${local.group_name}"
}

resource "aws_iam_role" "instance" {
  name                 = "${var.iam_prefix}${local.group_name}-instance"
  path                 = var.iam_path
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.${data.aws_partition.current.dns_suffix}" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_instance_profile" "this" {
  name = "${var.iam_prefix}${local.group_name}-instance"
  path = var.iam_path
  role = aws_iam_role.instance.name
}

resource "aws_iam_role_policy_attachment" "core" {
  role       = aws_iam_role.instance.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_role_policy" "instance" {
  name = "fleet"
  role = aws_iam_role.instance.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(module.fleet.instance_statements, local.read_elsewhere, [
      {
        Sid    = "ReadItsVideosAndArtifacts"
        Effect = "Allow"
        Action = ["s3:GetObject"]
        Resource = ["${var.store.bucket_arn}/videos/${module.fleet.encoded}/*",
        "${var.store.bucket_arn}/artifacts/${module.fleet.encoded}/*"]
      },
      {
        Sid       = "ListItsVideosAndArtifacts"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = var.store.bucket_arn
        Condition = { StringLike = { "s3:prefix" = ["videos/${module.fleet.encoded}/*", "artifacts/${module.fleet.encoded}/*"] } }
      },
      {
        Sid       = "ReadItsSecrets"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = aws_kms_key.secrets.arn
        Condition = { StringEquals = { "kms:ViaService" = "ssm.${local.region}.${data.aws_partition.current.dns_suffix}" } }
      },
      {
        # AmazonSSMManagedInstanceCore reads every parameter of the account. AWS's public ones stay readable.
        Sid    = "NobodyElsesParameters"
        Effect = "Deny"
        Action = ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:GetParametersByPath"]
        NotResource = ["arn:${local.partition}:ssm:${local.region}:${local.account}:parameter${local.parameters}/*",
        "arn:${local.partition}:ssm:${local.region}::parameter/aws/*"]
      },
    ])
  })

  lifecycle {
    precondition {
      condition     = alltrue([for key in local.own : startswith(key, local.videos) || startswith(key, local.artifacts)])
      error_message = "Instances of ${local.group_name} read ${local.videos} and ${local.artifacts} of Gantry's bucket and nothing else of it, but the configuration names: ${join(", ", local.own)}."
    }
    precondition {
      condition     = length(local.own) + length(local.elsewhere) == length(local.places)
      error_message = "rtsp_server_videos and rtsp_server_artifact_prefix must be s3://BUCKET/KEY or s3://BUCKET/PREFIX/ (BUCKET may be {{ gantry_bucket }}), not: ${join(", ", local.places)}."
    }
  }
}

# The fleet's SecureStrings stand below /<name>/<group>/, under a key that no other role has. Their values are put there by
# people or pipelines (aws ssm put-parameter --type SecureString --key-id …): a value in a state file is not secret.
resource "aws_kms_key" "secrets" {
  description         = "${local.group_name}: its SecureStrings"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AccountDecidesByItsPolicies"
      Effect    = "Allow"
      Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "secrets" {
  name          = "alias/${local.group_name}-secrets"
  target_key_id = aws_kms_key.secrets.key_id
}
