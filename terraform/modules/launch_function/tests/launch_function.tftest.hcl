mock_provider "aws" {
  source = "../../tests/mocks"
}

override_resource {
  target = aws_sqs_queue.launches
  values = {
    arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches"
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-launches"
  }
}

override_resource {
  target = aws_sqs_queue.dead_letters
  values = {
    arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches-dlq"
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-launches-dlq"
  }
}

variables {
  name            = "gantry"
  function_zip    = "./tests/package.zip"
  bucket          = "gantry-sandbox"
  bucket_arn      = "arn:aws:s3:::gantry-sandbox"
  kms_key_arn     = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"
  pager_queue_url = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-pages"
  pager_queue_arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-pages"
}

run "names_are_those_of_the_sandbox" {
  command = apply

  assert {
    condition     = output.functions == { launch_queue = "gantry-launch-queue", sweep = "gantry-sweep", operator = "gantry-operator" }
    error_message = "functions"
  }
  assert {
    condition     = aws_sqs_queue.launches.name == "gantry-launches" && aws_sqs_queue.dead_letters.name == "gantry-launches-dlq"
    error_message = "queues"
  }
}

run "three_functions_run_one_package_on_java_21" {
  command = apply

  assert {
    condition = alltrue([for function in values(aws_lambda_function.this) :
      function.runtime == "java21" && function.source_code_hash == filebase64sha256("./tests/package.zip") && function.publish
    ])
    error_message = "the same zip, published"
  }
  assert {
    condition = [aws_lambda_function.this["launch_queue"].handler, aws_lambda_function.this["sweep"].handler, aws_lambda_function.this["operator"].handler] == [
      "dev.gantry.function.LaunchQueueHandler::handleRequest", "dev.gantry.function.SweepHandler::handleRequest",
      "dev.gantry.function.OperatorHandler::handleRequest",
    ]
    error_message = "each with its handler"
  }
  assert {
    condition     = alltrue([for function in values(aws_lambda_function.this) : length(function.vpc_config) == 0])
    error_message = "no function stands in a VPC"
  }
}

run "the_mapping_answers_for_each_message" {
  command = apply

  assert {
    condition = (
      aws_lambda_event_source_mapping.launch_queue.batch_size == 50 &&
      aws_lambda_event_source_mapping.launch_queue.maximum_batching_window_in_seconds == 1 &&
      aws_lambda_event_source_mapping.launch_queue.function_response_types == toset(["ReportBatchItemFailures"]) &&
      aws_lambda_event_source_mapping.launch_queue.scaling_config[0].maximum_concurrency == 2
    )
    error_message = "batches of 50, a window of 1 s, partial responses, a maximum concurrency"
  }
}

run "logs_end_some_day_and_are_encrypted" {
  command = apply

  assert {
    condition = alltrue([for group in values(aws_cloudwatch_log_group.this) :
      group.retention_in_days == 30 && group.kms_key_id == var.kms_key_arn
    ])
    error_message = "they have the reasons of failures"
  }
}

run "a_sweep_comes_each_minute_and_is_not_repeated" {
  command = apply

  assert {
    condition     = aws_scheduler_schedule.sweep.schedule_expression == "rate(1 minute)"
    error_message = "each minute"
  }
  assert {
    condition     = aws_scheduler_schedule.sweep.target[0].retry_policy[0].maximum_retry_attempts == 0 && aws_lambda_function_event_invoke_config.sweep.maximum_retry_attempts == 0
    error_message = "the next one comes anyway"
  }
}

run "the_queue_is_encrypted_without_a_key_and_gives_up_late" {
  command = apply

  assert {
    condition     = aws_sqs_queue.launches.sqs_managed_sse_enabled && aws_sqs_queue.dead_letters.sqs_managed_sse_enabled
    error_message = "SSE-SQS"
  }
  assert {
    condition     = jsondecode(aws_sqs_queue.launches.redrive_policy).maxReceiveCount == 1000 && aws_sqs_queue.launches.visibility_timeout_seconds == 360
    error_message = "as in the sandbox"
  }
}

run "only_rules_of_this_environment_send_to_the_queue" {
  command = apply

  assert {
    condition = alltrue([for statement in jsondecode(aws_sqs_queue_policy.launches.policy).Statement :
      statement.Condition.ArnLike["aws:SourceArn"] == "arn:aws:events:eu-central-1:111122223333:rule/gantry-*"
    ])
    error_message = "no rule of anybody else's"
  }
}

