# moto's instances are in service at once, or never; it forgets the warmup. What the module ignores is left as it is, so
# that the breaker's suspension is tested with the module's own list.
resource "aws_autoscaling_group" "this" {
  wait_for_capacity_timeout = "2m"
  default_instance_warmup   = 0
}

# moto answers every hook with a queue and a role of its own invention.
resource "aws_autoscaling_lifecycle_hook" "this" {
  lifecycle {
    ignore_changes = [notification_target_arn, role_arn]
  }
}
