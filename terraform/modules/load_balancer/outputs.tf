output "target_group_arn" {
  description = "Where a group registers its instances. Known only when listeners and rules are there."
  value       = aws_lb_target_group.rtsp.arn

  depends_on = [
    aws_lb_listener.rtsp,
    aws_vpc_security_group_egress_rule.instances,
    aws_vpc_security_group_ingress_rule.instances,
    aws_vpc_security_group_ingress_rule.rtsp,
  ]
}

output "host" {
  description = "The name that clients use: the domain's, or AWS's own."
  value       = var.domain == null ? aws_lb.this.dns_name : var.domain.name
}

output "urls" {
  description = "How streams' addresses begin: rtsp, and rtsps where there is a domain."
  value = merge(
    { rtsp = "rtsp://${var.domain == null ? aws_lb.this.dns_name : var.domain.name}:${var.rtsp_port}" },
    var.domain == null ? {} : { rtsps = "rtsps://${var.domain.name}:${var.rtsps_port}" },
  )
}

output "seconds_to_healthy" {
  description = "The minimum time until the health check counts a working instance as healthy."
  value       = var.health.interval * var.health.healthy
}

output "metric_names" {
  description = "Load balancer and target group as CloudWatch's dimensions name them."
  value       = { load_balancer = aws_lb.this.arn_suffix, target_group = aws_lb_target_group.rtsp.arn_suffix }
}
