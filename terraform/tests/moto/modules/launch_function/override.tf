# moto keeps no redrive allow policy, and the provider waits for it until its time is up.
resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  count = 0
}

# moto gives the policy back with other white space.
resource "aws_sqs_queue" "launches" {
  lifecycle {
    ignore_changes = [redrive_policy]
  }
}

# moto maps the version behind the alias, and says so.
resource "aws_lambda_event_source_mapping" "launch_queue" {
  lifecycle {
    ignore_changes = [function_name]
  }
}
