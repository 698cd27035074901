mock_provider "aws" {
  source = "../tests/mocks"
}

run "the_state_is_versioned_encrypted_and_kept" {
  command = plan

  assert {
    condition     = aws_s3_bucket.state.bucket == "gantry-tfstate-111122223333-eu-central-1"
    error_message = "named by account and Region"
  }
  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "versioned"
  }
  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.state.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"])
    error_message = "encrypted"
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.state.rule[0].noncurrent_version_expiration[0].noncurrent_days == 90
    error_message = "old versions expire"
  }
}

run "each_environment_has_an_address_for_each_zone" {
  command = plan
  variables {
    environments = { dev = { addresses = 2 }, prod = { addresses = 3 }, test = {} }
  }

  assert {
    condition     = length([for address in aws_eip.this : address if address.tags.Environment == "prod"]) == 3 && length(aws_eip.this) == 5
    error_message = "two and three"
  }
  assert {
    condition     = alltrue([for address in aws_eip.this : address.tags.Purpose == "load-balancer"])
    error_message = "environments find them by their tags"
  }
}

run "without_a_repository_there_are_no_roles" {
  command = plan

  assert {
    condition     = length(module.role) == 0 && length(aws_iam_openid_connect_provider.github) == 0
    error_message = "nobody to give them to"
  }
}

run "a_repository_gets_two_roles_for_each_environment" {
  command = plan
  variables {
    repository = "example/gantry"
  }

  assert {
    condition     = toset(keys(module.role)) == toset(["dev-plan", "dev-apply", "prod-plan", "prod-apply"])
    error_message = "plan and apply"
  }
  assert {
    condition     = join(" ", local.roles["dev-plan"].subjects) == "pull_request ref:refs/heads/main" && join(" ", local.roles["prod-apply"].subjects) == "environment:prod"
    error_message = "pull requests plan, approved environments apply"
  }
}

run "an_environment_with_one_address_is_refused" {
  command = plan
  variables {
    environments = { dev = { addresses = 1 } }
  }
  expect_failures = [var.environments]
}

run "environments_are_those_of_the_configurations" {
  command = plan

  assert {
    condition     = toset(keys(local.environments)) == toset(["dev", "prod"])
    error_message = "config/sample.yml is none"
  }
  assert {
    condition     = length([for address in aws_eip.this : address if address.tags.Environment == "prod"]) == 2 && length(aws_eip.this) == 2
    error_message = "prod keeps its addresses, dev needs none"
  }
}

run "no_environments_release_everything" {
  command = plan
  variables {
    environments = {}
    repository   = "example/gantry"
  }

  assert {
    condition     = length(aws_eip.this) == 0 && length(module.role) == 0 && length(module.boundary) == 0
    error_message = "nothing but the bucket of states is left"
  }
}

run "a_provider_of_tokens_that_is_there_is_taken" {
  command = plan
  variables {
    repository          = "example/gantry"
    github_provider_arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && length(module.role) == 4
    error_message = "an account has one of them"
  }
}

run "videos_elsewhere_are_within_the_boundary" {
  command = plan
  variables {
    environments = { dev = { read_buckets = ["films"] } }
  }

  assert {
    condition     = length([for statement in module.boundary["dev"].statements : statement if try(statement.Sid, "") == "VideosElsewhere"]) == 1
    error_message = "the instances' role could not read them otherwise"
  }
}

run "odd_values_are_refused" {
  command = plan
  variables {
    project        = "My Project"
    old_state_days = 1
  }
  expect_failures = [var.project, var.old_state_days]
}

run "an_environments_prefix_is_its_boundarys_and_its_pipelines" {
  command = plan
  variables {
    environments = { dev = { iam_prefix = "acme-" }, prod = {} }
    repository   = "example/gantry"
  }

  assert {
    condition     = module.boundary["dev"].name == "acme-gantry-dev-boundary" && module.boundary["prod"].name == "gantry-prod-boundary"
    error_message = "each its own"
  }
  assert {
    condition     = local.roles["dev-apply"].name == "acme-gantry-dev-apply" && local.roles["prod-plan"].name == "gantry-prod-plan"
    error_message = "and the roles"
  }
}
