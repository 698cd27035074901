mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name       = "gantry-prod"
  role_names = { launch_queue = "gantry-launch-queue", sweep = "gantry-sweep", operator = "gantry-operator" }
  fleets     = { for number in range(45) : format("a-group-with-a-name-of-usual-length-%02d", number) => { name = "AWS-ApplyAnsiblePlaybooks" } }
}

run "forty_five_fleets_take_three_policies_for_each_role" {
  command = apply

  assert {
    condition     = length(aws_iam_policy.this) == 3 && length(aws_iam_role_policy_attachment.this) == 9
    error_message = "twenty fleets in each"
  }
  assert {
    condition     = toset(flatten([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement[1].Condition.StringEquals["ssm:resourceTag/aws:autoscaling:groupName"]])) == toset(keys(var.fleets))
    error_message = "each fleet's instances are in one of them"
  }
  assert {
    condition     = alltrue([for policy in aws_iam_policy.this : jsondecode(policy.policy).Statement[0].Resource == ["arn:aws:ssm:eu-central-1::document/AWS-ApplyAnsiblePlaybooks"]])
    error_message = "a document that all share is named once"
  }
  assert {
    condition     = length(output.role_names) == 0
    error_message = "the fleets write no policies of their own"
  }
}

run "a_policy_that_iam_would_refuse_is_refused_at_plan" {
  command = plan
  variables {
    fleets_per_policy = 45
  }
  expect_failures = [aws_iam_policy.this]
}

run "more_policies_than_a_role_takes_are_refused_at_plan" {
  command = plan
  variables {
    fleets_per_policy = 4
  }
  expect_failures = [aws_iam_policy.this]
}

run "documents_of_ones_own_are_named_with_their_account" {
  command = plan
  variables {
    fleets = {
      web = { name = "Gantry-ApplyAnsiblePlaybooks" }
      api = { name = "arn:aws:ssm:eu-central-1:444455556666:document/Shared" }
    }
  }
  assert {
    condition     = jsondecode(aws_iam_policy.this["01"].policy).Statement[0].Resource == ["arn:aws:ssm:eu-central-1:111122223333:document/Gantry-ApplyAnsiblePlaybooks", "arn:aws:ssm:eu-central-1:444455556666:document/Shared"]
    error_message = "by name, and by ARN"
  }
}
