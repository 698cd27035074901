# moto says that the policy is disabled, and adds an empty prediction.
resource "aws_autoscaling_policy" "this" {
  lifecycle {
    ignore_changes = [enabled, predictive_scaling_configuration]
  }
}

# moto gives the template's own tags back as tags of what it launches.
resource "aws_launch_template" "this" {
  lifecycle {
    ignore_changes = [tag_specifications]
  }
}

# Neither moto nor the sandbox has StartInstanceRefresh, which the provider calls when the launch template has changed, and
# repeats until it gives up. So new instances get the new template, and no other is replaced.
resource "aws_autoscaling_group" "this" {
  dynamic "instance_refresh" {
    for_each = []

    content {
      strategy = "Rolling"
    }
  }
}
