mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name       = "gantry-dev"
  group_name = "web"
  document   = { name = "AWS-ApplyAnsiblePlaybooks", version = "1" }
  store = {
    bucket      = "gantry-sandbox"
    bucket_arn  = "arn:aws:s3:::gantry-sandbox"
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"
  }
  launch_function = {
    queue_url      = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-launches"
    queue_arn      = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches"
    role_names     = { launch_queue = "gantry-launch-queue", sweep = "gantry-sweep", operator = "gantry-operator" }
    operator       = { name = "gantry-operator", alias = "live", arn = "arn:aws:lambda:eu-central-1:111122223333:function:gantry-operator:live" }
    hook_names     = ["gantry"]
    document_names = ["AWS-ApplyAnsiblePlaybooks", "Gantry-ApplyAnsiblePlaybooks"]
  }
}

run "a_refused_bundle_fails_the_apply" {
  command = apply
  variables {
    bundle      = "./tests/bundle.zip"
    aws_command = "../../tests/stub-aws"
  }
  override_resource {
    target = aws_lambda_invocation.propose
    values = { result = "{\"status\":\"refused\",\"message\":\"bundle 0123456789ab is quarantined: three instances failed; fix it, or lift the quarantine\"}" }
  }
  expect_failures = [aws_lambda_invocation.propose]
}

