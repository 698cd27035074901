mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name       = "gantry-dev"
  group_name = "web"
  document   = { name = "AWS-ApplyAnsiblePlaybooks", version = "1" }
  store = {
    bucket      = "gantry-sandbox"
    bucket_arn  = "arn:aws:s3:::gantry-sandbox"
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"
  }
  launch_function = {
    queue_url      = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-launches"
    queue_arn      = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches"
    role_names     = { launch_queue = "gantry-launch-queue", sweep = "gantry-sweep", operator = "gantry-operator" }
    operator       = { name = "gantry-operator", alias = "live", arn = "arn:aws:lambda:eu-central-1:111122223333:function:gantry-operator:live" }
    hook_names     = ["gantry"]
    document_names = ["AWS-ApplyAnsiblePlaybooks", "Gantry-ApplyAnsiblePlaybooks"]
  }
}

run "an_existing_group_gets_its_hook" {
  command = apply

  assert {
    condition = (
      aws_autoscaling_lifecycle_hook.existing[0].default_result == "ABANDON" &&
      aws_autoscaling_lifecycle_hook.existing[0].heartbeat_timeout == 1800 &&
      aws_autoscaling_lifecycle_hook.existing[0].lifecycle_transition == "autoscaling:EC2_INSTANCE_LAUNCHING" &&
      aws_autoscaling_lifecycle_hook.existing[0].name == "gantry"
    )
    error_message = "an enforcing hook abandons what nobody lets go"
  }
  assert {
    condition     = length(aws_cloudwatch_event_rule.this) == 0
    error_message = "the environment's rules hear hook and document already"
  }
}

run "a_new_group_takes_its_hook_from_the_outputs" {
  command = apply
  variables {
    attach_hook = false
  }

  assert {
    condition     = length(aws_autoscaling_lifecycle_hook.existing) == 0 && output.hook.name == "gantry" && output.hook.heartbeat == 1800
    error_message = "a hook of its own would come after the first instances"
  }
}

run "an_observing_hook_kills_nothing_even_without_gantry" {
  command = apply
  variables {
    mode = "observe"
  }

  assert {
    condition     = aws_autoscaling_lifecycle_hook.existing[0].default_result == "CONTINUE" && aws_autoscaling_lifecycle_hook.existing[0].heartbeat_timeout == 120
    error_message = "CONTINUE and 120 s come as a pair"
  }
  assert {
    condition     = jsondecode(aws_s3_object.settings.content).mode == "observe" && jsondecode(aws_s3_object.settings.content).heartbeatSeconds == 120
    error_message = "the settings say what the hook has"
  }
}

run "settings_are_what_the_function_reads" {
  command = apply

  assert {
    condition     = aws_s3_object.settings.key == "fleets/web/settings.json"
    error_message = "key"
  }
  assert {
    # lambda/stored's TerraformSettingsTest lets the function's own codec read this file.
    condition     = jsondecode(aws_s3_object.settings.content) == jsondecode(file("../../../lambda/stored/src/test/resources/terraform/settings.json"))
    error_message = "the defaults are Policy.DEFAULT's"
  }
}

run "a_hold_is_an_object" {
  command = plan
  variables {
    timing = { hold_minutes = 30 }
  }

  assert {
    condition     = jsondecode(aws_s3_object.settings.content).onFailure == { holdMinutes = 30 }
    error_message = "onFailure is a word or an object"
  }
}

run "everything_that_can_be_said_is_read" {
  command = plan
  variables {
    group_name           = "my~group/of+things*"
    attach_hook          = false
    mode                 = "observe"
    hook_name            = "gate"
    document             = { name = "Gantry-ApplyAnsiblePlaybooks", version = "3", hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
    playbook             = "site.yaml"
    extra_variables      = ""
    install_dependencies = true
    verbose              = "-vvv"
    timing = {
      launch_deadline = 7200, agent_deadline = 900, attempts = 3, backoff = 60, delivery_timeout = 60, run_timeout = 600,
      heartbeat       = 3600, hold_minutes = 30
    }
    breaker = { failures = 5, abandonments = 50 }
  }

  assert {
    condition     = jsondecode(aws_s3_object.settings.content) == jsondecode(file("../../../lambda/stored/src/test/resources/terraform/settings-in-full.json"))
    error_message = "field by field"
  }
}

run "odd_names_are_encoded_as_the_function_does" {
  command = plan
  variables {
    group_name  = "my~group/of+things*"
    attach_hook = false
  }

  assert {
    condition     = aws_s3_object.settings.key == "fleets/my%7Egroup%2Fof%2Bthings%2A/settings.json"
    error_message = "everything but A-Z a-z 0-9 - _ . is percent-encoded"
  }
}

run "wildcards_and_variables_in_a_name_are_none_in_a_policy" {
  command = plan
  variables {
    group_name  = "a*b?c$${d}"
    attach_hook = false
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.functions["sweep"].policy).Statement[1].Condition.StringEquals["ssm:resourceTag/aws:autoscaling:groupName"] == ["a$${*}b$${?}c$${$}{d}"]
    error_message = "or instances of other groups could be commanded"
  }
  assert {
    condition     = endswith(one(jsondecode(aws_iam_role_policy.functions["sweep"].policy).Statement[2].Resource), "autoScalingGroupName/a$${*}b$${?}c$${$}{d}")
    error_message = "or other groups' launches could be decided"
  }
}

