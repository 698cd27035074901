mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name        = "gantry-dev"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"
  emails      = ["pager@example.org"]
}

run "a_page_goes_from_the_queue_to_the_topic_as_it_is" {
  command = apply

  assert {
    condition     = aws_pipes_pipe.this.source == aws_sqs_queue.this.arn && aws_pipes_pipe.this.target == aws_sns_topic.this.arn
    error_message = "from the queue to the topic"
  }
  assert {
    condition     = aws_pipes_pipe.this.target_parameters[0].input_template == "<$.body>"
    error_message = "the page, and not SQS's record around it"
  }
  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 5
    error_message = "a page that cannot be delivered does not vanish"
  }
}

run "people_are_subscribed" {
  command = apply

  assert {
    condition     = aws_sns_topic_subscription.email["pager@example.org"].protocol == "email"
    error_message = "by e-mail"
  }
}

run "alarms_reach_the_topic_without_gantry" {
  command = apply

  assert {
    condition     = jsondecode(aws_sns_topic_policy.this.policy).Statement[0].Principal.Service == "cloudwatch.amazonaws.com"
    error_message = "CloudWatch may publish"
  }
}

run "the_pipe_may_do_nothing_else" {
  command = apply

  assert {
    condition = toset(flatten([for statement in jsondecode(aws_iam_role_policy.pipe.policy).Statement : statement.Action])) == toset([
      "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sns:Publish", "kms:Decrypt", "kms:GenerateDataKey",
    ])
    error_message = "receive, publish, and the key between"
  }
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.pipe.policy).Statement : statement.Resource != "*"])
    error_message = "each on one resource"
  }
}

run "what_is_no_address_is_refused" {
  command = plan
  variables {
    emails = ["somebody"]
  }
  expect_failures = [var.emails]
}

run "in_china_services_have_other_names" {
  command = plan

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.pipe.policy, "sns.eu-central-1.amazonaws.com.cn")
    error_message = "topics are written with the key"
  }
}
