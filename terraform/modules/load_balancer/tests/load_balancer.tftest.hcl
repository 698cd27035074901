mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name                       = "gantry-dev-rtsp"
  vpc_id                     = "vpc-0123456789abcdef0"
  subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  allocation_ids             = ["eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef1"]
  instance_security_group_id = "sg-0123456789abcdef0"
}

run "clients_know_addresses_that_stay" {
  command = plan

  assert {
    condition = toset([for mapping in aws_lb.this.subnet_mapping : "${mapping.subnet_id} ${mapping.allocation_id}"]) == toset([
      "subnet-0123456789abcdef0 eipalloc-0123456789abcdef0", "subnet-0123456789abcdef1 eipalloc-0123456789abcdef1",
    ])
    error_message = "one Elastic IP for each subnet"
  }
}

run "rtsp_goes_over_tcp_and_is_checked_there" {
  command = apply

  assert {
    condition     = aws_lb_listener.rtsp.protocol == "TCP" && aws_lb_listener.rtsp.port == 8554 && aws_lb_target_group.rtsp.protocol == "TCP"
    error_message = "UDP would be hashed to another instance"
  }
  assert {
    condition     = aws_lb_target_group.rtsp.health_check[0].protocol == "TCP" && aws_lb_target_group.rtsp.health_check[0].port == "traffic-port"
    error_message = "the health check connects to RTSP itself"
  }
  assert {
    condition     = aws_lb_target_group.rtsp.deregistration_delay == "120"
    error_message = "leaving instances drain"
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.instances.referenced_security_group_id == aws_security_group.this.id
    error_message = "instances hear the load balancer, and nobody else"
  }
}

run "without_a_domain_there_is_no_tls" {
  command = apply

  assert {
    condition     = length(aws_lb_listener.rtsps) == 0 && length(aws_acm_certificate.this) == 0 && !can(output.urls.rtsps)
    error_message = "no certificate without a name"
  }
}

run "a_domain_brings_rtsps" {
  command = apply
  variables {
    domain = { name = "stream.example.org", zone = "example.org" }
  }

  assert {
    condition     = aws_lb_listener.rtsps[0].protocol == "TLS" && startswith(aws_lb_listener.rtsps[0].ssl_policy, "ELBSecurityPolicy-TLS13-1-2")
    error_message = "TLS 1.2 or 1.3"
  }
  assert {
    condition     = aws_acm_certificate.this[0].validation_method == "DNS" && aws_route53_record.validation["stream.example.org"].records == toset(["_y.acm-validations.aws."])
    error_message = "validated by DNS"
  }
  assert {
    condition     = output.urls == { rtsp = "rtsp://stream.example.org:8554", rtsps = "rtsps://stream.example.org:8322" }
    error_message = "clients use the name"
  }
}

run "too_few_addresses_are_refused" {
  command = plan
  variables {
    allocation_ids = ["eipalloc-0123456789abcdef0"]
  }
  expect_failures = [var.allocation_ids]
}

run "a_name_in_a_foreign_zone_is_refused" {
  command = plan
  variables {
    domain = { name = "stream.example.org", zone = "example.com" }
  }
  expect_failures = [var.domain]
}

run "odd_values_are_refused" {
  command = plan
  variables {
    name          = "gantry-development-environment"
    client_cidrs  = ["everybody"]
    rtsp_port     = 8322
    drain_seconds = 3601
  }
  expect_failures = [var.name, var.client_cidrs, var.rtsp_port, var.drain_seconds]
}

run "a_health_check_faster_than_aws_allows_is_refused" {
  command = plan
  variables {
    health = { interval = 4 }
  }
  expect_failures = [var.health]
}

run "a_single_failed_check_that_decides_is_refused" {
  command = plan
  variables {
    health = { unhealthy = 1 }
  }
  expect_failures = [var.health]
}
