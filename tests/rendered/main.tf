# Functions, a fleet and their alarms, composed as an environment composes them and named as in the sandbox, so that what
# Terraform renders can be compared with what runs there: the bucket's policy (scripts/lib/terraform/bucket_policy.py), alarms and
# dashboard with metrics (scripts/lib/terraform/metrics.py).

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.95, < 7.0"
    }
  }
}

locals {
  store = {
    bucket      = module.store.bucket
    bucket_arn  = module.store.bucket_arn
    kms_key_arn = module.store.kms_key_arn
  }
}

module "store" {
  source = "../../terraform/modules/bundle_store"

  name              = "gantry"
  bastion_kept_days = 7
}

module "launch_function" {
  source = "../../terraform/modules/launch_function"

  name            = "gantry"
  function_zip    = "${path.module}/main.tf"
  bucket          = local.store.bucket
  bucket_arn      = local.store.bucket_arn
  kms_key_arn     = local.store.kms_key_arn
  pager_queue_url = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-pages"
  pager_queue_arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-pages"
  bastion = {
    queue_url = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-bastion"
    queue_arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-bastion"
  }
}

module "fleet" {
  source = "../../terraform/modules/fleet"

  name            = "gantry"
  group_name      = "web"
  store           = local.store
  launch_function = module.launch_function
  document        = { name = "AWS-ApplyAnsiblePlaybooks", version = "1" }
}

module "observability" {
  source = "../../terraform/modules/observability"

  name       = "gantry"
  topic_arn  = "arn:aws:sns:eu-central-1:111122223333:gantry-pages"
  functions  = module.launch_function.functions
  log_groups = module.launch_function.log_groups
  queues = {
    launches      = module.launch_function.queue_name
    launches_dead = module.launch_function.dead_letter_queue_name
    pages_dead    = "gantry-pages-dlq"
  }
  fallback       = { topic_arn = "arn:aws:sns:eu-central-1:111122223333:gantry-notices", dead_letters = "gantry-bastion-dlq" }
  fleets         = { web = { deadline = 3600 } }
  load_balancers = { web = { load_balancer = "net/gantry/0a1b", target_group = "targetgroup/gantry/0a1b" } }
}
