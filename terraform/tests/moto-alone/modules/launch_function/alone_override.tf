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
