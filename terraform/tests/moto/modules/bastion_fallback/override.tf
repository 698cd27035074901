# moto forgets the description of a rule that names another security group, or a prefix list.
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_egress_rule" "ssh" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  lifecycle {
    ignore_changes = [description]
  }
}

# moto gives the template's own tags back as tags of what it launches.
resource "aws_launch_template" "this" {
  lifecycle {
    ignore_changes = [tag_specifications]
  }
}
