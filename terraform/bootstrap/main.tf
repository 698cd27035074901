# Once for each account: what outlives environments. Its own state begins on the disk where it is applied first, and moves
# into the bucket that it makes: docs/operations/terraform.md.

terraform {
  backend "s3" {}
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = var.project, ManagedBy = "terraform/bootstrap" }
  }
}

data "aws_caller_identity" "current" {}

locals {
  bucket = "${var.project}-tfstate-${data.aws_caller_identity.current.account_id}-${var.region}"

  # Those of config/ENVIRONMENT.yml that stand in this Region: their addresses, sessions, zones, and the buckets of others that
  # instances read videos or archives from.
  configs = { for file in fileset("${path.module}/../../config", "*.yml") : trimsuffix(file, ".yml") => yamldecode(file("${path.module}/../../config/${file}")) }
  configured = { for name, values in local.configs : name => {
    addresses       = try(values.terraform.keep_addresses, false) ? try(values.terraform.zones, 2) : 0
    session_seconds = try(values.terraform.apply_session_seconds, 7200)
    zone_ids        = try(values.terraform.zone_ids, [])
    iam_path        = try(values.terraform.iam_path, "/")
    iam_prefix      = try(values.terraform.iam_prefix, "")
    read_buckets = distinct([for place in concat(try(values.rtsp_server_videos, []), [try(values.rtsp_server_artifact_prefix, "")]) :
    regex("^s3://([a-z0-9][a-z0-9.-]+)/", place)[0] if can(regex("^s3://([a-z0-9][a-z0-9.-]+)/", place))])
  } if try(values.terraform.region, "") == var.region }

  environments = var.environments == null ? local.configured : var.environments

  addresses = merge([for name, environment in local.environments : {
    for i in range(environment.addresses) : "${name}-${i}" => { environment = name }
  }]...)

  roles = var.repository == null ? {} : merge([for name, environment in local.environments : {
    "${name}-plan"  = { name = "${environment.iam_prefix}${var.project}-${name}-plan", environment = name, kind = "plan", subjects = ["pull_request", "ref:refs/heads/main"], session_seconds = 3600 }
    "${name}-apply" = { name = "${environment.iam_prefix}${var.project}-${name}-apply", environment = name, kind = "apply", subjects = ["environment:${name}"], session_seconds = environment.session_seconds }
  }]...)
}

# Locks are objects beside the state (use_lockfile): no table.
resource "aws_s3_bucket" "state" {
  bucket = local.bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket = aws_s3_bucket.state.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.old_state_days
    }
    expiration {
      expired_object_delete_marker = true
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.state]
}

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.state]
}

# The addresses that clients use. Environments find theirs by the tags.
resource "aws_eip" "this" {
  for_each = local.addresses

  domain = "vpc"

  tags = {
    Name        = "${var.project}-${each.key}"
    Environment = each.value.environment
    Purpose     = "load-balancer"
  }

  lifecycle {
    # scripts/down --all, which says that it releases them, overrides this.
    prevent_destroy = true
  }
}

# An account has one provider of an issuer's tokens. Where another stack made it, github_provider_arn names it.
resource "aws_iam_openid_connect_provider" "github" {
  count = var.repository == null || var.github_provider_arn != null ? 0 : 1

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

module "boundary" {
  source   = "../modules/permissions_boundary"
  for_each = local.environments

  project      = var.project
  environment  = each.key
  others       = [for other in keys(local.environments) : other if other != each.key]
  read_buckets = each.value.read_buckets
  iam_prefix   = each.value.iam_prefix
}

module "role" {
  source   = "../modules/github_oidc_role"
  for_each = local.roles

  name             = each.value.name
  kind             = each.value.kind
  subjects         = each.value.subjects
  session_seconds  = each.value.session_seconds
  provider_arn     = var.github_provider_arn == null ? aws_iam_openid_connect_provider.github[0].arn : var.github_provider_arn
  repository       = var.repository
  project          = var.project
  environment      = each.value.environment
  boundary_arn     = module.boundary[each.value.environment].arn
  zone_ids         = local.environments[each.value.environment].zone_ids
  iam_path         = local.environments[each.value.environment].iam_path
  iam_prefix       = local.environments[each.value.environment].iam_prefix
  state_bucket_arn = aws_s3_bucket.state.arn

  # Protection without a reviewer does not count.
  depends_on = [terraform_data.protected]
}

# The apply role trusts the environment's name in GitHub's token, and anybody who may push can name an environment in a
# workflow. So it is made only where GitHub asks a reviewer and takes no branch but the protected ones.
resource "terraform_data" "protected" {
  for_each = var.repository == null || !var.check_protection ? {} : local.environments

  triggers_replace = [var.repository, each.key]

  provisioner "local-exec" {
    command     = "${path.module}/files/check-protection"
    environment = { REPOSITORY = var.repository, ENVIRONMENT = each.key, API = var.github_api }
  }
}
