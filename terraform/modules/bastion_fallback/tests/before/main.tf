# Addresses of an older version. The test's next run finds them under their new ones, by the moved blocks of the module.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.95, < 7.0"
    }
  }
}

resource "aws_vpc_security_group_egress_rule" "function_ssh" {
  security_group_id = "sg-00000000000000002"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_egress_rule" "bastion_ssh" {
  security_group_id = "sg-00000000000000001"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_ingress_rule" "bastion_ssh" {
  security_group_id = "sg-00000000000000001"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_ingress_rule" "instances_ssh" {
  security_group_id = "sg-00000000000000003"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_egress_rule" "bastion_s3" {
  security_group_id = "sg-00000000000000001"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_egress_rule" "function_s3" {
  security_group_id = "sg-00000000000000002"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

output "ids" {
  value = [aws_vpc_security_group_egress_rule.function_ssh.id, aws_vpc_security_group_egress_rule.bastion_ssh.id, aws_vpc_security_group_ingress_rule.bastion_ssh.id, aws_vpc_security_group_ingress_rule.instances_ssh.id, aws_vpc_security_group_egress_rule.bastion_s3.id, aws_vpc_security_group_egress_rule.function_s3.id]
}
