# The jump host: a group of one, replaceable at any time, built from its user data and S3 alone. Gantry never launches,
# configures or completes it: its group has no hook.

data "aws_ssm_parameter" "image" {
  count = var.image_id == null ? 1 : 0

  name = var.image_parameter
}

# Where the image's root volume is, so that it is this volume that is encrypted.
data "aws_ami" "this" {
  include_deprecated = true

  filter {
    name   = "image-id"
    values = [local.image_id]
  }
}

locals {
  # A public parameter is no secret, whatever the provider takes it for.
  image_id = coalesce(var.image_id, try(nonsensitive(data.aws_ssm_parameter.image[0].value), null))

  # In gigabytes, the image's own. EC2's reference wants a size where a mapping names no snapshot (EbsBlockDevice, VolumeSize).
  root_size = one([for mapping in data.aws_ami.this.block_device_mappings : mapping.ebs["volume_size"] if mapping.device_name == data.aws_ami.this.root_device_name])

  user_data = join("\n", ["#cloud-config", yamlencode({
    write_files = [
      {
        path        = "/usr/local/lib/gantry/gantry-bastion.py"
        permissions = "0755"
        content     = file("${path.module}/files/gantry-bastion.py")
      },
      {
        path        = "/etc/systemd/system/gantry-bastion.service"
        permissions = "0644"
        content     = file("${path.module}/files/gantry-bastion.service")
      },
      {
        path        = "/etc/systemd/system/gantry-bastion.timer"
        permissions = "0644"
        content     = file("${path.module}/files/gantry-bastion.timer")
      },
      {
        path        = "/etc/gantry/bastion.env"
        permissions = "0644"
        content = join("", [for key, value in {
          AWS_DEFAULT_REGION = local.region
          AWS_REGION         = local.region
          GANTRY_BUCKET      = var.store.bucket
          GANTRY_SUBNETS     = join(",", var.network.private_subnet_cidrs)
        } : "${key}=${value}\n"])
      },
    ]
    runcmd = [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "--no-block", "gantry-bastion.timer"],
    ]
  })])
}

resource "aws_launch_template" "this" {
  name                   = local.bastion
  image_id               = local.image_id
  instance_type          = var.instance_type
  update_default_version = true
  user_data              = base64encode(local.user_data)
  vpc_security_group_ids = [aws_security_group.bastion.id]

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
      volume_size           = local.root_size
      encrypted             = true
      delete_on_termination = true
    }
  }

  # default_tags of the provider stop at the template; these go on to what it launches.
  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = { Name = local.bastion }
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name                = local.bastion
  min_size            = 1
  max_size            = 1
  vpc_zone_identifier = var.network.private_subnet_ids
  health_check_type   = "EC2"

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  instance_refresh {
    strategy = "Rolling"

    preferences {
      # While there is none, exchanges are tried again.
      min_healthy_percentage = 0
    }
  }

  tag {
    key                 = "Name"
    value               = local.bastion
    propagate_at_launch = true
  }

  # Without them its first boot finds no keys, and tries again each minute.
  depends_on = [
    aws_iam_role_policy.bastion,
    aws_lambda_invocation.first_pair,
    aws_vpc_security_group_egress_rule.s3,
  ]
}

resource "aws_iam_role" "bastion" {
  name                 = "${var.iam_prefix}${local.bastion}"
  path                 = var.iam_path
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.${data.aws_partition.current.dns_suffix}" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_instance_profile" "this" {
  name = "${var.iam_prefix}${local.bastion}"
  path = var.iam_path
  role = aws_iam_role.bastion.name
}

resource "aws_iam_role_policy" "bastion" {
  name = "gantry"
  role = aws_iam_role.bastion.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WhomItLetsJump"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${var.store.bucket_arn}/bastion/keys/public.json"
      },
      {
        # No other machine can say who it is: IAM puts the asking instance's own ARN here.
        Sid      = "SayItsHostKeys"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${var.store.bucket_arn}/bastion/jump/$${ec2:SourceInstanceARN}"
      },
      local.key_behind_the_bucket,
    ]
  })
}

# --- Allowed connections: each rule is a resource of its own -----------------------------------------------------------

resource "aws_security_group" "bastion" {
  name        = local.bastion
  description = "The bastion of ${var.name}: SSH from the function, SSH to the instances"
  vpc_id      = var.network.vpc_id
  tags        = { Name = local.bastion }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "function" {
  name        = "${local.bastion}-function"
  description = "The bastion function of ${var.name}: SSH to the bastion, and S3"
  vpc_id      = var.network.vpc_id
  tags        = { Name = "${local.bastion}-function" }

  lifecycle {
    create_before_destroy = true
  }
}

# SSH goes from the function to the bastion, and through it to the instances; from a security group to a security group.
locals {
  hops = {
    bastion   = { from = aws_security_group.function.id, to = aws_security_group.bastion.id, leaves = "SSH to the bastion, and through it", comes = "SSH from the function" }
    instances = { from = aws_security_group.bastion.id, to = var.network.instance_security_group_id, leaves = "SSH to the instances", comes = "SSH from the bastion of ${var.name}" }
  }
}

resource "aws_vpc_security_group_egress_rule" "ssh" {
  for_each = local.hops

  security_group_id            = each.value.from
  description                  = each.value.leaves
  ip_protocol                  = "tcp"
  from_port                    = local.ssh
  to_port                      = local.ssh
  referenced_security_group_id = each.value.to
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  #checkov:skip=CKV_AWS_24:from a security group, which this check does not look for; no address range is let in
  for_each = local.hops

  security_group_id            = each.value.to
  description                  = each.value.comes
  ip_protocol                  = "tcp"
  from_port                    = local.ssh
  to_port                      = local.ssh
  referenced_security_group_id = each.value.from
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  for_each = { bastion = aws_security_group.bastion.id, function = aws_security_group.function.id }

  security_group_id = each.value
  description       = "S3 through its gateway endpoint"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = var.network.s3_prefix_list_id
}
