mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  environment  = "dev"
  config       = {}
  function_zip = "../launch_function/tests/package.zip"
  bundle       = "../fleet/tests/bundle.zip"
  documents    = "./tests/documents"
  aws_command  = "../../tests/stub-aws"

  bastion_function_zip = "../launch_function/tests/package.zip"
  bastion_instance_zip = "../fleet/tests/bundle.zip"
}

run "an_environment_without_values_works" {
  command = apply

  assert {
    condition     = output.fleet == "gantry-dev-rtsp" && output.bundle_sha256 == filesha256("../fleet/tests/bundle.zip")
    error_message = "the bundle is proposed to the group"
  }
  assert {
    condition     = aws_ssm_parameter.this["stream_url"].value == "rtsp://lb.elb.eu-central-1.amazonaws.com:8554" && aws_ssm_parameter.this["stream_url"].name == "/gantry-dev/stream_url"
    error_message = "other stacks look the stream up"
  }
  assert {
    condition     = aws_ssm_parameter.this["pager_topic"].value == "arn:aws:sns:eu-central-1:111122223333:topic" && length(aws_ssm_parameter.this) == 3
    error_message = "bucket and topic, too"
  }
}

run "the_hardened_document_is_one_word" {
  command = apply
  variables {
    config = { document = "hardened" }
  }

  assert {
    condition     = local.document.name == "gantry-dev-ApplyAnsiblePlaybooks" && local.document.identifies_runs && local.document.version == "7" && length(local.document.hash) == 64
    error_message = "in the version that this apply makes, with its hash"
  }
}

run "a_document_may_keep_its_own_name" {
  command = plan
  variables {
    config = { document = "hardened", document_prefix = "Gantry-" }
  }

  assert {
    condition     = local.document.identifies_runs == null
    error_message = "the function knows that it identifies runs"
  }
}

run "a_prefixed_document_says_that_it_identifies_runs" {
  command = apply
  variables {
    config = { document = "hardened", document_prefix = "ours-", document_parameters = { AnsibleVersion = "2.17.14" } }
  }

  assert {
    condition     = local.document.identifies_runs && local.document.name == "ours-ApplyAnsiblePlaybooks" && local.document.parameters == tomap({ AnsibleVersion = "2.17.14" })
    error_message = "the function knows it by its own name only"
  }
}

run "a_prepared_image_needs_no_internet" {
  command = plan
  variables {
    config = { outbound = "endpoints", prepare_image = false, image_id = "ami-0123456789abcdef0" }
  }

  assert {
    condition     = length(local.internet_needed_for) == 0
    error_message = "endpoints suffice"
  }
}

run "a_wheelhouse_needs_no_internet_either" {
  command = plan
  variables {
    config = {
      outbound             = "endpoints", prepare_image = false, image_id = "ami-0123456789abcdef0", document = "hardened"
      install_dependencies = true, document_parameters = { InstallFrom = "Wheelhouse" }
    }
  }

  assert {
    condition     = length(local.internet_needed_for) == 0
    error_message = "Ansible comes from the bucket"
  }
}

run "a_session_shorter_than_a_launch_is_refused" {
  command = plan
  variables {
    # 6,300 + 900 = 7,200 would just do.
    config = { timing = { launch_deadline = 6301 } }
  }
  expect_failures = [var.config]
}

run "a_session_as_long_as_a_launch_is_accepted" {
  command = plan
  variables {
    config = { timing = { launch_deadline = 6300 } }
  }
}

run "a_key_that_nobody_reads_is_refused" {
  command = plan
  variables {
    config_keys = ["cidr", "lauch_deadline"]
  }
  expect_failures = [var.config_keys]
}

run "a_key_within_a_value_that_nobody_reads_is_refused" {
  command = plan
  variables {
    config      = { breaker = { failures = 1 } }
    config_keys = ["breaker", "breaker.failure"]
  }
  expect_failures = [var.config_keys]
}

run "keys_within_values_that_are_read_are_not" {
  command = plan
  variables {
    config = {
      breaker             = { failures = 1 }
      document            = "hardened"
      document_parameters = { AnsibleVersion = "2.17.14" }
      warm_pool           = { min = 1 }
    }
    config_keys = ["breaker", "breaker.failures", "document", "document_parameters", "document_parameters.AnsibleVersion", "warm_pool", "warm_pool.min"]
  }

  assert {
    condition     = length(local.config.document_parameters) == 1
    error_message = "each of them is read"
  }
}

