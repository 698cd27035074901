mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name               = "gantry-dev"
  subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  security_group_id  = "sg-0123456789abcdef0"
  target_group_arns  = ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/tg/0123456789abcdef"]
  seconds_to_healthy = 20
  document           = { name = "AWS-ApplyAnsiblePlaybooks", version = "1" }
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
    ready          = "0a1b2c3d-0000-1111-2222-333344445555"
  }
}

run "the_first_instances_are_held_too" {
  command = apply

  assert {
    condition = [for hook in aws_autoscaling_group.this.initial_lifecycle_hook : {
      name = hook.name, transition = hook.lifecycle_transition, result = hook.default_result, heartbeat = hook.heartbeat_timeout
    }] == [{ name = "gantry", transition = "autoscaling:EC2_INSTANCE_LAUNCHING", result = "ABANDON", heartbeat = 1800 }]
    error_message = "the group is made with its hook"
  }
  assert {
    condition = (
      aws_autoscaling_lifecycle_hook.this.name == "gantry" && aws_autoscaling_lifecycle_hook.this.heartbeat_timeout == 1800 &&
      aws_autoscaling_lifecycle_hook.this.default_result == "ABANDON"
    )
    error_message = "and later changes reach the same hook"
  }
}

run "terraform_waits_for_as_long_as_a_launch_may_take" {
  command = apply

  assert {
    condition     = aws_autoscaling_group.this.wait_for_capacity_timeout == "70m"
    error_message = "3,600 s and ten minutes"
  }
}

run "a_hold_makes_it_wait_longer" {
  command = apply
  variables {
    timing = { hold_minutes = 30 }
  }

  assert {
    condition     = aws_autoscaling_group.this.wait_for_capacity_timeout == "100m"
    error_message = "3,600 s, half an hour of hold and ten minutes"
  }
}

run "instances_have_imdsv2_an_encrypted_disk_and_no_key_pair" {
  command = apply

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_tokens == "required" && aws_launch_template.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "IMDSv2, for the instance itself alone"
  }
  assert {
    condition     = tobool(aws_launch_template.this.block_device_mappings[0].ebs[0].encrypted)
    error_message = "encrypted"
  }
  assert {
    condition     = aws_launch_template.this.key_name == null || aws_launch_template.this.key_name == ""
    error_message = "nobody logs in"
  }
}

run "a_refresh_never_rolls_back_to_the_wrong_template" {
  command = apply
  variables {
    refresh_alarm_names = ["gantry-dev-rtsp-unhealthy"]
  }

  assert {
    condition     = aws_autoscaling_group.this.instance_refresh[0].preferences[0].auto_rollback == false
    error_message = "terraform-provider-aws#34189"
  }
  assert {
    condition     = aws_autoscaling_group.this.instance_refresh[0].preferences[0].alarm_specification[0].alarms == tolist(["gantry-dev-rtsp-unhealthy"])
    error_message = "alarms stop it"
  }
  assert {
    condition     = aws_autoscaling_group.this.instance_refresh[0].preferences[0].min_healthy_percentage == 100
    error_message = "a new instance first"
  }
}

run "the_agent_starts_when_ansible_is_there" {
  command = apply

  assert {
    condition     = strcontains(yamldecode(base64decode(aws_launch_template.this.user_data)).bootcmd[0][5], "ConditionPathExists=/var/lib/gantry/image-is-ready")
    error_message = "held back from the first moment"
  }
  assert {
    condition     = startswith(base64decode(aws_launch_template.this.user_data), "#cloud-config\n")
    error_message = "cloud-init reads the first line"
  }
  assert {
    condition     = contains([for command in yamldecode(base64decode(aws_launch_template.this.user_data)).runcmd : command[0]], "/usr/local/lib/gantry/prepare-image")
    error_message = "and let go by the same script that installs"
  }
  assert {
    condition     = length(base64decode(aws_launch_template.this.user_data)) < 16384
    error_message = "EC2 takes 16 KB of user data"
  }
}

run "a_prepared_image_gets_the_announcement_alone" {
  command = apply
  variables {
    prepare_image = false
    image_id      = "ami-0fedcba9876543210"
  }

  assert {
    condition     = !strcontains(base64decode(aws_launch_template.this.user_data), "prepare-image") && strcontains(base64decode(aws_launch_template.this.user_data), "gantry-announce.service")
    error_message = "nothing is installed at boot"
  }
  assert {
    condition     = aws_launch_template.this.image_id == "ami-0fedcba9876543210"
    error_message = "the image that was named"
  }
}

