# moto's instances are in service at once, or never.
resource "aws_autoscaling_group" "this" {
  wait_for_capacity_timeout = "2m"
}
