# moto maps the version behind the alias, and says so.
resource "aws_lambda_event_source_mapping" "launch_queue" {
  lifecycle {
    ignore_changes = [function_name]
  }
}