run "an_instance_reads_what_is_its_fleets_and_nothing_else" {
  command = apply

  assert {
    condition = alltrue(flatten([for statement in jsondecode(aws_iam_role_policy.instance.policy).Statement : [
      for resource in flatten([statement.Resource]) : strcontains(resource, "/gantry-dev-rtsp/")
    ] if statement.Effect == "Allow" && contains(flatten([statement.Action]), "s3:GetObject")]))
    error_message = "its own prefixes"
  }
  assert {
    condition = alltrue(flatten([for statement in jsondecode(aws_iam_role_policy.instance.policy).Statement : [
      for resource in flatten([statement.Resource]) : endswith(resource, "/diagnostics/gantry-dev-rtsp/$${ec2:SourceInstanceARN}/*")
    ] if contains(flatten([statement.Action]), "s3:PutObject")]))
    error_message = "it writes diagnostics only, below its own name: its neighbours' stay as they are"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.instance.policy).Statement : statement.NotResource if statement.Effect == "Deny"] == [[
      "arn:aws:ssm:eu-central-1:111122223333:parameter/gantry-dev/gantry-dev-rtsp/*", "arn:aws:ssm:eu-central-1::parameter/aws/*",
    ]]
    error_message = "everybody else's parameters are denied"
  }
  assert {
    condition     = !anytrue([for statement in jsondecode(aws_iam_role_policy.instance.policy).Statement : try(statement.Resource == "*", false)])
    error_message = "no permission on everything"
  }
}

run "who_does_not_announce_may_not_send" {
  command = apply
  variables {
    announce = false
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.instance.policy, "sqs:SendMessage")
    error_message = "no permission without a use"
  }
}

run "observing_reaches_the_hook" {
  command = apply
  variables {
    mode = "observe"
  }

  assert {
    condition     = aws_autoscaling_lifecycle_hook.this.default_result == "CONTINUE" && aws_autoscaling_lifecycle_hook.this.heartbeat_timeout == 120
    error_message = "as a pair"
  }
}

run "a_warm_pool_is_a_choice" {
  command = apply
  variables {
    warm_pool = { min = 2 }
  }

  assert {
    condition     = aws_autoscaling_group.this.warm_pool[0].pool_state == "Stopped" && aws_autoscaling_group.this.warm_pool[0].min_size == 2
    error_message = "two wait, stopped"
  }
}

run "a_grace_that_ends_before_the_first_check_is_refused" {
  command = plan
  variables {
    health = { grace = 60 }
  }
  expect_failures = [aws_autoscaling_group.this]
}

run "a_warmup_that_ends_before_traffic_is_refused" {
  command = plan
  variables {
    seconds_to_healthy = 60
    health             = { grace = 300, warmup = 30 }
  }
  expect_failures = [aws_autoscaling_group.this]
}

run "odd_values_are_refused" {
  command = plan
  variables {
    image_id         = "ubuntu"
    volume_gigabytes = 4
    size             = { min = 3, max = 2 }
    target_tracking  = { metric = "Streams", value = 10 }
    warm_pool        = { state = "Asleep" }
  }
  expect_failures = [var.image_id, var.volume_gigabytes, var.size, var.target_tracking, var.warm_pool]
}

run "user_data_with_everything_is_what_ec2_takes" {
  command = apply
  variables {
    document = { name = "Gantry-ApplyAnsiblePlaybooks", version = "1" }
    timing   = { launch_deadline = 3900 }
    fallback = { program_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  }

  assert {
    condition     = length(base64decode(aws_launch_template.this.user_data)) < 16384 && strcontains(base64decode(aws_launch_template.this.user_data), "gantry-fallback.service")
    error_message = "EC2 takes 16 KB"
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.instance.policy, "/hostkeys/$${ec2:SourceInstanceARN}")
    error_message = "the role may do what the fallback needs"
  }
}

run "the_volume_is_the_images_root" {
  command = plan

  override_data {
    target = data.aws_ami.this
    values = {
      architecture          = "x86_64"
      root_device_name      = "/dev/xvda"
      block_device_mappings = [{ device_name = "/dev/xvda", no_device = "", virtual_name = "", ebs = { volume_size = "8" } }]
    }
  }

  assert {
    condition     = [for mapping in aws_launch_template.this.block_device_mappings : "${mapping.device_name} ${mapping.ebs[0].volume_size} ${mapping.ebs[0].encrypted}"] == ["/dev/xvda 20 true"]
    error_message = "an image whose root is /dev/xvda gets no second volume"
  }
}

