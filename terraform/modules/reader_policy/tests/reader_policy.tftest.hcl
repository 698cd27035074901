mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name        = "gantry-dev"
  bucket_arn  = "arn:aws:s3:::gantry-dev"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/1234"
}

run "it_reads_and_changes_nothing" {
  command = apply

  assert {
    condition = alltrue(flatten([for statement in jsondecode(output.policy).Statement : [
      for action in flatten([statement.Action]) :
      can(regex(":(Describe|Get|List|Decrypt$|SimulatePrincipalPolicy$)", action)) && !strcontains(action, "*")
    ]]))
    error_message = "an action is no look"
  }
  assert {
    condition     = toset([for statement in jsondecode(output.policy).Statement : statement.Sid if statement.Resource == "*"]) == toset(["Look", "LookAtAnInstancesSurroundings"])
    error_message = "what has resources names them"
  }
  assert {
    condition     = strcontains(output.policy, "function:gantry-dev-operator") && strcontains(output.policy, "arn:aws:s3:::gantry-dev/launches/*")
    error_message = "it is of this deployment"
  }
  assert {
    condition     = length(output.policy) < 6144
    error_message = "a managed policy has at most 6,144 characters (IAM quotas)"
  }
}