run "the_rules_are_those_of_the_sandbox" {
  command = apply

  assert {
    # scripts/lib/checks/terraform_agrees.py compares this file with the sandbox's ExampleFleet.
    condition = {
      launch   = jsondecode(aws_cloudwatch_event_rule.this["launch"].event_pattern)
      commands = jsondecode(aws_cloudwatch_event_rule.this["commands"].event_pattern)
      spot     = jsondecode(aws_cloudwatch_event_rule.this["spot"].event_pattern)
    } == jsondecode(file("../../tests/rules.json"))
    error_message = "the hook's name; the document's name and a terminal status; interruptions of Spot instances"
  }
}

run "no_role_does_more_than_its_function" {
  command = apply

  assert {
    condition     = toset([for statement in jsondecode(aws_iam_role_policy.this["launch_queue"].policy).Statement : statement.Sid if statement.Resource == "*"]) == toset(["Observe"])
    error_message = "only actions that know no resources have '*'"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.this["sweep"].policy, "sqs:ReceiveMessage") && !strcontains(aws_iam_role_policy.this["sweep"].policy, "gantry-launches-dlq")
    error_message = "the sweep has no business with the queues"
  }
  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.this["operator"].policy).Statement :
      statement.Resource == "arn:aws:sqs:eu-central-1:111122223333:gantry-launches-dlq" if contains(flatten([statement.Action]), "sqs:ReceiveMessage")
    ])
    error_message = "the operator's function takes back dead letters, and no launches"
  }
  assert {
    condition = alltrue([for policy in values(aws_iam_role_policy.this) :
      !strcontains(policy.policy, "ssm:SendCommand") && !strcontains(policy.policy, "autoscaling:CompleteLifecycleAction")
    ])
    error_message = "what is done to a fleet is allowed by its fleet"
  }
  assert {
    condition = alltrue(flatten([for statement in jsondecode(aws_iam_role_policy.this["launch_queue"].policy).Statement : [
      for action in flatten([statement.Action]) : !strcontains(action, "*")
    ]]))
    error_message = "every action is named"
  }
  assert {
    condition = !anytrue([for statement in jsondecode(aws_iam_role_policy.this["launch_queue"].policy).Statement :
      contains(flatten([statement.Action]), "s3:PutObject") && anytrue([for resource in flatten([statement.Resource]) : strcontains(resource, "settings.json") || strcontains(resource, "bundles/")])
    ])
    error_message = "settings are Terraform's, bundles the publishers'"
  }
  assert {
    condition = toset(flatten([for statement in jsondecode(aws_iam_role_policy.this["launch_queue"].policy).Statement : [for resource in flatten([statement.Resource]) : resource]
      if contains(flatten([statement.Action]), "sqs:SendMessage")])) == toset([
      "arn:aws:sqs:eu-central-1:111122223333:gantry-launches-dlq", "arn:aws:sqs:eu-central-1:111122223333:gantry-pages",
    ])
    error_message = "never to the launch queue itself"
  }
}

run "permissions_that_no_call_names_are_there" {
  command = apply

  assert {
    condition = alltrue([for action in ["kms:Decrypt", "kms:GenerateDataKey", "s3:ListBucket", "s3:GetObject"] :
      strcontains(aws_iam_role_policy.this["sweep"].policy, "\"${action}\"")
    ])
    error_message = "KMS behind S3, ListBucket behind a 404, GetObject behind If-Match"
  }
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.this["sweep"].policy).Statement : !can(statement.Condition) if contains(flatten([statement.Action]), "s3:ListBucket")])
    error_message = "a condition on the prefix would turn a missing object's 404 into 403"
  }
}

run "snapshots_are_a_choice" {
  command = plan
  variables {
    snap_start = true
  }

  assert {
    condition     = aws_lambda_function.this["launch_queue"].snap_start[0].apply_on == "PublishedVersions"
    error_message = "of published versions"
  }
}

run "a_missing_build_is_a_sentence" {
  command = plan
  variables {
    function_zip = "./tests/no-such.zip"
  }
  expect_failures = [var.function_zip]
}

run "a_visibility_shorter_than_six_timeouts_is_refused" {
  command = plan
  variables {
    timeout_seconds            = 120
    visibility_timeout_seconds = 360
  }
  expect_failures = [var.visibility_timeout_seconds]
}