run "a_missing_bundle_is_a_sentence" {
  command = plan
  variables {
    bundle = null
  }
  expect_failures = [var.bundle]
}

run "a_missing_hardened_document_is_a_sentence" {
  command = plan
  variables {
    config    = { document = "hardened" }
    documents = "../ssm_documents/tests/none"
  }
  expect_failures = [var.documents]
}

run "a_long_environment_name_is_refused" {
  command = plan
  variables {
    environment = "development"
  }
  expect_failures = [var.environment]
}

run "without_a_fallback_nothing_of_it_is_planned" {
  command = apply

  assert {
    condition     = length(module.bastion_fallback) == 0
    error_message = "no bastion, no key, no rule for port 22, no function in the VPC: all of them stand in that module"
  }
  assert {
    condition     = output.bastion_function == null && !strcontains(jsonencode(module.gantry), "bastion")
    error_message = "and no function knows of it"
  }
}

run "one_value_switches_the_fallback_on" {
  command = apply
  variables {
    config = { document = "hardened", fallback = "when-unreachable", timing = { launch_deadline = 3900 } }
  }

  assert {
    condition     = output.bastion_function == "gantry-dev-bastion"
    error_message = "it is there"
  }
}

run "a_fallback_without_the_hardened_document_is_refused" {
  command = plan
  variables {
    config = { fallback = "when-unreachable", timing = { launch_deadline = 3900 } }
  }
  expect_failures = [var.config]
}

run "a_fallback_that_is_neither_word_is_refused" {
  command = plan
  variables {
    config = { fallback = "always" }
  }
  expect_failures = [var.config]
}

run "a_fallback_without_its_zips_is_a_sentence" {
  command = plan
  variables {
    config               = { document = "hardened", fallback = "when-unreachable", timing = { launch_deadline = 3900 } }
    bastion_function_zip = "no-such.zip"
    bastion_instance_zip = "no-such.zip"
  }
  expect_failures = [var.bastion_function_zip, var.bastion_instance_zip]
}

run "addresses_are_kept_only_where_they_are_asked_for" {
  command = plan

  assert {
    condition     = length(data.aws_eips.this) == 0
    error_message = "AWS gives the load balancer its own"
  }
}

run "kept_addresses_are_those_of_bootstrap" {
  command = plan
  variables {
    config = { keep_addresses = true }
  }

  assert {
    condition     = sort(data.aws_eips.this[0].allocation_ids) == tolist(["eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef1"])
    error_message = "by their tags"
  }
}

run "without_a_load_balancer_clients_reach_the_instances" {
  command = plan
  variables {
    config = { load_balancer = false, client_cidrs = ["203.0.113.0/24"] }
  }

  assert {
    condition     = length(module.load_balancer) == 0 && [for rule in aws_vpc_security_group_ingress_rule.clients : rule.cidr_ipv4] == ["203.0.113.0/24"]
    error_message = "by a rule of their own"
  }
  assert {
    condition     = output.urls == null && !contains(keys(aws_ssm_parameter.this), "stream_url")
    error_message = "and there is no address for all of them"
  }
}

