mock_provider "aws" {
  source = "../../tests/mocks"
}

run "a_group_is_adopted_without_risk" {
  command = apply
  variables {
    function_zip = "../../modules/launch_function/tests/package.zip"
  }

  assert {
    condition     = module.web.hook == { name = "gantry-web", transition = "autoscaling:EC2_INSTANCE_LAUNCHING", default_result = "CONTINUE", heartbeat = 120 }
    error_message = "its launches go on by themselves"
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.instances.policy, "ReadItsBundles")
    error_message = "instances read their bundles"
  }
}
