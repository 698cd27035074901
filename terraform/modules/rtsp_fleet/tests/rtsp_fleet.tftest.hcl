mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name               = "gantry-dev"
  subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  security_group_id  = "sg-0123456789abcdef0"
  target_group_arn   = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/tg/0123456789abcdef"
  seconds_to_healthy = 20
  document           = { name = "AWS-ApplyAnsiblePlaybooks", version = "1" }
  store = {
    bucket      = "gantry-sandbox"
    bucket_arn  = "arn:aws:s3:::gantry-sandbox"
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"
  }
  gantry = {
    queue_url      = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-launches"
    queue_arn      = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches"
    role_names     = { launch_queue = "gantry-launch-queue", sweep = "gantry-sweep", operator = "gantry-operator" }
    operator       = { name = "gantry-operator", alias = "live", arn = "arn:aws:lambda:eu-central-1:111122223333:function:gantry-operator:live" }
    hook_names     = ["gantry"]
    document_names = ["AWS-ApplyAnsiblePlaybooks", "Gantry-ApplyAnsiblePlaybooks"]
    at_work        = "0a1b2c3d-0000-1111-2222-333344445555"
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
      root_device_name      = "/dev/xvda"
      block_device_mappings = [{ device_name = "/dev/xvda", no_device = "", virtual_name = "", ebs = { volume_size = "30" } }]
    }
  }

  expect_failures = [aws_launch_template.this]
}
