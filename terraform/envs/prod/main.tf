# The environment prod. Its values: config/prod.yml. What it is made of: modules/environment.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.95, < 6.0"
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
  config = yamldecode(file(var.config == null ? "${local.root}/config/prod.yml" : var.config)).terraform
}

provider "aws" {
  region = local.config.region

  default_tags {
    tags = { Project = "gantry", Environment = "prod", ManagedBy = "terraform/envs/prod" }
  }
}

module "environment" {
  source = "../../modules/environment"

  environment = "prod"
  config      = { for key, value in local.config : key => value if key != "region" }
  config_keys = flatten([for key, value in local.config : concat([key], [for inner in try(keys(value), []) : "${key}.${inner}"]) if key != "region"])
  package     = coalesce(var.package, "${local.root}/lambda/function/target/gantry-function.zip")
  bundle      = try(coalesce(var.bundle, one([for zip in fileset("${local.root}/.gantry/bundles/prod", "*.zip") : "${local.root}/.gantry/bundles/prod/${zip}"])), null)
  documents   = "${local.root}/ssm-documents"
  aws_command = var.aws_command

  bastion_package  = coalesce(var.bastion_package, "${local.root}/lambda/bastion/target/gantry-bastion.zip")
  fallback_program = coalesce(var.fallback_program, "${local.root}/.gantry/fallback/program.zip")
}
