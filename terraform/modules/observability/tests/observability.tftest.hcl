mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name       = "gantry-dev"
  topic_arn  = "arn:aws:sns:eu-central-1:111122223333:gantry-dev-pages"
  functions  = { launch_queue = "gantry-dev-launch-queue", sweep = "gantry-dev-sweep", operator = "gantry-dev-operator" }
  log_groups = { launch_queue = "/aws/lambda/gantry-dev-launch-queue", sweep = "/aws/lambda/gantry-dev-sweep", operator = "/aws/lambda/gantry-dev-operator" }
  queues     = { launches = "gantry-dev-launches", launches_dead = "gantry-dev-launches-dlq", pages_dead = "gantry-dev-pages-dlq" }
  fleets     = { "gantry-dev-rtsp" = { deadline = 3600 } }
  load_balancers = {
    "gantry-dev-rtsp" = { load_balancer = "net/lb/0123456789abcdef", target_group = "targetgroup/tg/0123456789abcdef" }
  }
}

run "a_dead_gantry_is_an_alarm" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.sweep_missing.treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.sweep_missing.evaluation_periods == 3
    error_message = "silence breaches"
  }
  assert {
    condition     = alltrue([for query in aws_cloudwatch_metric_alarm.sweep_missing.metric_query : query.metric[0].namespace == "AWS/Lambda" if length(query.metric) > 0])
    error_message = "it asks AWS, and nothing that Gantry emits"
  }
}

run "every_alarm_tells_somebody" {
  command = plan

  assert {
    condition = alltrue(flatten([for alarms in [
      [aws_cloudwatch_metric_alarm.sweep_missing, aws_cloudwatch_metric_alarm.looks_failed], values(aws_cloudwatch_metric_alarm.function),
      values(aws_cloudwatch_metric_alarm.dead_letters), values(aws_cloudwatch_metric_alarm.count), values(aws_cloudwatch_metric_alarm.fleet),
      values(aws_cloudwatch_metric_alarm.launch_p99), values(aws_cloudwatch_metric_alarm.oldest_stay), values(aws_cloudwatch_metric_alarm.launch_share), values(aws_cloudwatch_metric_alarm.unhealthy),
    ] : [for alarm in alarms : alarm.alarm_actions == toset(["arn:aws:sns:eu-central-1:111122223333:gantry-dev-pages"])]]))
    error_message = "by the pager's topic"
  }
  assert {
    condition     = contains(output.alarm_names, "gantry-dev-rtsp-oldest-stay")
    error_message = "every alarm is in the list of them"
  }
}

run "functions_and_dead_letters_are_watched" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.function) == 6
    error_message = "errors and throttles of three functions"
  }
  assert {
    condition     = toset([for alarm in aws_cloudwatch_metric_alarm.dead_letters : alarm.dimensions.QueueName]) == toset(["gantry-dev-launches-dlq", "gantry-dev-pages-dlq"])
    error_message = "both dead-letter queues"
  }
}

run "a_fleet_has_its_goals" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.launch_p99["gantry-dev-rtsp"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.launch_p99["gantry-dev-rtsp"].threshold == 900
    error_message = "p99 within 15 minutes"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.oldest_stay["gantry-dev-rtsp"].threshold == 70 && aws_cloudwatch_metric_alarm.oldest_stay["gantry-dev-rtsp"].statistic == "Maximum"
    error_message = "the oldest stay while there is time to repair"
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.launch_share["gantry-dev-rtsp"].threshold == 0.95
    error_message = "95 of 100 launches"
  }
  assert {
    condition     = toset([for alarm in aws_cloudwatch_metric_alarm.fleet : alarm.metric_name]) == toset(["Misconfigured", "BreakersOpened", "LaunchesSuspended"])
    error_message = "mistakes and the breaker"
  }
}

run "the_dashboard_is_json_with_whole_metrics" {
  command = plan

  assert {
    condition = alltrue(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : [
      for metric in try(widget.properties.metrics, []) : length(metric) == 2 || length(metric) == 4
    ]]))
    error_message = "namespace, name, and at most one dimension"
  }
}

run "a_share_above_all_is_refused" {
  command = plan
  variables {
    fleets = { web = { share_in_time = 95, deadline = 3600 } }
  }
  expect_failures = [var.fleets]
}

run "an_alarm_at_the_deadline_itself_is_refused" {
  command = plan
  variables {
    fleets = { web = { oldest_stay_percent = 100, deadline = 3600 } }
  }
  expect_failures = [var.fleets]
}

run "a_promise_beyond_the_deadline_is_refused" {
  command = plan
  variables {
    fleets = { web = { in_time_seconds = 4000, deadline = 3600 } }
  }
  expect_failures = [var.fleets]
}

run "an_alarm_that_comes_too_late_is_refused" {
  command = plan
  variables {
    sweep_missing_minutes = 60
  }
  expect_failures = [var.sweep_missing_minutes]
}

run "an_environments_own_troubles_wake_its_own_people" {
  command = plan

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.count), [aws_cloudwatch_metric_alarm.looks_failed]) : alarm.dimensions == tomap({ environment = "gantry-dev" })])
    error_message = "what has no fleet has its environment, or dev would page for prod"
  }
}

run "addresses_of_an_older_version" {
  state_key = "moved"
  module {
    source = "./tests/before"
  }
}

run "the_alarm_of_an_older_version_stays" {
  command   = plan
  state_key = "moved"
  variables {
    fallback = { topic_arn = "arn:aws:sns:eu-central-1:111122223333:gantry-dev-notices", dead_letters = "gantry-dev-bastion-dlq" }
  }

  assert {
    condition = [
      aws_cloudwatch_metric_alarm.dead_letters["bastion"].id,
    ] == run.addresses_of_an_older_version.ids
    error_message = "what is there keeps its id; a new one would not be known before the apply"
  }
}
