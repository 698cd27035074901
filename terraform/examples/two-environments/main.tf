# dev and prod in one account and one state, from their files in config/. terraform/envs has a root for each instead, so that
# a change to dev cannot change prod by mistake; names of hooks, documents and metrics are the environment's either way.
locals {
  values = { for environment in ["dev", "prod"] : environment => yamldecode(file("../../../config/${environment}.yml")) }
}

module "environment" {
  source   = "../../modules/environment"
  for_each = local.values

  environment  = each.key
  config       = { for key, value in each.value.terraform : key => value if key != "region" }
  function_zip = var.function_zip
  bundle       = coalesce(var.bundle, one([for zip in fileset("../../../.gantry/bundles/${each.key}", "*.zip") : "../../../.gantry/bundles/${each.key}/${zip}"]))
  documents    = "../../../ssm-documents"
  workload = {
    videos    = each.value.rtsp_server_videos
    artifacts = each.value.rtsp_server_artifact_prefix
    folder    = "../../../.gantry/workload/${each.key}"
  }
}
