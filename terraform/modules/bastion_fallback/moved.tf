# Resources that had other names in an older version.

moved {
  from = aws_vpc_security_group_egress_rule.function_ssh
  to   = aws_vpc_security_group_egress_rule.ssh["bastion"]
}

moved {
  from = aws_vpc_security_group_egress_rule.bastion_ssh
  to   = aws_vpc_security_group_egress_rule.ssh["instances"]
}

moved {
  from = aws_vpc_security_group_ingress_rule.bastion_ssh
  to   = aws_vpc_security_group_ingress_rule.ssh["bastion"]
}

moved {
  from = aws_vpc_security_group_ingress_rule.instances_ssh
  to   = aws_vpc_security_group_ingress_rule.ssh["instances"]
}

moved {
  from = aws_vpc_security_group_egress_rule.bastion_s3
  to   = aws_vpc_security_group_egress_rule.s3["bastion"]
}

moved {
  from = aws_vpc_security_group_egress_rule.function_s3
  to   = aws_vpc_security_group_egress_rule.s3["function"]
}
