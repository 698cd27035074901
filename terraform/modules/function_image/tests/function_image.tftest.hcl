mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name        = "gantry-dev"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"
}

run "a_tag_is_never_moved_and_images_are_scanned_and_encrypted" {
  command = apply

  assert {
    condition     = aws_ecr_repository.this.name == "gantry-dev-functions" && aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE"
    error_message = "immutable tags"
  }
  assert {
    condition     = aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push && aws_ecr_repository.this.encryption_configuration[0].kms_key == var.kms_key_arn
    error_message = "scanned, encrypted"
  }
}

run "old_images_go_and_enough_stay_to_roll_back_to" {
  command = apply

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.this.policy).rules : rule.selection.countNumber] == [7, 10]
    error_message = "untagged ones after a week, all but ten of the others"
  }
}

run "lambda_alone_fetches_for_this_environments_functions" {
  command = apply

  assert {
    condition     = jsondecode(aws_ecr_repository_policy.this.policy).Statement[0].Principal.Service == "lambda.amazonaws.com" && strcontains(aws_ecr_repository_policy.this.policy, ":function:gantry-dev-*")
    error_message = "one principal, one environment"
  }
}

run "keeping_one_image_alone_is_refused" {
  command = plan
  variables {
    kept = 1
  }
  expect_failures = [var.kept]
}