run "an_arn_of_the_hardened_document_is_known" {
  command = plan
  variables {
    attach_hook     = false
    document        = { name = "arn:aws:ssm:eu-central-1:444455556666:document/Gantry-ApplyAnsiblePlaybooks", version = "3" }
    extra_variables = "a='b\"c'"
  }
  expect_failures = [var.extra_variables]
}

run "a_hook_is_named_after_the_environment" {
  command = plan
  variables {
    attach_hook = false
    launch_function = {
      queue_url      = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-launches"
      queue_arn      = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches"
      role_names     = {}
      operator       = { name = "o", alias = "live", arn = "arn:aws:lambda:eu-central-1:111122223333:function:o:live" }
      hook_names     = ["gantry-dev"]
      document_names = ["AWS-ApplyAnsiblePlaybooks"]
    }
  }

  assert {
    condition     = local.hook.name == "gantry-dev" && !contains(keys(aws_cloudwatch_event_rule.this), "launch")
    error_message = "as the environment's rule hears it"
  }
}

run "a_name_of_one_dot_is_encoded" {
  command = plan
  variables {
    group_name  = "."
    attach_hook = false
  }

  assert {
    condition     = aws_s3_object.settings.key == "fleets/%2E/settings.json"
    error_message = "a client would take the part out of the path"
  }
}

run "a_name_of_two_dots_is_encoded" {
  command = plan
  variables {
    group_name  = ".."
    attach_hook = false
  }

  assert {
    condition     = aws_s3_object.settings.key == "fleets/%2E%2E/settings.json"
    error_message = "a client would take the part out of the path"
  }
}

run "names_are_those_of_every_language" {
  command = plan
  variables {
    group_name  = "my~group/of+things*"
    attach_hook = false
  }

  assert {
    condition     = anytrue([for line in split("\n", file("../../../tests/fleet-names.tsv")) : line == join("\t", [var.group_name, local.encoded, aws_lambda_alias.operator.name])])
    error_message = "the encoded name and the alias are those of the functions and of gantry"
  }
}

run "a_publisher_acts_for_its_fleet_alone" {
  command = apply

  assert {
    condition     = strcontains(output.publisher_policy, "/bundles/web/*") && [for s in jsondecode(output.publisher_policy).Statement : s.Resource if s.Sid == "ActForTheFleet"][0] == aws_lambda_alias.operator.arn
    error_message = "bundles of the fleet, and the fleet's alias"
  }
  assert {
    condition     = startswith(aws_lambda_alias.operator.name, "fleet-web-") && aws_lambda_alias.operator.function_version == "$LATEST"
    error_message = "the function knows the fleet by the alias"
  }
}

run "send_command_is_allowed_in_two_statements" {
  command = apply

  assert {
    condition     = toset(keys(aws_iam_role_policy.functions)) == toset(["launch_queue", "sweep", "operator"])
    error_message = "each function looks after instances"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.functions["sweep"].policy).Statement : {
      resource = flatten([statement.Resource]), condition = try(statement.Condition, null)
      } if contains(flatten([statement.Action]), "ssm:SendCommand")] == [
      { resource = ["arn:aws:ssm:eu-central-1::document/AWS-ApplyAnsiblePlaybooks"], condition = null },
      {
        resource  = ["arn:aws:ec2:eu-central-1:111122223333:instance/*"]
        condition = { StringEquals = { "ssm:resourceTag/aws:autoscaling:groupName" = ["web"] } }
      },
    ]
    error_message = "the document without a condition (AWS's has no account), instances by Auto Scaling's own tag"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.functions["sweep"].policy).Statement : one(statement.Resource)
      if contains(flatten([statement.Action]), "autoscaling:CompleteLifecycleAction")] == [
      "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:*:autoScalingGroupName/web"
    ]
    error_message = "this group alone"
  }
}

