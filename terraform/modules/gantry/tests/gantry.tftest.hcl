mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name         = "gantry-prod"
  function_zip = "../launch_function/tests/package.zip"
  emails       = ["pager@example.org"]
  fleets       = { web = { deadline = 3600 }, api = { deadline = 1800 } }
}

run "two_fleets_share_bucket_functions_and_alarms" {
  command = apply

  assert {
    condition     = output.store.bucket != "" && output.launch_function.queue_arn != "" && output.topic_arn != ""
    error_message = "what module fleet asks for"
  }
  assert {
    condition     = output.launch_function.hook_names == tolist(["gantry-prod"])
    error_message = "the launch rule hears the fleets' hook"
  }
}
