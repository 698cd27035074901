# moto forgets the description of a rule that names another security group, or a prefix list.
resource "aws_vpc_security_group_egress_rule" "instances_endpoints" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_egress_rule" "instances_s3" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_https" {
  lifecycle {
    ignore_changes = [description]
  }
}
