# moto forgets the addresses of a load balancer's subnets, and takes no later change of them.
resource "aws_lb" "this" {
  lifecycle {
    ignore_changes = [subnet_mapping, subnets]
  }
}

# moto forgets the description of a rule that names another security group.
resource "aws_vpc_security_group_egress_rule" "instances" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_ingress_rule" "instances" {
  lifecycle {
    ignore_changes = [description]
  }
}
