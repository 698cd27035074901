output "vpc_id" {
  description = "The VPC."
  value       = var.vpc_id
}

output "public_subnet_ids" {
  description = "The public subnets, as they were given."
  value       = var.public_subnet_ids
}

output "private_subnet_ids" {
  description = "The private subnets. Known only when the instances have their way out."
  value       = data.aws_subnet.private[*].id

  depends_on = [aws_vpc_security_group_egress_rule.instances]
}

output "private_subnet_cidrs" {
  description = "The private subnets' ranges, in the same order."
  value       = data.aws_subnet.private[*].cidr_block
}

output "s3_prefix_list_id" {
  description = "What security group rules know S3 by."
  value       = data.aws_prefix_list.s3.id
}

output "instance_security_group_id" {
  description = "The security group of the instances."
  value       = aws_security_group.instances.id
}
