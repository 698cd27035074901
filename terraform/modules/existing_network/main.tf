# A network that is there already, with the outputs of module network: only the instances' security group is made here. The
# private subnets need a way to Systems Manager, S3 and, where instances announce themselves, SQS.

data "aws_region" "current" {}

data "aws_prefix_list" "s3" {
  name = "com.amazonaws.${data.aws_region.current.name}.s3"
}

data "aws_subnet" "private" {
  count = length(var.private_subnet_ids)

  id = var.private_subnet_ids[count.index]

  lifecycle {
    postcondition {
      condition     = self.vpc_id == var.vpc_id
      error_message = "The private subnet ${self.id} is in ${self.vpc_id}, and vpc_id is ${var.vpc_id}."
    }
  }
}

resource "aws_security_group" "instances" {
  name = "${var.name}-instances"
  # prose: another description would replace the group, and what is attached to it.
  description = "The instances of ${var.name}; who may reach them is said by whoever sends them traffic"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-instances" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "instances" {
  for_each = { 443 = "AWS services and package sources", 80 = "Ubuntu's package sources, which are signed and served without TLS" }

  security_group_id = aws_security_group.instances.id
  description       = each.value
  ip_protocol       = "tcp"
  from_port         = each.key
  to_port           = each.key
  cidr_ipv4         = "0.0.0.0/0"
}
