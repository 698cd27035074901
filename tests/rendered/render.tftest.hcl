mock_provider "aws" {
  source = "../../terraform/tests/mocks"
}

override_resource {
  target = module.store.aws_s3_bucket.this
  values = { arn = "arn:aws:s3:::gantry-sandbox", id = "gantry-sandbox" }
}

override_resource {
  target = module.launch_function.aws_sqs_queue.launches
  values = {
    arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches"
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-launches"
  }
}

override_resource {
  target = module.launch_function.aws_sqs_queue.dead_letters
  values = {
    arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches-dlq"
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-launches-dlq"
  }
}

run "render" {
  command = apply
}
