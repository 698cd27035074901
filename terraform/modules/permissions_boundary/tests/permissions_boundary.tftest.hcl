mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  project     = "gantry"
  environment = "dev"
  others      = ["prod"]
}

run "no_role_of_the_environment_touches_iam_or_becomes_another_role" {
  command = apply

  assert {
    condition = alltrue(flatten([for statement in jsondecode(aws_iam_policy.this.policy).Statement : [
      for action in flatten([statement.Action]) : !contains(["iam", "sts", "organizations", "*"], split(":", action)[0])
    ] if statement.Effect == "Allow"]))
    error_message = "nothing of IAM or STS is allowed"
  }
  assert {
    condition     = aws_iam_policy.this.name == "gantry-dev-boundary" && length(aws_iam_policy.this.policy) < 6144
    error_message = "a managed policy has 6,144 characters"
  }
}

run "other_environments_are_named_and_denied" {
  command = apply

  assert {
    condition = toset([for statement in jsondecode(aws_iam_policy.this.policy).Statement : statement.Sid if statement.Effect == "Deny"]) == toset([
      "NobodyElsesParameters", "NotToOtherEnvironments", "NotOtherEnvironmentsGroups",
    ])
    error_message = "parameters, commands, groups"
  }
}

run "an_environment_is_not_its_own_other" {
  command = plan
  variables {
    others = ["dev"]
  }
  expect_failures = [var.others]
}
