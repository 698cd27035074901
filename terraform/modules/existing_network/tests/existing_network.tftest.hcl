mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name               = "gantry-dev"
  vpc_id             = "vpc-0123456789abcdef0"
  private_subnet_ids = ["subnet-0123456789abcdef0"]
}

run "only_a_security_group_is_made" {
  command = plan

  assert {
    condition     = output.vpc_id == "vpc-0123456789abcdef0" && output.private_subnet_cidrs == ["10.0.8.0/24"]
    error_message = "the network is the one that was given"
  }
  assert {
    condition     = toset([for rule in aws_vpc_security_group_egress_rule.instances : rule.from_port]) == toset([80, 443])
    error_message = "out to AWS and to package sources, and nothing in"
  }
}

run "a_subnet_of_another_network_is_refused" {
  command = plan
  variables {
    vpc_id = "vpc-0fedcba9876543210"
  }
  expect_failures = [data.aws_subnet.private[0]]
}

run "a_name_is_no_id" {
  command = plan
  variables {
    vpc_id             = "main"
    private_subnet_ids = []
  }
  expect_failures = [var.vpc_id, var.private_subnet_ids]
}
