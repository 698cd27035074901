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

resource "aws_vpc_security_group_egress_rule" "instances_https" {
  count = 1

  security_group_id = "sg-0123456789abcdef0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_egress_rule" "instances_http" {
  count = 1

  security_group_id = "sg-0123456789abcdef0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

output "ids" {
  value = [aws_vpc_security_group_egress_rule.instances_https[0].id, aws_vpc_security_group_egress_rule.instances_http[0].id]
}
