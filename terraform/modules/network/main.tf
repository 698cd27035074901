# A VPC with a public and a private subnet in each zone. Load balancers and NAT stand in the public ones, instances in the
# private ones. Security group rules are resources of their own, so that two stacks can add rules to one group.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

data "aws_availability_zones" "available" {
  state = "available"

  # Local Zones have no NAT gateways and no Network Load Balancers.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  region = data.aws_region.current.name

  zones   = slice(data.aws_availability_zones.available.names, 0, var.az_count)
  public  = { for i, zone in local.zones : zone => cidrsubnet(var.cidr, 4, i) }
  private = { for i, zone in local.zones : zone => cidrsubnet(var.cidr, 4, i + 8) }

  nat_zones = var.outbound != "nat" ? [] : var.nat_per_zone ? local.zones : [local.zones[0]]

  # ec2messages is not needed with agents from 3.3.40.0, and does not exist in Regions opened since 2024.
  endpoints = var.outbound != "endpoints" ? [] : concat(["ssm", "ssmmessages", "logs"], var.announce ? ["sqs"] : [])
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # interface endpoints answer under the services' own names

  tags = { Name = var.name }
}

# The group that AWS makes with each VPC stays as it is: nothing here uses it, and it has no tags, so a permission to change
# it would also allow changing that of any other VPC.
removed {
  from = aws_default_security_group.this

  lifecycle {
    destroy = false
  }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }
}

resource "aws_subnet" "public" {
  for_each = local.public

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value
  tags              = { Name = "${var.name}-public-${each.key}" }
}

resource "aws_subnet" "private" {
  for_each = local.private

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value
  tags              = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-public" }
}

resource "aws_route" "public_internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  route_table_id = aws_route_table.public.id
  subnet_id      = each.value.id
}

resource "aws_route_table" "private" {
  for_each = local.private

  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  route_table_id = aws_route_table.private[each.key].id
  subnet_id      = each.value.id
}

resource "aws_eip" "nat" {
  for_each = toset(local.nat_zones)

  domain = "vpc"
  tags   = { Name = "${var.name}-nat-${each.key}" }
}

resource "aws_nat_gateway" "this" {
  for_each = toset(local.nat_zones)

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id
  tags          = { Name = "${var.name}-${each.key}" }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route" "private_nat" {
  for_each = var.outbound == "nat" ? local.private : {}

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat_per_zone ? each.key : local.zones[0]].id
}

# The endpoints allow only calls of this account's own principals. Without a policy an endpoint lets any account's keys
# through, so an attacker on an instance could copy data to a bucket or queue of their own account.
locals {
  own_principals = {
    Sid       = "OwnPrincipals"
    Effect    = "Allow"
    Principal = "*"
    Action    = "*"
    Resource  = "*"
    Condition = { StringEquals = { "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id } }
  }

  # AWS's own buckets, which are read with its keys or none: the SSM agent's (Systems Manager user guide, "SSM Agent
  # communications with AWS managed S3 buckets") and Amazon Linux's package sources.
  buckets_of_aws = [
    "al2023-repos-${local.region}-*", "amazon-ssm-${local.region}", "amazon-ssm-packages-${local.region}",
    "amazonlinux-2-repos-${local.region}", "aws-ssm-${local.region}", "aws-ssm-distributor-file-${local.region}",
    "aws-ssm-document-attachments-${local.region}", "patch-baseline-snapshot-${local.region}",
    "${local.region}-birdwatcher-prod",
  ]

  s3_statements = [
    local.own_principals,
    {
      Sid       = "ReadBucketsOfAws"
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = [for bucket in local.buckets_of_aws : "arn:${data.aws_partition.current.partition}:s3:::${bucket}/*"]
    },
  ]
}

# Free of charge, and bundles and videos do not pay for passing a NAT gateway.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${data.aws_region.current.name}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for table in aws_route_table.private : table.id]
  policy            = jsonencode({ Version = "2012-10-17", Statement = local.s3_statements })
  tags              = { Name = "${var.name}-s3" }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(local.endpoints)

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${data.aws_region.current.name}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [local.own_principals] })
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = [aws_security_group.endpoints[0].id]
  tags                = { Name = "${var.name}-${each.key}" }
}

resource "aws_security_group" "instances" {
  name = "${var.name}-instances"
  # prose: another description would replace the group, and what is attached to it.
  description = "The instances of ${var.name}; who may reach them is said by whoever sends them traffic"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-instances" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "instances" {
  for_each = var.outbound == "nat" ? { 443 = "AWS services and package sources", 80 = "Ubuntu's package sources, which are signed and served without TLS" } : {}

  security_group_id = aws_security_group.instances.id
  description       = each.value
  ip_protocol       = "tcp"
  from_port         = each.key
  to_port           = each.key
  cidr_ipv4         = "0.0.0.0/0"
}

moved {
  from = aws_vpc_security_group_egress_rule.instances_https[0]
  to   = aws_vpc_security_group_egress_rule.instances["443"]
}

moved {
  from = aws_vpc_security_group_egress_rule.instances_http[0]
  to   = aws_vpc_security_group_egress_rule.instances["80"]
}

resource "aws_vpc_security_group_egress_rule" "instances_endpoints" {
  count = var.outbound == "endpoints" ? 1 : 0

  security_group_id            = aws_security_group.instances.id
  description                  = "The interface endpoints"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.endpoints[0].id
}

resource "aws_vpc_security_group_egress_rule" "instances_s3" {
  count = var.outbound == "endpoints" ? 1 : 0

  security_group_id = aws_security_group.instances.id
  description       = "S3 through its gateway endpoint"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
}

resource "aws_security_group" "endpoints" {
  count = var.outbound == "endpoints" ? 1 : 0

  name        = "${var.name}-endpoints"
  description = "The interface endpoints of ${var.name}"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-endpoints" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_https" {
  count = var.outbound == "endpoints" ? 1 : 0

  security_group_id            = aws_security_group.endpoints[0].id
  description                  = "HTTPS from the instances"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.instances.id
}