run "a_receive_count_within_the_waiting_is_refused" {
  command = plan
  variables {
    max_receive_count = 900
  }
  expect_failures = [var.max_receive_count]
}

run "a_hook_without_a_name_is_refused" {
  command = plan
  variables {
    hook_names = ["a hook"]
  }
  expect_failures = [var.hook_names]
}

run "a_rule_without_documents_is_refused" {
  command = plan
  variables {
    document_names = []
  }
  expect_failures = [var.document_names]
}

run "a_timeout_that_holds_claims_for_long_is_refused" {
  command = plan
  variables {
    timeout_seconds            = 900
    visibility_timeout_seconds = 5400
  }
  expect_failures = [var.timeout_seconds]
}

run "an_odd_memory_concurrency_or_retention_is_refused" {
  command = plan
  variables {
    memory_megabytes    = 128
    maximum_concurrency = 1
    log_retention_days  = 31
  }
  expect_failures = [var.memory_megabytes, var.maximum_concurrency, var.log_retention_days]
}

run "in_china_services_have_other_names" {
  command = plan

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }

  assert {
    condition     = strcontains(jsonencode(local.look), "s3.eu-central-1.amazonaws.com.cn") && !strcontains(jsonencode(local.look), "arn:aws:lambda")
    error_message = "kms:ViaService has the partition's ending"
  }
}

run "processors_are_those_that_the_zip_was_made_for" {
  command = plan
  variables {
    architecture = "arm64"
    function_zip = "./tests/package-arm64.zip"
    packaging    = "zip-java21"
  }

  assert {
    condition     = alltrue([for function in values(aws_lambda_function.this) : function.architectures == tolist(["arm64"])])
    error_message = "of all three functions"
  }
}

run "a_zip_for_other_processors_is_refused" {
  command = plan
  variables {
    architecture = "arm64"
  }
  expect_failures = [var.function_zip]
}

run "another_packaging_is_refused" {
  command = plan
  variables {
    architecture = "riscv"
    packaging    = "zip-java8"
  }
  expect_failures = [var.architecture, var.packaging]
}

run "an_image_is_run_by_its_digest_with_a_handler_each" {
  command = plan
  variables {
    packaging    = "image-java25-aot"
    function_zip = null
    image_uri    = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/gantry-functions@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }

  assert {
    condition = alltrue([for function in values(aws_lambda_function.this) :
      function.package_type == "Image" && function.image_uri == var.image_uri && function.runtime == null && function.handler == null && function.filename == null
    ])
    error_message = "no runtime, no handler, no zip"
  }
  assert {
    condition     = aws_lambda_function.this["sweep"].image_config[0].command == tolist(["dev.gantry.function.SweepHandler::handleRequest"])
    error_message = "the command names the handler"
  }
}

run "an_image_without_an_address_is_refused" {
  command = plan
  variables {
    packaging    = "image-java25-aot"
    function_zip = null
  }
  expect_failures = [var.image_uri]
}

run "an_image_by_its_tag_is_refused" {
  command = plan
  variables {
    packaging    = "image-java25-aot"
    function_zip = null
    image_uri    = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/gantry-functions:latest"
  }
  expect_failures = [var.image_uri]
}

run "snapshots_of_an_image_are_refused" {
  command = plan
  variables {
    packaging    = "image-java25-aot"
    function_zip = null
    image_uri    = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/gantry-functions@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    snap_start   = true
  }
  expect_failures = [var.snap_start]
}

run "roles_are_below_the_path" {
  command = plan
  variables {
    iam_path = "/teams/video/"
  }

  assert {
    condition     = alltrue([for role in concat(values(aws_iam_role.this), [aws_iam_role.schedule]) : role.path == "/teams/video/"])
    error_message = "each of them"
  }
}

run "addresses_of_an_older_version" {
  state_key = "moved"
  module {
    source = "./tests/before"
  }
}

run "rules_and_targets_of_an_older_version_stay" {
  command   = plan
  state_key = "moved"

  assert {
    condition = [
      aws_cloudwatch_event_rule.this["launch"].id,
      aws_cloudwatch_event_rule.this["commands"].id,
      aws_cloudwatch_event_rule.this["spot"].id,
      aws_cloudwatch_event_target.this["launch"].id,
      aws_cloudwatch_event_target.this["commands"].id,
      aws_cloudwatch_event_target.this["spot"].id,
    ] == run.addresses_of_an_older_version.ids
    error_message = "what is there keeps its id; a new one would not be known before the apply"
  }
}
