mock_provider "aws" {
  source = "../../terraform/tests/mocks"
}

override_resource {
  target = module.boundary.aws_iam_policy.this
  values = { arn = "arn:aws:iam::111122223333:policy/gantry-dev-boundary" }
}

override_resource {
  target = module.environment.module.store.aws_s3_bucket.this
  values = { arn = "arn:aws:s3:::gantry-dev-111122223333-eu-central-1", id = "gantry-dev-111122223333-eu-central-1" }
}

override_resource {
  target = module.environment.module.store.aws_kms_key.this
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/11111111-0000-1111-2222-333344445555" }
}

override_resource {
  target = module.environment.module.rtsp_fleet.aws_kms_key.secrets
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/22222222-0000-1111-2222-333344445555" }
}

override_resource {
  target = module.environment.module.bastion_fallback[0].aws_kms_key.this
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/33333333-0000-1111-2222-333344445555" }
}

# The key's policy names it.
override_resource {
  target = module.environment.module.bastion_fallback[0].aws_iam_role.function
  values = { arn = "arn:aws:iam::111122223333:role/gantry-dev-bastion-function" }
}

override_resource {
  target = module.environment.module.gantry.aws_sqs_queue.launches
  values = { arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-dev-launches" }
}

override_resource {
  target = module.environment.module.gantry.aws_sqs_queue.dead_letters
  values = { arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-dev-launches-dlq" }
}

override_resource {
  target = module.environment.module.pager.aws_sqs_queue.this
  values = { arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-dev-pages" }
}

override_resource {
  target = module.environment.module.pager.aws_sns_topic.this
  values = { arn = "arn:aws:sns:eu-central-1:111122223333:gantry-dev-pages" }
}

override_resource {
  target = module.environment.module.bastion_fallback[0].aws_sqs_queue.this
  values = { arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-dev-bastion" }
}

override_resource {
  target = module.environment.module.gantry.aws_lambda_alias.this["sweep"]
  values = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:gantry-dev-sweep:live" }
}

override_resource {
  target = module.environment.module.gantry.aws_lambda_alias.this["operator"]
  values = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:gantry-dev-operator:live" }
}

override_resource {
  target = module.environment.module.rtsp_fleet.module.fleet.aws_lambda_alias.operator
  values = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:gantry-dev-operator:fleet-gantry-dev-rtsp" }
}

override_resource {
  target = module.environment.module.gantry.aws_cloudwatch_log_group.this["launch_queue"]
  values = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/gantry-dev-launch-queue" }
}

override_resource {
  target = module.environment.module.gantry.aws_cloudwatch_log_group.this["sweep"]
  values = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/gantry-dev-sweep" }
}

override_resource {
  target = module.environment.module.gantry.aws_cloudwatch_log_group.this["operator"]
  values = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/gantry-dev-operator" }
}

override_resource {
  target = module.environment.module.bastion_fallback[0].aws_cloudwatch_log_group.this
  values = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/gantry-dev-bastion" }
}

run "render" {
  command = apply
}

# For one test of iam.bats; the judge reads the first run.
run "with_a_prefix" {
  command = plan
  variables {
    iam_prefix = "acme-"
  }
}
