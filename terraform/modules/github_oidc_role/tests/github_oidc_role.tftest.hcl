mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name             = "gantry-dev-apply"
  kind             = "apply"
  provider_arn     = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
  repository       = "example/gantry"
  subjects         = ["environment:dev"]
  project          = "gantry"
  environment      = "dev"
  boundary_arn     = "arn:aws:iam::111122223333:policy/gantry-dev-boundary"
  state_bucket_arn = "arn:aws:s3:::gantry-tfstate"
}

run "only_the_runs_that_are_named_take_the_role" {
  command = apply

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = ["repo:example/gantry:environment:dev"]
      }
    }
    error_message = "audience and subject in full"
  }
}

run "an_apply_changes_what_bears_the_environments_name" {
  command = apply

  assert {
    condition = alltrue(flatten([for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement : [
      for resource in flatten([statement.Resource]) : strcontains(resource, "gantry-dev")
    ] if contains(["ByName", "Roles", "RolesWithTheBoundary", "OneManagedPolicy", "PassRoles", "ItsAliases"], statement.Sid)]))
    error_message = "and nothing else's"
  }
  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement : can(statement.Condition)
      if statement.Effect == "Allow" && statement.Resource == "*" && statement.Sid != "SavedQueries"
    ])
    error_message = "nothing on everything without a condition, but for saved queries, which IAM knows no names of"
  }
  assert {
    condition     = length(aws_iam_role_policy.apply[0].policy) + length(aws_iam_role_policy.read.policy) < 10240
    error_message = "a role's inline policies have 10,240 characters together"
  }
}

run "a_role_is_made_with_the_boundary_or_not_at_all" {
  command = apply

  assert {
    condition = toset(flatten([for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement : statement.Action
      if statement.Effect == "Allow" && try(statement.Condition.StringEquals["iam:PermissionsBoundary"], "") == "arn:aws:iam::111122223333:policy/gantry-dev-boundary"
      ])) == toset(["iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"])
    error_message = "everything that gives a role rights"
  }
  assert {
    condition = length([for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement : statement
      if statement.Effect == "Allow" && length(setintersection(flatten([try(statement.Action, [])]), ["iam:*", "iam:CreatePolicyVersion", "iam:DeleteRolePermissionsBoundary"])) > 0
    ]) == 0
    error_message = "nothing takes the boundary away or changes it"
  }
}

run "passing_a_role_is_bound_to_services" {
  command = apply

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement : statement.Condition if statement.Sid == "PassRoles"] == [
      { StringEquals = { "iam:PassedToService" = ["ec2.amazonaws.com", "lambda.amazonaws.com", "pipes.amazonaws.com", "scheduler.amazonaws.com"] } }
    ]
    error_message = "to the four that need one"
  }
}

run "a_plan_only_reads" {
  command = plan
  variables {
    name     = "gantry-dev-plan"
    kind     = "plan"
    subjects = ["pull_request"]
  }

  assert {
    condition = length(aws_iam_role_policy.apply) == 0 && alltrue(flatten([for statement in local.read : [
      for action in flatten([statement.Action]) : can(regex(":(Get|List|Describe)", action)) || (action == "kms:Decrypt" && can(statement.Condition.StringLike["kms:ViaService"]))
    ]]))
    error_message = "no right to change"
  }
  assert {
    condition = flatten([for statement in local.read : statement.Resource if contains(flatten([statement.Action]), "s3:GetObject")]) == [
      "arn:aws:s3:::gantry-tfstate/envs/dev/*", "arn:aws:s3:::gantry-dev-*/fleets/*/settings.json",
    ]
    error_message = "no object but its own state and settings"
  }
}

run "a_pull_request_never_applies" {
  command = plan
  variables {
    subjects = ["pull_request"]
  }
  expect_failures = [var.kind]
}

run "a_wildcard_is_refused" {
  command = plan
  variables {
    subjects = ["ref:refs/heads/*"]
  }
  expect_failures = [var.subjects]
}

run "odd_values_are_refused" {
  command = plan
  variables {
    name            = "a role"
    repository      = "gantry"
    kind            = "destroy"
    session_seconds = 900
  }
  expect_failures = [var.name, var.repository, var.kind, var.session_seconds]
}

run "in_china_services_have_other_names" {
  command = plan
  variables {
    kind     = "apply"
    subjects = ["environment:dev"]
  }

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }

  assert {
    condition     = strcontains(jsonencode(local.apply), "ec2.amazonaws.com.cn")
    error_message = "the instances' role is passed to EC2"
  }
}

run "roles_below_a_path_are_the_environments" {
  command = apply
  variables {
    iam_path = "/teams/video/"
  }

  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement :
      statement.Resource == ["arn:aws:iam::111122223333:role/teams/video/gantry-dev-*"] if contains(["OneManagedPolicy", "PassRoles", "RolesWithTheBoundary"], statement.Sid)
    ])
    error_message = "and no others"
  }
}

run "a_path_with_a_wildcard_is_refused" {
  command = plan
  variables {
    iam_path = "/*/"
  }
  expect_failures = [var.iam_path]
}

run "roles_with_a_prefix_are_the_environments" {
  command = apply
  variables {
    iam_prefix = "acme-"
  }

  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement :
      statement.Resource == ["arn:aws:iam::111122223333:role/acme-gantry-dev-*"] if contains(["OneManagedPolicy", "PassRoles", "RolesWithTheBoundary"], statement.Sid)
    ])
    error_message = "and no others"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement : statement.Resource if statement.Sid == "NotItsOwnRoles"][0] == [
    for kind in ["plan", "apply"] : "arn:aws:iam::111122223333:role/acme-gantry-dev-${kind}"]
    error_message = "the pipeline's own roles have it, too"
  }
}
