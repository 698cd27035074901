# A whole environment. Bootstrap (terraform/bootstrap) has made the permissions boundary gantry-live-boundary; what the bundle
# is made of says ansible/.
module "live" {
  source = "../../modules/environment"

  environment  = "live"
  function_zip = var.function_zip
  bundle       = var.bundle
  documents    = "../../../ssm-documents"

  # The section "terraform" of a config/ENVIRONMENT.yml; what is left out has the module's defaults.
  config = {
    document     = "hardened"
    architecture = "arm64"
    size         = { min = 2, max = 6 }
    pager_emails = ["ops@example.com"]
  }

  # As the values in the bundle have it: gantry bundle --env FILE.
  workload = { videos = ["s3://my-videos/live/"] }
}

output "urls" {
  description = "How streams' addresses begin."
  value       = module.live.urls
}
