# A Network Load Balancer, with addresses that outlive it where they are given, RTSP over TCP, and RTSPS where there is a domain.

resource "aws_lb" "this" {
  name                             = var.name
  load_balancer_type               = "network"
  security_groups                  = [aws_security_group.this.id]
  enable_deletion_protection       = var.deletion_protection
  enable_cross_zone_load_balancing = true

  dynamic "subnet_mapping" {
    for_each = { for i, subnet in var.subnet_ids : i => subnet }

    content {
      subnet_id     = subnet_mapping.value
      allocation_id = var.allocation_ids == null ? null : var.allocation_ids[subnet_mapping.key]
    }
  }
}

resource "aws_lb_target_group" "rtsp" {
  name                   = "${var.name}-rtsp"
  vpc_id                 = var.vpc_id
  port                   = var.rtsp_port
  protocol               = "TCP"
  deregistration_delay   = tostring(var.drain_seconds)
  connection_termination = true # after the delay; RTSP clients connect again

  health_check {
    protocol            = "TCP"
    port                = "traffic-port"
    interval            = var.health.interval
    healthy_threshold   = var.health.healthy
    unhealthy_threshold = var.health.unhealthy
  }
}

resource "aws_lb_listener" "rtsp" {
  load_balancer_arn = aws_lb.this.arn
  port              = var.rtsp_port
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.rtsp.arn
  }
}

resource "aws_lb_listener" "rtsps" {
  count = var.domain == null ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  port              = var.rtsps_port
  protocol          = "TLS"
  # TLS 1.2 and 1.3: docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
  ssl_policy      = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn = aws_acm_certificate_validation.this[0].certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.rtsp.arn
  }
}

data "aws_route53_zone" "this" {
  count = var.domain == null ? 0 : 1

  name = var.domain.zone
}

resource "aws_acm_certificate" "this" {
  count = var.domain == null ? 0 : 1

  domain_name       = var.domain.name
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  # Keyed by the name, which is known at plan time; what ACM asks for is not.
  for_each = var.domain == null ? {} : { (var.domain.name) = one(aws_acm_certificate.this[0].domain_validation_options) }

  zone_id         = data.aws_route53_zone.this[0].zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  count = var.domain == null ? 0 : 1

  certificate_arn         = aws_acm_certificate.this[0].arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_route53_record" "this" {
  count = var.domain == null ? 0 : 1

  zone_id = data.aws_route53_zone.this[0].zone_id
  name    = var.domain.name
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = false
  }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-lb"
  description = "The load balancer ${var.name}"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-lb" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "rtsp" {
  for_each = toset(var.client_cidrs)

  security_group_id = aws_security_group.this.id
  description       = "RTSP from clients"
  ip_protocol       = "tcp"
  from_port         = var.rtsp_port
  to_port           = var.rtsp_port
  cidr_ipv4         = each.key
}

resource "aws_vpc_security_group_ingress_rule" "rtsps" {
  for_each = var.domain == null ? toset([]) : toset(var.client_cidrs)

  security_group_id = aws_security_group.this.id
  description       = "RTSPS from clients"
  ip_protocol       = "tcp"
  from_port         = var.rtsps_port
  to_port           = var.rtsps_port
  cidr_ipv4         = each.key
}

resource "aws_vpc_security_group_egress_rule" "instances" {
  security_group_id            = aws_security_group.this.id
  description                  = "RTSP and its health check to instances"
  ip_protocol                  = "tcp"
  from_port                    = var.rtsp_port
  to_port                      = var.rtsp_port
  referenced_security_group_id = var.instance_security_group_id
}

resource "aws_vpc_security_group_ingress_rule" "instances" {
  security_group_id            = var.instance_security_group_id
  description                  = "RTSP from the load balancer ${var.name}"
  ip_protocol                  = "tcp"
  from_port                    = var.rtsp_port
  to_port                      = var.rtsp_port
  referenced_security_group_id = aws_security_group.this.id
}
