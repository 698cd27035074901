mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "gantry-dev"
}

run "a_zone_has_a_public_and_a_private_subnet" {
  command = plan

  assert {
    condition     = length(aws_subnet.public) == 2 && length(aws_subnet.private) == 2
    error_message = "two zones make four subnets"
  }
  assert {
    condition     = length(distinct(concat(values(local.public), values(local.private)))) == 4
    error_message = "no two subnets share a range"
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.public : subnet.map_public_ip_on_launch != true])
    error_message = "no subnet gives public addresses away by itself"
  }
}

run "nat_is_one_gateway_for_all_zones" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.private_nat) == 2
    error_message = "both private subnets go out by one gateway"
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0
    error_message = "with NAT no interface endpoint is paid for"
  }
}

run "nat_per_zone_is_one_gateway_each" {
  command = plan
  variables {
    az_count     = 3
    nat_per_zone = true
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3
    error_message = "three zones, three gateways"
  }
}

run "endpoints_leave_no_way_to_the_internet" {
  command = plan
  variables {
    outbound = "endpoints"
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["ssm", "ssmmessages", "logs"])
    error_message = "what an instance needs, and nothing else"
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.private_nat) == 0
    error_message = "no NAT beside the endpoints"
  }
  assert {
    condition     = length(aws_vpc_security_group_egress_rule.instances) == 0
    error_message = "no rule to the whole internet"
  }
}

run "endpoints_let_this_accounts_principals_through_alone" {
  command = plan
  variables {
    outbound = "endpoints"
  }

  assert {
    condition = length(aws_vpc_endpoint.interface) >= 3 && alltrue([for endpoint in aws_vpc_endpoint.interface :
      [for statement in jsondecode(endpoint.policy).Statement : statement.Condition] == [{ StringEquals = { "aws:PrincipalAccount" = "111122223333" } }]
    ])
    error_message = "nobody carries data out with the keys of another account"
  }
  assert {
    condition = [for statement in jsondecode(aws_vpc_endpoint.s3.policy).Statement : statement.Sid
      if !can(statement.Condition) && statement.Action != "s3:GetObject"
    ] == []
    error_message = "and by S3 others are read at most"
  }
}

run "announcing_instances_reach_sqs_by_an_endpoint" {
  command = plan
  variables {
    outbound = "endpoints"
    announce = true
  }

  assert {
    condition     = contains(keys(aws_vpc_endpoint.interface), "sqs")
    error_message = "an announcement is a message to SQS"
  }
}

run "endpoints_are_refused_where_the_internet_is_needed" {
  command = plan
  variables {
    outbound            = "endpoints"
    internet_needed_for = ["user data installs Ansible from Ubuntu's package sources"]
  }
  expect_failures = [var.outbound]
}

run "another_way_out_is_refused" {
  command = plan
  variables {
    outbound = "proxy"
  }
  expect_failures = [var.outbound]
}

run "an_overlapping_range_is_refused" {
  command = plan
  variables {
    cidr        = "10.20.0.0/16"
    other_cidrs = ["192.168.0.0/16", "10.0.0.0/8"]
  }
  expect_failures = [var.other_cidrs]
}

run "a_range_beside_it_is_accepted" {
  command = plan
  variables {
    cidr        = "10.20.0.0/16"
    other_cidrs = ["10.21.0.0/16"]
  }
}

run "a_range_too_small_for_sixteen_subnets_is_refused" {
  command = plan
  variables {
    cidr = "10.20.0.0/26"
  }
  expect_failures = [var.cidr]
}

run "a_single_zone_is_refused" {
  command = plan
  variables {
    az_count = 1
  }
  expect_failures = [var.az_count]
}

run "a_name_that_others_could_not_bear_is_refused" {
  command = plan
  variables {
    name = "Gantry Dev"
  }
  expect_failures = [var.name]
}

run "addresses_of_an_older_version" {
  state_key = "moved"
  module {
    source = "./tests/before"
  }
}

run "security_group_rules_of_an_older_version_stay" {
  command   = plan
  state_key = "moved"

  override_resource {
    target          = aws_security_group.instances
    values          = { id = "sg-0123456789abcdef0" }
    override_during = plan
  }

  assert {
    condition = [
      aws_vpc_security_group_egress_rule.instances["443"].id,
      aws_vpc_security_group_egress_rule.instances["80"].id,
    ] == run.addresses_of_an_older_version.ids
    error_message = "what is there keeps its id; a new one would not be known before the apply"
  }
}
