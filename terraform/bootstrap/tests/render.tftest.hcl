# For the judge of tests/iam, which has the policy of the states' bucket from here. A plan: what is protected from being
# destroyed, a test cannot apply.
mock_provider "aws" {
  source = "../tests/mocks"
}

override_resource {
  target          = aws_s3_bucket.state
  override_during = plan
  values          = { arn = "arn:aws:s3:::gantry-tfstate-111122223333-eu-central-1", id = "gantry-tfstate-111122223333-eu-central-1" }
}

run "render" {
  command = plan
  variables {
    environments = {}
  }
}