run "ones_own_document_has_an_account" {
  command = apply
  variables {
    document = { name = "Gantry-ApplyAnsiblePlaybooks", version = "3", hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.functions["sweep"].policy, "arn:aws:ssm:eu-central-1:111122223333:document/Gantry-ApplyAnsiblePlaybooks")
    error_message = "account"
  }
  assert {
    condition     = jsondecode(aws_s3_object.settings.content).document.hash == "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    error_message = "SendCommand checks the hash"
  }
}

run "another_hook_or_document_brings_its_rules" {
  command = apply
  variables {
    hook_name = "gate"
    document  = { name = "Own-Apply", version = "2" }
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.this["launch"].event_pattern) == {
      source        = ["aws.autoscaling"]
      "detail-type" = ["EC2 Instance-launch Lifecycle Action"]
      detail        = { AutoScalingGroupName = ["web"], LifecycleHookName = ["gate"] }
    }
    error_message = "the hook's events of this group"
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this["commands"].event_pattern).detail == { "document-name" = ["Own-Apply"], status = ["Success", "Failed", "TimedOut", "Cancelled"] }
    error_message = "the document's ended commands"
  }
  assert {
    condition     = startswith(aws_cloudwatch_event_rule.this["launch"].name, "gantry-dev-") && startswith(aws_cloudwatch_event_rule.this["commands"].name, "gantry-dev-")
    error_message = "the queue takes events of the environment's rules only"
  }
}

run "instances_read_their_own_bundles_and_nothing_else" {
  command = apply

  assert {
    condition = alltrue([for statement in jsondecode(output.instance_policy).Statement : strcontains(statement.Resource, "/bundles/web/*")
      if contains(statement.Action, "s3:GetObject")
    ])
    error_message = "no other fleet's"
  }
  assert {
    condition     = !strcontains(output.instance_policy, "sqs:SendMessage") && length(output.announce.write_files) == 0 && length(output.announce.runcmd) == 0
    error_message = "who does not announce sends nothing"
  }
}

run "instances_read_wheelhouses_where_ansible_comes_from_one" {
  command = apply
  variables {
    document = { name = "Gantry-ApplyAnsiblePlaybooks", version = "3", parameters = { InstallFrom = "Wheelhouse" } }
  }

  assert {
    condition     = strcontains(output.instance_policy, "arn:aws:s3:::gantry-sandbox/wheelhouses/*")
    error_message = "the agent fetches it"
  }
  assert {
    condition     = jsondecode(aws_s3_object.settings.content).document.parameters == { InstallFrom = "Wheelhouse" }
    error_message = "the function sends it"
  }
}

run "announcing_instances_may_send_and_know_where" {
  command = apply
  variables {
    announce = true
    attached = { instance_policy = true, user_data = true }
  }

  assert {
    condition     = strcontains(output.instance_policy, "sqs:SendMessage") && strcontains(output.instance_policy, "gantry-launches")
    error_message = "one permission"
  }
  assert {
    condition     = anytrue([for file in output.announce.write_files : strcontains(file.content, "GANTRY_QUEUE_URL=https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-launches\n")])
    error_message = "the queue's address"
  }
}

run "a_bundle_is_proposed_by_its_sha256" {
  command = apply
  variables {
    bundle      = "./tests/bundle.zip"
    aws_command = "../../tests/stub-aws"
  }

  assert {
    condition = jsondecode(aws_lambda_invocation.propose[0].input) == {
      action = "propose", fleet = "web", bundle = filesha256("./tests/bundle.zip")
    } && aws_lambda_invocation.propose[0].triggers.sha256 == filesha256("./tests/bundle.zip")
    error_message = "what the operator's function takes"
  }
  assert {
    condition     = aws_lambda_invocation.propose[0].qualifier == "live"
    error_message = "the published version is asked"
  }
}

run "a_launch_deadline_beyond_a_hundred_heartbeats_is_refused" {
  command = plan
  variables {
    timing = { launch_deadline = 6000, heartbeat = 60 }
  }
  expect_failures = [aws_s3_object.settings]
}

run "a_launch_deadline_beyond_48_hours_is_refused" {
  command = plan
  variables {
    timing = { launch_deadline = 172000, heartbeat = 7200, hold_minutes = 15 }
  }
  expect_failures = [aws_s3_object.settings]
}

run "a_launch_deadline_that_does_not_cover_its_attempts_is_refused" {
  command = plan
  variables {
    timing = { launch_deadline = 3600, attempts = 3, run_timeout = 1200 }
  }
  expect_failures = [aws_s3_object.settings]
}

