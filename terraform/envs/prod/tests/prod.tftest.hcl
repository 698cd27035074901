mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  function_zip = "../../modules/launch_function/tests/package.zip"
  bundle       = "../../modules/fleet/tests/bundle.zip"
}

run "prod_needs_no_input" {
  command = plan

  assert {
    condition     = output.environment.functions == { launch_queue = "gantry-prod-launch-queue", sweep = "gantry-prod-sweep", operator = "gantry-prod-operator" }
    error_message = "names are <project>-<env>-<what>"
  }
  assert {
    condition     = output.environment.bundle_sha256 == filesha256("../../modules/fleet/tests/bundle.zip")
    error_message = "the bundle that was made is the one that is proposed"
  }
  assert {
    condition     = !can(output.environment.urls.rtsps)
    error_message = "without a domain no RTSPS"
  }
}