run "a_load_balancer_of_ones_own_gets_the_instances" {
  command = plan
  # A state of its own: while a network of the environment is taken away, a data source waits for the apply.
  state_key = "theirs"
  variables {
    config = {
      network = { vpc_id = "vpc-0123456789abcdef0", private_subnet_ids = ["subnet-0b000001"] }
      target_groups = {
        arns               = ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/live/0123456789abcdef"]
        security_group_ids = ["sg-0123456789abcdef7"]
        url                = "rtsp://live.example.com:8554"
      }
      health = { grace = 150 }
    }
  }

  override_data {
    target = data.aws_lb_target_group.theirs
    values = {
      name               = "live", protocol = "TCP", port = 8554, target_type = "instance", vpc_id = "vpc-0123456789abcdef0"
      arn_suffix         = "targetgroup/live/0123456789abcdef"
      health_check       = [{ interval = 30, healthy_threshold = 3 }]
      load_balancer_arns = ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/net/live/0a1b2c3d4e5f6071"]
    }
  }

  assert {
    condition     = length(module.load_balancer) == 0 && length(data.aws_eips.this) == 0
    error_message = "no load balancer is made, and no address kept"
  }
  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.theirs : rule.referenced_security_group_id] == ["sg-0123456789abcdef7"] && length(aws_vpc_security_group_ingress_rule.clients) == 0
    error_message = "traffic comes from the load balancer alone"
  }
  assert {
    condition     = output.urls == { rtsp = "rtsp://live.example.com:8554" } && aws_ssm_parameter.this["stream_url"].value == "rtsp://live.example.com:8554"
    error_message = "other stacks look the stream up"
  }
  assert {
    condition     = local.their_seconds_to_healthy == [90] && local.their_metrics == { gantry-dev-rtsp = { fleet = "gantry-dev-rtsp", target_group = "targetgroup/live/0123456789abcdef", load_balancer = "net/live/0a1b2c3d4e5f6071" } }
    error_message = "its health check is the one that is waited for, and has the alarm"
  }
}

# Each of these would leave instances that never get healthy, or that nobody reaches.
run "a_target_group_that_cannot_serve_is_refused" {
  command = plan
  # A state of its own: while a network of the environment is taken away, a data source waits for the apply.
  state_key = "theirs"
  variables {
    config = {
      network       = { vpc_id = "vpc-0123456789abcdef0", private_subnet_ids = ["subnet-0b000001"] }
      target_groups = { arns = ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/live/0123456789abcdef"] }
    }
  }

  override_data {
    target = data.aws_lb_target_group.theirs
    values = {
      name         = "live", protocol = "TCP", port = 8554, target_type = "ip", vpc_id = "vpc-0a000000000000009", arn_suffix = "targetgroup/live/0123456789abcdef"
      health_check = [{ interval = 30, healthy_threshold = 3 }], load_balancer_arns = []
    }
  }

  expect_failures = [data.aws_lb_target_group.theirs]
}

run "a_load_balancer_of_ones_own_has_neither_kept_addresses_nor_a_domain_here" {
  command = plan
  variables {
    config = { target_groups = { arns = ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/live/0123456789abcdef"] }, keep_addresses = true }
  }
  expect_failures = [var.config]
}

run "target_groups_that_are_no_arns_are_refused" {
  command = plan
  variables {
    config = { target_groups = { arns = ["live"], url = "http://live.example.com/x" } }
  }
  expect_failures = [var.config]
}

run "a_network_of_ones_own_is_taken" {
  command = plan
  variables {
    config = { network = { vpc_id = "vpc-0123456789abcdef0", public_subnet_ids = ["subnet-0a000001", "subnet-0a000002"], private_subnet_ids = ["subnet-0b000001"] } }
  }

  assert {
    condition     = length(module.network) == 0 && local.network.vpc_id == "vpc-0123456789abcdef0"
    error_message = "and none is made"
  }
}

run "addresses_without_a_load_balancer_are_refused" {
  command = plan
  variables {
    config = { load_balancer = false, keep_addresses = true }
  }
  expect_failures = [var.config]
}

run "an_iam_path_and_a_key_of_ones_own_are_taken" {
  command = apply
  variables {
    config = { iam_path = "/teams/video/", kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555" }
  }

  assert {
    condition     = strcontains(output.reader_policy, ":role/teams/video/gantry-dev-sweep") && strcontains(output.reader_policy, var.config.kms_key_arn)
    error_message = "roles are below the path, and the bucket has the key"
  }
}

run "a_prefix_of_iam_names_is_taken" {
  command = apply
  variables {
    config = { iam_prefix = "acme-" }
  }

  assert {
    condition     = endswith(local.boundary, ":policy/acme-gantry-dev-boundary") && strcontains(output.reader_policy, ":role/acme-gantry-dev-sweep")
    error_message = "by roles, and by what names them; tests/iam.bats looks at every name"
  }
}

run "a_prefix_with_a_wildcard_is_refused" {
  command = plan
  variables {
    config = { iam_prefix = "*-" }
  }
  expect_failures = [var.config]
}