run "the_shortest_launch_deadline_is_accepted" {
  command = plan
  variables {
    # 600 + 3 x (120 + 900) + 30 + 60
    timing = { launch_deadline = 3750, attempts = 3 }
  }
}

run "a_second_less_is_refused" {
  command = plan
  variables {
    timing = { launch_deadline = 3749, attempts = 3 }
  }
  expect_failures = [aws_s3_object.settings]
}

run "observing_counts_with_its_own_heartbeat" {
  command = plan
  variables {
    mode   = "observe"
    timing = { launch_deadline = 12000 }
  }
  expect_failures = [aws_s3_object.settings]
}

run "announcing_without_the_owners_word_is_refused" {
  command = plan
  variables {
    announce = true
    attached = { instance_policy = true }
  }
  expect_failures = [var.announce]
}

run "a_document_that_moves_is_refused" {
  command = plan
  variables {
    document = { name = "AWS-ApplyAnsiblePlaybooks", version = "$LATEST" }
  }
  expect_failures = [var.document]
}

run "a_hash_that_is_none_is_refused" {
  command = plan
  variables {
    document = { name = "Gantry-ApplyAnsiblePlaybooks", version = "1", hash = "abc" }
  }
  expect_failures = [var.document]
}

run "a_document_without_a_name_is_refused" {
  command = plan
  variables {
    document = { name = "a document", version = "1" }
  }
  expect_failures = [var.document]
}

run "extra_variables_that_aws_refuses_are_refused" {
  command = plan
  variables {
    extra_variables = "url='https://example.org'"
  }
  expect_failures = [var.extra_variables]
}

run "extra_variables_that_are_no_pairs_are_refused" {
  command = plan
  variables {
    extra_variables = "greeting=good morning"
  }
  expect_failures = [var.extra_variables]
}

run "extra_variables_with_spaces_in_single_quotes_are_taken" {
  command = plan
  variables {
    extra_variables = "greeting='good morning' who=world"
  }
  assert {
    condition     = jsondecode(aws_s3_object.settings.content).extraVariables == "greeting='good morning' who=world"
    error_message = "the settings have other extra variables"
  }
}

run "a_missing_bundle_is_a_sentence" {
  command = plan
  variables {
    bundle = "./tests/no-such.zip"
  }
  expect_failures = [var.bundle]
}

run "names_that_aws_refuses_are_refused" {
  command = plan
  variables {
    name        = "GANTRY"
    group_name  = "two words"
    hook_name   = "a hook"
    playbook    = "playbook.txt"
    verbose     = "-vvvvv"
    mode        = "watch"
    attach_hook = false
  }
  expect_failures = [var.name, var.group_name, var.hook_name, var.playbook, var.verbose, var.mode]
}

run "a_playbook_outside_of_the_bundle_is_refused_and_so_is_an_option" {
  command = plan
  variables {
    attach_hook = false
    playbook    = "site/../../x.yml"
  }
  expect_failures = [var.playbook]
}

run "extra_variables_that_the_hardened_document_refuses_are_refused" {
  command = plan
  variables {
    attach_hook     = false
    document        = { name = "Gantry-ApplyAnsiblePlaybooks", version = "1" }
    extra_variables = "greeting=\"hello\""
  }
  expect_failures = [var.extra_variables]
}

run "a_heartbeat_beyond_two_hours_is_refused" {
  command = plan
  variables {
    timing = { heartbeat = 7201 }
  }
  expect_failures = [var.timing]
}

run "a_delivery_timeout_below_30_seconds_is_refused" {
  command = plan
  variables {
    timing = { delivery_timeout = 29 }
  }
  expect_failures = [var.timing]
}

run "a_run_timeout_that_the_agent_would_reset_is_refused" {
  command = plan
  variables {
    timing = { run_timeout = 172801 }
  }
  expect_failures = [var.timing]
}

run "eleven_attempts_are_refused" {
  command = plan
  variables {
    timing = { attempts = 11 }
  }
  expect_failures = [var.timing]
}

run "a_backoff_of_nothing_is_refused" {
  command = plan
  variables {
    timing = { backoff = 0 }
  }
  expect_failures = [var.timing]
}

run "an_agent_deadline_below_30_seconds_is_refused" {
  command = plan
  variables {
    timing = { agent_deadline = 29 }
  }
  expect_failures = [var.timing]
}

run "a_negative_hold_is_refused" {
  command = plan
  variables {
    timing = { hold_minutes = -1 }
  }
  expect_failures = [var.timing]
}

