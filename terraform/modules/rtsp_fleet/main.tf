# A fleet of RTSP servers: Gantry's part (module fleet) first, then a group whose first instance finds its hook there.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_default_tags" "this" {}

data "aws_ssm_parameter" "image" {
  count = var.image_id == null ? 1 : 0

  name = coalesce(var.image_parameter, "/aws/service/canonical/ubuntu/server/24.04/stable/current/${var.architecture == "arm64" ? "arm64" : "amd64"}/hvm/ebs-gp3/ami-id")
}

# The newest image of the first apply, and not of each plan: an apply that is about something else shall not replace the fleet.
# A named image_id is moved by a commit, and comes back with one; this one by terraform apply -replace.
resource "terraform_data" "image" {
  count = var.image_id == null ? 1 : 0

  # A public parameter is no secret, whatever the provider takes it for.
  input = nonsensitive(data.aws_ssm_parameter.image[0].value)

  lifecycle {
    ignore_changes = [input]
  }
}

# Where the image's root volume is: /dev/sda1 in Ubuntu's images, /dev/xvda in Debian's and Amazon Linux's. A mapping of another
# name would be a second volume, and the root would stay small and unencrypted.
data "aws_ami" "this" {
  include_deprecated = true

  filter {
    name   = "image-id"
    values = [local.image_id]
  }
}

locals {
  # The size of the image's own root volume, in gigabytes; 0 if the image does not say.
  image_gigabytes = try(max([for mapping in data.aws_ami.this.block_device_mappings : tonumber(lookup(mapping.ebs, "volume_size", 0)) if mapping.device_name == data.aws_ami.this.root_device_name]...), 0)
}

locals {
  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.name
  group_name = coalesce(var.group_name, "${var.name}-rtsp")
  image_id   = var.image_id == null ? terraform_data.image[0].output : var.image_id

  # From the launch to InService: the deadline, and ten minutes for EC2 and the load balancer.
  wait_minutes = ceil((module.fleet.launch_deadline_seconds + 600) / 60)
}

module "fleet" {
  source = "../fleet"

  name                 = var.name
  group_name           = local.group_name
  attach_hook          = false
  mode                 = var.mode
  document             = var.document
  install_dependencies = var.install_dependencies
  timing               = var.timing
  breaker              = var.breaker
  announce             = var.announce
  fallback             = var.fallback
  attached             = { instance_policy = true, user_data = true } # below
  extra_variables      = "SSM=True gantry_bucket=${var.store.bucket}"
  bundle               = var.bundle
  objects              = local.objects
  aws_command          = var.aws_command
  aws_role_arn         = var.aws_role_arn
  store                = var.store
  launch_function      = var.launch_function
}

