# The environment prod. Its values: config/prod.yml. What it is made of: modules/environment.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.95, < 7.0"
    }
  }

  # Bucket, key and Region come by -backend-config (docs/operations/terraform.md); the lock is an object beside the state.
  backend "s3" {
    use_lockfile = true
    encrypt      = true
  }
}

locals {
  root   = "${path.module}/../../.."
  values = yamldecode(file(var.config == null ? "${local.root}/config/prod.yml" : var.config))
  config = local.values.terraform

  # The zip holds a native library, of the functions' processors.
  is_arm = try(local.config.functions.architecture, "") == "arm64"

  # What the provider below reads; everything else is the module's.
  of_provider = ["account", "assume_role", "region"]
}

provider "aws" {
  region              = local.config.region
  allowed_account_ids = try([tostring(local.config.account)], null)

  dynamic "assume_role" {
    for_each = try([local.config.assume_role], [])

    content {
      role_arn = assume_role.value
    }
  }

  default_tags {
    tags = { Project = "gantry", Environment = "prod", ManagedBy = "terraform/envs/prod" }
  }
}

module "environment" {
  source = "../../modules/environment"

  environment  = "prod"
  config       = { for key, value in local.config : key => value if !contains(local.of_provider, key) }
  config_keys  = flatten([for key, value in local.config : concat([key], [for inner in try(keys(value), []) : "${key}.${inner}"]) if !contains(local.of_provider, key)])
  function_zip = coalesce(var.function_zip, "${local.root}/lambda/function/target/gantry-function${local.is_arm ? "-arm64" : ""}.zip")
  bundle       = try(coalesce(var.bundle, one([for zip in fileset("${local.root}/.gantry/bundles/prod", "*.zip") : "${local.root}/.gantry/bundles/prod/${zip}"])), null)
  documents    = "${local.root}/ssm-documents"
  workload = {
    videos    = try(local.values.rtsp_server_videos, null)
    artifacts = try(local.values.rtsp_server_artifact_prefix, null)
    folder    = coalesce(var.workload, "${local.root}/.gantry/workload/prod")
  }
  aws_command  = var.aws_command
  aws_role_arn = try(local.config.assume_role, null)

  bastion_function_zip = coalesce(var.bastion_function_zip, "${local.root}/lambda/bastion/target/gantry-bastion.zip")
  bastion_instance_zip = coalesce(var.bastion_instance_zip, "${local.root}/.gantry/fallback/program.zip")
}
