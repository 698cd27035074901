# What fleets share: bucket, pager, functions and alarms. Network and instances are yours.

module "store" {
  source = "../bundle_store"

  name          = var.name
  force_destroy = var.force_destroy
  kms_key_arn   = var.kms_key_arn
  iam_prefix    = var.iam_prefix
}

module "pager" {
  source = "../pager"

  name                 = var.name
  emails               = var.emails
  kms_key_arn          = module.store.kms_key_arn
  permissions_boundary = var.permissions_boundary
  iam_path             = var.iam_path
  iam_prefix           = var.iam_prefix
}

module "functions" {
  source = "../launch_function"

  name                 = var.name
  function_zip         = var.function_zip
  architecture         = var.architecture
  bucket               = module.store.bucket
  bucket_arn           = module.store.bucket_arn
  kms_key_arn          = module.store.kms_key_arn
  pager_queue_url      = module.pager.queue_url
  pager_queue_arn      = module.pager.queue_arn
  permissions_boundary = var.permissions_boundary
  iam_path             = var.iam_path
  iam_prefix           = var.iam_prefix
}

module "alarms" {
  source = "../observability"

  name       = var.name
  topic_arn  = module.pager.topic_arn
  functions  = module.functions.functions
  log_groups = module.functions.log_groups
  queues = {
    launches      = module.functions.queue_name
    launches_dead = module.functions.dead_letter_queue_name
    pages_dead    = module.pager.dead_letter_queue_name
  }
  fleets = var.fleets
}