resource "aws_launch_template" "this" {
  name                   = local.group_name
  image_id               = local.image_id
  instance_type          = coalesce(var.instance_type, var.architecture == "arm64" ? "t4g.small" : "t3.small")
  update_default_version = true
  user_data              = base64encode(local.user_data)
  vpc_security_group_ids = [var.security_group_id]

  iam_instance_profile {
    arn = aws_iam_instance_profile.this.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required" # IMDSv2
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = data.aws_ami.this.root_device_name

    ebs {
      volume_type           = "gp3"
      volume_size           = var.volume_gigabytes
      encrypted             = true
      delete_on_termination = true
    }
  }

  monitoring {
    enabled = true
  }

  lifecycle {
    precondition {
      condition     = data.aws_ami.this.architecture == var.architecture
      error_message = "The image ${local.image_id} is for ${data.aws_ami.this.architecture}, and architecture is ${var.architecture}: name an image for it, or move it (scripts/ops/image)."
    }
    precondition {
      condition     = var.volume_gigabytes >= local.image_gigabytes
      error_message = "volume_gigabytes ${var.volume_gigabytes} must be at least the image's own ${local.image_gigabytes} GB (${local.image_id})."
    }
  }

  # default_tags of the provider stop at the template; here they go on to what it launches.
  dynamic "tag_specifications" {
    for_each = ["instance", "network-interface", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = merge(data.aws_default_tags.this.tags, { Name = local.group_name })
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name                      = local.group_name
  min_size                  = var.size.min
  max_size                  = var.size.max
  vpc_zone_identifier       = var.subnet_ids
  target_group_arns         = var.target_group_arns
  health_check_type         = length(var.target_group_arns) > 0 ? "ELB" : "EC2"
  health_check_grace_period = var.health.grace
  default_instance_warmup   = var.health.warmup
  enabled_metrics           = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances", "GroupTerminatingInstances", "GroupTotalInstances"]
  wait_for_capacity_timeout = "${local.wait_minutes}m"

  # Its first instances are held, too. Only here, at its creation; later changes come by aws_autoscaling_lifecycle_hook.
  initial_lifecycle_hook {
    name                 = module.fleet.hook.name
    lifecycle_transition = module.fleet.hook.transition
    default_result       = module.fleet.hook.default_result
    heartbeat_timeout    = module.fleet.hook.heartbeat
  }

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  instance_refresh {
    strategy = "Rolling"

    preferences {
      # Starts one instance before it ends one: a gate that never opens interrupts no stream.
      min_healthy_percentage = 100
      max_healthy_percentage = 110
      instance_warmup        = tostring(var.health.warmup)
      skip_matching          = true
      # The provider updates the group before it starts the refresh, so that a rollback would return to the *new*
      # template (hashicorp/terraform-provider-aws#34189). Going back is another apply: docs/operations/terraform.md.
      auto_rollback = false

      dynamic "alarm_specification" {
        for_each = length(var.refresh_alarm_names) == 0 ? [] : [var.refresh_alarm_names]

        content {
          alarms = alarm_specification.value
        }
      }
    }
  }

  dynamic "warm_pool" {
    for_each = var.warm_pool == null ? [] : [var.warm_pool]

    content {
      pool_state = warm_pool.value.state
      min_size   = warm_pool.value.min

      instance_reuse_policy {
        reuse_on_scale_in = warm_pool.value.reuse
      }
    }
  }

  tag {
    key                 = "Name"
    value               = local.group_name
    propagate_at_launch = true
  }

  lifecycle {
    # desired_capacity is target tracking's. suspended_processes is the breaker's: the provider reads it back, and would
    # resume Launch with the next apply.
    ignore_changes = [desired_capacity, initial_lifecycle_hook, suspended_processes]

    precondition {
      condition     = var.health.grace >= var.seconds_to_healthy + 60
      error_message = "health.grace ${var.health.grace} s must be at least ${var.seconds_to_healthy} s (the load balancer's interval x threshold) + 60 s (registration) = ${var.seconds_to_healthy + 60} s, or instances that serve are replaced as unhealthy."
    }
    precondition {
      condition     = var.health.warmup >= var.seconds_to_healthy
      error_message = "health.warmup ${var.health.warmup} s must be at least ${var.seconds_to_healthy} s (the load balancer's interval x threshold), or an instance refresh goes on before the new instance gets traffic."
    }
    precondition {
      # Evaluated with the group, so that it waits for mapping, rules and schedule; the hook waits for the rest.
      condition     = var.launch_function.ready != ""
      error_message = "The launch function has no event source mapping."
    }
  }

  depends_on = [
    aws_iam_role_policy.instance,
    aws_iam_role_policy_attachment.core,
  ]
}

# The hook that the group was made with, so that a changed heartbeat or mode reaches it (PutLifecycleHook overwrites).
resource "aws_autoscaling_lifecycle_hook" "this" {
  name                   = module.fleet.hook.name
  autoscaling_group_name = aws_autoscaling_group.this.name
  lifecycle_transition   = module.fleet.hook.transition
  default_result         = module.fleet.hook.default_result
  heartbeat_timeout      = module.fleet.hook.heartbeat

  lifecycle {
    # Another name is another hook: no launch slips past in between.
    create_before_destroy = true
  }
}

resource "aws_autoscaling_policy" "this" {
  name                   = "${local.group_name}-size"
  autoscaling_group_name = aws_autoscaling_group.this.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = var.target_tracking.value

    predefined_metric_specification {
      predefined_metric_type = var.target_tracking.metric
    }
  }
}
