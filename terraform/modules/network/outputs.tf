output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "The VPC's range."
  value       = aws_vpc.this.cidr_block
}

output "public_subnet_ids" {
  description = "One public subnet for each zone, in the order of the zones' names."
  value       = [for zone in local.zones : aws_subnet.public[zone].id]
}

output "private_subnet_ids" {
  description = "One private subnet for each zone. Known only when its way out is there: an instance that boots earlier has no network."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]

  depends_on = [
    aws_route.private_nat,
    aws_route_table_association.private,
    aws_vpc_endpoint.interface,
    aws_vpc_endpoint.s3,
    aws_vpc_security_group_egress_rule.instances_endpoints,
    aws_vpc_security_group_egress_rule.instances,
    aws_vpc_security_group_egress_rule.instances_s3,
    aws_vpc_security_group_ingress_rule.endpoints_https,
  ]
}

output "private_subnet_cidrs" {
  description = "The private subnets' ranges, in the same order."
  value       = [for zone in local.zones : aws_subnet.private[zone].cidr_block]
}

output "s3_prefix_list_id" {
  description = "What security group rules know the S3 gateway endpoint by."
  value       = aws_vpc_endpoint.s3.prefix_list_id
}

output "instance_security_group_id" {
  description = "The security group of the instances."
  value       = aws_security_group.instances.id
}

output "outbound" {
  description = "nat or endpoints."
  value       = var.outbound
}
