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
    environments = { dev = {}, prod = { addresses = 3 } }
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

run "odd_values_are_refused" {
  command = plan
  variables {
    project        = "My Project"
    old_state_days = 1
  }
  expect_failures = [var.project, var.old_state_days]
}
