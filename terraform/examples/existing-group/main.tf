# The existing group "web" in Gantry's care, watched at first. ../README.md has what its owner has to know.
module "store" {
  source = "../../modules/bundle_store"
  name   = "gantry-web"
}
module "pager" {
  source      = "../../modules/pager"
  name        = "gantry-web"
  emails      = ["ops@example.com"]
  kms_key_arn = module.store.kms_key_arn
}
module "gantry" {
  source          = "../../modules/launch_function"
  name            = "gantry-web"
  function_zip    = var.function_zip
  bucket          = module.store.bucket
  bucket_arn      = module.store.bucket_arn
  kms_key_arn     = module.store.kms_key_arn
  pager_queue_url = module.pager.queue_url
  pager_queue_arn = module.pager.queue_arn
}
module "web" {
  source          = "../../modules/fleet"
  name            = "gantry-web"
  group_name      = "web"
  mode            = "observe"
  document        = { name = "AWS-ApplyAnsiblePlaybooks", version = "1" }
  store           = module.store
  launch_function = module.gantry
}