run "half_a_second_is_refused" {
  command = plan
  variables {
    timing = { heartbeat = 1800.5 }
  }
  expect_failures = [var.timing]
}

run "a_breaker_that_never_opens_is_refused" {
  command = plan
  variables {
    breaker = { failures = 101, abandonments = 1001 }
  }
  expect_failures = [var.breaker]
}

run "without_a_fallback_nothing_is_said_of_one" {
  command = plan

  assert {
    condition     = !can(output.settings.fallback) && length(output.fallback.write_files) == 0 && !strcontains(output.instance_policy, "bastion/") && !strcontains(output.instance_policy, "hostkeys/")
    error_message = "settings, user data, policy"
  }
}

run "a_fallback_is_in_settings_user_data_and_policy" {
  command = plan
  variables {
    document = { name = "Gantry-ApplyAnsiblePlaybooks", version = "1" }
    timing   = { launch_deadline = 3900 }
    attached = { instance_policy = true, user_data = true }
    fallback = { program_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }

  assert {
    condition     = output.settings.fallback == { use = "when-unreachable", afterSeconds = 600 }
    error_message = "after the agent's deadline, where nothing else is said"
  }
  assert {
    condition     = strcontains(output.fallback.write_files[2].content, "GANTRY_FALLBACK_PROGRAM=0123456789abcdef") && strcontains(output.fallback.write_files[2].content, "GANTRY_LAUNCH_DEADLINE=3900\n")
    error_message = "the program by its sha256, and until when at the latest"
  }
  assert {
    condition     = strcontains(output.instance_policy, "/hostkeys/$${ec2:SourceInstanceARN}") && strcontains(output.instance_policy, "/bastion/keys/public.json") && !strcontains(output.instance_policy, "pair.json")
    error_message = "its own host keys, everybody's public keys"
  }
}

run "a_fallback_without_room_for_one_run_more_is_refused_with_the_sum" {
  command = plan
  variables {
    # 600 + 2 x (120 + 900) + 30 + (900 + 120) = 3,690 is not less than itself.
    document = { name = "Gantry-ApplyAnsiblePlaybooks", version = "1" }
    timing   = { launch_deadline = 3690 }
    attached = { instance_policy = true, user_data = true }
    fallback = { program_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }
  expect_failures = [aws_s3_object.settings]
}

run "a_fallback_that_begins_too_late_is_refused" {
  command = plan
  variables {
    document = { name = "Gantry-ApplyAnsiblePlaybooks", version = "1" }
    timing   = { launch_deadline = 3900 }
    attached = { instance_policy = true, user_data = true }
    fallback = { after_seconds = 2881, program_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }
  expect_failures = [aws_s3_object.settings]
}

run "a_fallback_without_the_hardened_document_or_its_user_data_is_refused" {
  command = plan
  variables {
    timing   = { launch_deadline = 3900 }
    fallback = { program_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }
  expect_failures = [var.fallback]
}

run "a_fallback_without_user_data_is_refused" {
  command = plan
  variables {
    document = { name = "Gantry-ApplyAnsiblePlaybooks", version = "1" }
    timing   = { launch_deadline = 3900 }
    attached = { instance_policy = true }
    fallback = { program_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }
  expect_failures = [var.fallback]
}

run "a_fleet_that_observes_has_no_fallback" {
  command = plan
  variables {
    document = { name = "Gantry-ApplyAnsiblePlaybooks", version = "1" }
    mode     = "observe"
    timing   = { launch_deadline = 3900 }
    attached = { instance_policy = true, user_data = true }
    fallback = { program_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }
  expect_failures = [var.fallback]
}

run "in_china_services_have_other_names" {
  command = plan
  variables {
    attach_hook = false
  }

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }
  override_data {
    target = module.policy.data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }

  assert {
    condition     = strcontains(jsonencode(local.instance_statements), "s3.eu-central-1.amazonaws.com.cn") && strcontains(module.policy.json, "arn:aws-cn:autoscaling:")
    error_message = "instances read bundles by the key of the bucket"
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
  variables {
    hook_name = "gate"
    document  = { name = "Own-Apply", version = "2" }
  }

  assert {
    condition = [
      aws_cloudwatch_event_rule.this["launch"].id,
      aws_cloudwatch_event_rule.this["commands"].id,
      aws_cloudwatch_event_target.this["launch"].id,
      aws_cloudwatch_event_target.this["commands"].id,
    ] == run.addresses_of_an_older_version.ids
    error_message = "what is there keeps its id; a new one would not be known before the apply"
  }
}
