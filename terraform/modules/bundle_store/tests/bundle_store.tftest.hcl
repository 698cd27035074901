mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "gantry-dev"
}

run "the_bucket_is_named_by_account_and_region" {
  command = plan

  assert {
    condition     = aws_s3_bucket.this.bucket == "gantry-dev-111122223333-eu-central-1"
    error_message = "bucket names are everybody's"
  }
  assert {
    condition     = aws_s3_bucket.this.force_destroy == false && aws_kms_key.this[0].deletion_window_in_days == 30
    error_message = "nothing is lost unless somebody says so"
  }
}

run "objects_are_versioned_encrypted_and_nobody_elses" {
  command = apply

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "versioned"
  }
  assert {
    condition = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule :
      rule.apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.this[0].arn && rule.bucket_key_enabled
    ])
    error_message = "encrypted with the bucket's own key"
  }
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls, aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls, aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "nothing can be made public"
  }
  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation
    error_message = "the key rotates"
  }
}

run "without_tls_there_is_no_access" {
  command = apply

  assert {
    condition = anytrue([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement :
      statement.Effect == "Deny" && try(statement.Action == "s3:*" && statement.Condition.Bool["aws:SecureTransport"] == "false", false)
    ])
    error_message = "requests without TLS are denied"
  }
}

run "bundles_and_wheelhouses_are_written_once_and_stay" {
  command = apply

  variables {
    name = "gantry-dev"
  }

  assert {
    condition = one([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement if statement.Sid == "WriteOnce"]) == {
      Sid       = "WriteOnce"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = ["arn:aws:s3:::bucket/bundles/*", "arn:aws:s3:::bucket/wheelhouses/*"]
      Condition = { Null = { "s3:if-none-match" = "true" }, Bool = { "s3:ObjectCreationOperation" = "true" } }
    }
    error_message = "a put without If-None-Match is denied; the parts of a multipart upload are not"
  }
  assert {
    condition = one([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement if statement.Sid == "NothingBelow"]) == {
      Sid       = "NothingBelow"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = ["arn:aws:s3:::bucket/bundles/*/*/*", "arn:aws:s3:::bucket/wheelhouses/*/*"]
    }
    error_message = "nothing is put below a bundle or a wheelhouse"
  }
  assert {
    condition = one([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement if statement.Sid == "KeepForever"]) == {
      Sid       = "KeepForever"
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
      Resource  = ["arn:aws:s3:::bucket/bundles/*", "arn:aws:s3:::bucket/wheelhouses/*"]
      Condition = { ArnNotEquals = { "aws:PrincipalArn" = ["arn:aws:iam::111122223333:role/gantry-dev-apply"] } }
    }
    error_message = "nobody but the apply role deletes there"
  }
}

run "a_remover_is_a_role_and_no_pattern" {
  command = plan
  variables {
    remover_arns = ["arn:aws:iam::111122223333:role/*"]
  }
  expect_failures = [var.remover_arns]
}

run "bundles_settings_and_ledger_never_expire" {
  command = apply

  assert {
    condition = alltrue([for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      contains(["failures/", "abandonments/", "diagnostics/", "pages/"], rule.filter[0].prefix)
      if length([for expiration in rule.expiration : expiration if coalesce(expiration.days, 0) > 0]) > 0
    ])
    error_message = "only reasons, diagnostics and marks of pages expire"
  }
}

run "reasons_that_the_breaker_still_counts_are_kept" {
  command = plan
  variables {
    reasons_kept_days = 2
  }
  expect_failures = [var.reasons_kept_days]
}

run "diagnostics_are_kept_for_a_day_at_least" {
  command = plan
  variables {
    diagnostics_kept_days = 0
  }
  expect_failures = [var.diagnostics_kept_days]
}

run "in_china_services_have_other_names" {
  command = plan

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }

  assert {
    condition     = strcontains(jsonencode(local.key_policy), "logs.eu-central-1.amazonaws.com.cn")
    error_message = "CloudWatch Logs has a name of its own there"
  }
}

run "a_key_of_ones_own_is_used_and_none_is_made" {
  command = plan
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"
  }

  assert {
    condition     = length(aws_kms_key.this) == 0 && length(aws_kms_alias.this) == 0 && output.kms_key_arn == var.kms_key_arn
    error_message = "the one that was named"
  }
  assert {
    condition = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule :
      rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
    ])
    error_message = "objects are encrypted with it"
  }
}

run "an_alias_is_no_key" {
  command = plan
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:alias/ours"
  }
  expect_failures = [var.kms_key_arn]
}

run "the_apply_role_may_have_a_prefix" {
  command = apply
  variables {
    iam_prefix = "acme-"
  }

  assert {
    condition     = strcontains(aws_s3_bucket_policy.this.policy, "arn:aws:iam::111122223333:role/acme-gantry-dev-apply")
    error_message = "it empties the bucket"
  }
}
