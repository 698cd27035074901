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