run "a_volume_smaller_than_the_images_is_refused" {
  command = plan
  variables {
    volume_gigabytes = 10
  }

  override_data {
    target = data.aws_ami.this
    values = {
      architecture          = "x86_64"
      root_device_name      = "/dev/xvda"
      block_device_mappings = [{ device_name = "/dev/xvda", no_device = "", virtual_name = "", ebs = { volume_size = "30" } }]
    }
  }

  expect_failures = [aws_launch_template.this]
}

run "videos_and_archives_of_the_environment_come_before_the_bundle" {
  command = apply
  variables {
    bundle      = "../fleet/tests/bundle.zip"
    aws_command = "../../tests/stub-aws"
    workload = {
      videos    = ["s3://{{ gantry_bucket }}/videos/gantry-dev-rtsp/"]
      artifacts = "s3://{{ gantry_bucket }}/artifacts/gantry-dev-rtsp/"
      folder    = "./tests/none"
    }
  }

  assert {
    condition     = toset(keys(local.objects)) == toset(["videos/gantry-dev-rtsp/", "artifacts/gantry-dev-rtsp/"])
    error_message = "both are looked for before the bundle is proposed"
  }
  assert {
    condition     = local.objects["videos/gantry-dev-rtsp/"].first_only && !local.objects["artifacts/gantry-dev-rtsp/"].first_only
    error_message = "a sample video comes only where there is none, archives are added"
  }
  assert {
    condition     = length(local.read_elsewhere) == 0
    error_message = "nothing else is read"
  }
  assert {
    condition     = endswith(module.fleet.settings.extraVariables, " gantry_bucket=gantry-sandbox")
    error_message = "the bundle learns which bucket is its environment's"
  }
}

run "videos_elsewhere_are_read_where_they_are" {
  command = apply
  variables {
    workload = { videos = ["s3://films/live/", "s3://films/one.mp4"], artifacts = "" }
  }

  assert {
    condition     = length(local.objects) == 0
    error_message = "what is not in the environment's bucket is not looked for there"
  }
  assert {
    condition = [for statement in local.read_elsewhere : statement.Resource] == [
      "arn:aws:s3:::films/live/*", "arn:aws:s3:::films/one.mp4", "arn:aws:s3:::films",
    ]
    error_message = "objects, and the list of their bucket"
  }
  assert {
    condition     = local.read_elsewhere[2].Condition.StringLike["s3:prefix"] == ["live/*", "one.mp4"]
    error_message = "of these keys only"
  }
}

run "another_fleets_videos_are_refused" {
  command = plan
  variables {
    workload = { videos = ["s3://{{ gantry_bucket }}/videos/gantry-prod-rtsp/"] }
  }
  expect_failures = [aws_iam_role_policy.instance]
}

run "a_place_that_is_no_address_of_s3_is_refused" {
  command = plan
  variables {
    workload = { videos = ["https://example.com/film.mp4"] }
  }
  expect_failures = [aws_iam_role_policy.instance]
}

run "in_china_services_have_other_names" {
  command = plan

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }
  override_resource {
    target          = aws_kms_key.secrets
    override_during = plan
  }

  assert {
    condition     = strcontains(aws_iam_role.instance.assume_role_policy, "ec2.amazonaws.com.cn") && strcontains(aws_iam_role_policy.instance.policy, "ssm.eu-central-1.amazonaws.com.cn")
    error_message = "EC2's principal, and the key of the secrets"
  }
}

run "tags_reach_instances_volumes_and_interfaces" {
  command = plan

  assert {
    condition = { for tags in aws_launch_template.this.tag_specifications : tags.resource_type => tags.tags } == {
      for kind in ["instance", "network-interface", "volume"] : kind => tomap({ Project = "gantry", Environment = "dev", Name = "gantry-dev-rtsp" })
    }
    error_message = "the provider's default tags and the name"
  }
}

run "given_target_groups_get_the_instances" {
  command = plan
  variables {
    target_group_arns = [for name in ["one", "two"] : "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/${name}/0123456789abcdef"]
  }

  assert {
    condition     = aws_autoscaling_group.this.target_group_arns == toset(var.target_group_arns) && aws_autoscaling_group.this.health_check_type == "ELB"
    error_message = "all of them, and their health checks decide"
  }
}

run "without_target_groups_ec2_decides" {
  command = plan
  variables {
    target_group_arns  = []
    seconds_to_healthy = 0
  }

  assert {
    condition     = length(aws_autoscaling_group.this.target_group_arns) == 0 && aws_autoscaling_group.this.health_check_type == "EC2"
    error_message = "there is no other check"
  }
}
