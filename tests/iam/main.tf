# The policies of an environment and of its pipeline, for the judge (judge.mjs): as bootstrap and an environment with everything
# in it compose them, rendered with a mocked provider.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.95, < 7.0"
    }
  }
}

variable "iam_prefix" {
  description = "As an environment's configuration may have it."
  type        = string
  default     = ""
}

module "boundary" {
  source = "../../terraform/modules/permissions_boundary"

  project     = "gantry"
  environment = "dev"
  others      = ["prod"]
  iam_prefix  = var.iam_prefix
}

module "pipeline" {
  source = "../../terraform/modules/github_oidc_role"
  for_each = {
    plan  = ["pull_request", "ref:refs/heads/main"]
    apply = ["environment:dev"]
  }

  name             = "${var.iam_prefix}gantry-dev-${each.key}"
  iam_prefix       = var.iam_prefix
  kind             = each.key
  subjects         = each.value
  provider_arn     = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
  repository       = "example/gantry"
  project          = "gantry"
  environment      = "dev"
  boundary_arn     = module.boundary.arn
  zone_ids         = ["Z0123456789ABCDEFGHIJ"]
  state_bucket_arn = "arn:aws:s3:::gantry-tfstate-111122223333-eu-central-1"
}

module "environment" {
  source = "../../terraform/modules/environment"

  environment  = "dev"
  config       = { iam_prefix = var.iam_prefix, outbound = "endpoints", prepare_image = false, document = "hardened", document_parameters = { InstallFrom = "Wheelhouse" }, fallback = "when-unreachable", timing = { launch_deadline = 4200 } }
  function_zip = "${path.module}/main.tf"
  bundle       = "${path.module}/main.tf"
  documents    = "${path.module}/../../terraform/modules/environment/tests/documents"
  aws_command  = "${path.module}/../../terraform/tests/stub-aws"

  bastion_function_zip = "${path.module}/main.tf"
  bastion_instance_zip = "${path.module}/main.tf"
}

# No role here has it: those who publish attach it to a role of their own.
output "publisher_policy" {
  value = module.environment.publisher_policy
}

# Nor this: operators who look with gantry do.
output "reader_policy" {
  value = module.environment.reader_policy
}
