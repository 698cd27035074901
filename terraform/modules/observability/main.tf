# Alarms, dashboard, saved queries. The metrics in the namespace Gantry are those of lambda/launch's EventType (a test
# compares the names); what is asked of Gantry itself is asked of AWS's own metrics, which need nothing of Gantry's.

locals {
  namespace = "Gantry"
  actions   = [var.topic_arn]

  # Metrics of events that need a person's attention, by fleet.
  fleet_counts = {
    Misconfigured     = "a mistake that somebody must repair keeps its instances waiting; the page names it"
    BreakersOpened    = "a bundle was taken out; docs/operations/breaker.md"
    LaunchesSuspended = "Gantry has suspended the group's launches; docs/operations/breaker.md"
  }

  # The same without a fleet: the line did not know one, or it is of the whole environment (GANTRY_ENVIRONMENT).
  counts = {
    Misconfigured = "a mistake keeps Gantry from looking at anything; the page names it"
    Defects       = "Gantry itself failed; the page has the trace"
    Malformed     = "a message that cannot be read went to the dead-letter queue"
    PagesNotSent  = "pages could not be sent; the functions' logs have them"
  }

  # Events that inform and do not page: the launch goes on.
  notice_counts = {
    FallBacks = "a launch went on through the bastion, because Systems Manager did not answer; docs/operations/bastion.md"
  }

  # A group that bears the environment's name needs it only once.
  prefixes = { for fleet in keys(var.fleets) : fleet => startswith(fleet, "${var.name}-") ? fleet : "${var.name}-${fleet}" }

  by_fleet = merge([for fleet in keys(var.fleets) : { for metric, words in local.fleet_counts : "${fleet}/${metric}" => { fleet = fleet, metric = metric, words = words } }]...)
}

# --- Gantry itself -----------------------------------------------------------------------------------------------------

# Works when Gantry is down: no invocation, no function, no schedule, and missing data of the alarm all breach.
resource "aws_cloudwatch_metric_alarm" "sweep_missing" {
  alarm_name          = "${var.name}-sweep-missing"
  alarm_description   = "No sweep has succeeded for ${var.sweep_missing_minutes} minutes. Waiting instances live for one heartbeat without Gantry: docs/operations.md, 'Gantry is down'."
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = var.sweep_missing_minutes
  treat_missing_data  = "breaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions

  metric_query {
    id          = "succeeded"
    expression  = "FILL(invocations, 0) - FILL(errors, 0)"
    label       = "Sweeps that succeeded"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { invocations = "Invocations", errors = "Errors" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/Lambda"
        metric_name = metric_query.value
        dimensions  = { FunctionName = var.functions.sweep }
        period      = 60
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = merge([for what, function in var.functions : { for metric in ["Errors", "Throttles"] : "${what}/${metric}" => { function = function, metric = metric } }]...)

  alarm_name          = "${each.value.function}-${lower(each.value.metric)}"
  alarm_description   = "The function ${each.value.function} has ${lower(each.value.metric)}, three minutes in a row. Its log says why; messages come back, and the sweep looks after all instances."
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = each.value.function }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
}

locals {
  dead_letters = merge(
    {
      launches = { queue = var.queues.launches_dead, topic = var.topic_arn, words = "Messages that could not be handled: docs/operations.md, 'malformed'. No instance depends on them." }
      pages    = { queue = var.queues.pages_dead, topic = var.topic_arn, words = "Pages that did not reach the topic: look at the pipe, then redrive the queue." }
    },
    # Informs, and pages nobody.
    var.fallback == null ? {} : {
      bastion = { queue = var.fallback.dead_letters, topic = var.fallback.topic_arn, words = "Exchanges through the bastion that could not be handled, three times each: docs/operations/bastion.md. Gantry asks again by itself." }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = local.dead_letters

  alarm_name          = "${each.value.queue}-not-empty"
  alarm_description   = each.value.words
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value.queue }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [each.value.topic]
}

moved {
  from = aws_cloudwatch_metric_alarm.fallback_dead_letters[0]
  to   = aws_cloudwatch_metric_alarm.dead_letters["bastion"]
}

resource "aws_cloudwatch_metric_alarm" "count" {
  for_each = local.counts

  alarm_name          = "${var.name}-${lower(each.key)}"
  alarm_description   = "${each.key}: ${each.value}."
  namespace           = local.namespace
  metric_name         = each.key
  dimensions          = { environment = var.name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
}

# A few failed calls are normal on AWS.
resource "aws_cloudwatch_metric_alarm" "looks_failed" {
  alarm_name          = "${var.name}-looks-failed"
  alarm_description   = "Calls to AWS have failed for a quarter of an hour (look_failed and runs_not_learned lines say which): throttling, or an outage of AWS's."
  namespace           = local.namespace
  metric_name         = "LooksFailed"
  dimensions          = { environment = var.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
}

# --- Fleets ------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_metric_alarm" "fleet" {
  for_each = local.by_fleet

  alarm_name          = "${local.prefixes[each.value.fleet]}-${lower(each.value.metric)}"
  alarm_description   = "Fleet ${each.value.fleet}: ${each.value.words}."
  namespace           = local.namespace
  metric_name         = each.value.metric
  dimensions          = { fleet = each.value.fleet }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
}

# Informs, and pages nobody: these go to a topic of their own. A resource of their own too: the keys have fleets' names, which
# no moved block can name, so joined to the others each would be made anew.
resource "aws_cloudwatch_metric_alarm" "fallback" {
  for_each = var.fallback == null ? {} : merge([for fleet in keys(var.fleets) : { for metric, words in local.notice_counts : "${fleet}/${metric}" => { fleet = fleet, metric = metric, words = words } }]...)

  alarm_name          = "${local.prefixes[each.value.fleet]}-${lower(each.value.metric)}"
  alarm_description   = "Fleet ${each.value.fleet}: ${each.value.words}."
  namespace           = local.namespace
  metric_name         = each.value.metric
  dimensions          = { fleet = each.value.fleet }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.fallback.topic_arn]
}

# How long launches take is in the lines "proceeded"; a filter makes a metric of it, so that its percentiles can be shown.
resource "aws_cloudwatch_log_metric_filter" "launch_seconds" {
  for_each = var.log_groups

  name           = "launch-seconds"
  log_group_name = each.value
  pattern        = "{ $.log_type = \"proceeded\" }"

  metric_transformation {
    namespace  = local.namespace
    name       = "LaunchSeconds"
    value      = "$.seconds"
    unit       = "Seconds"
    dimensions = { fleet = "$.fleet" }
  }
}

resource "aws_cloudwatch_metric_alarm" "launch_p99" {
  for_each = var.fleets

  alarm_name          = "${local.prefixes[each.key]}-launch-p99"
  alarm_description   = "Fleet ${each.key}: of the launches of an hour, the slowest hundredth took more than ${each.value.in_time_seconds} s."
  namespace           = local.namespace
  metric_name         = "LaunchSeconds"
  dimensions          = { fleet = each.key }
  extended_statistic  = "p99"
  period              = 3600
  evaluation_periods  = 1
  threshold           = each.value.in_time_seconds
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions

  # A few launches give no meaningful percentile, but a slow one among them is still worth a look.
  evaluate_low_sample_count_percentiles = "evaluate"
}

# The sweep says each minute how far the oldest stay that is not decided has got towards its launch deadline.
resource "aws_cloudwatch_log_metric_filter" "oldest_stay" {
  name           = "oldest-stay"
  log_group_name = var.log_groups.sweep
  pattern        = "{ $.log_type = \"oldest_stay\" }"

  metric_transformation {
    namespace  = local.namespace
    name       = "OldestStay"
    value      = "$.percent"
    unit       = "Percent"
    dimensions = { fleet = "$.fleet" }
  }
}

resource "aws_cloudwatch_metric_alarm" "oldest_stay" {
  for_each = var.fleets

  alarm_name          = "${local.prefixes[each.key]}-oldest-stay"
  alarm_description   = "Fleet ${each.key}: an instance has waited for ${each.value.oldest_stay_percent} % of its launch deadline of ${each.value.deadline} s, and is abandoned at its end (oldest_stay lines say which)."
  namespace           = local.namespace
  metric_name         = "OldestStay"
  dimensions          = { fleet = each.key }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = each.value.oldest_stay_percent
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
}

resource "aws_cloudwatch_metric_alarm" "launch_share" {
  for_each = var.fleets

  alarm_name          = "${local.prefixes[each.key]}-launches-in-service"
  alarm_description   = "Fleet ${each.key}: less than ${100 * each.value.share_in_time} % of an hour's launches entered service; the others were abandoned, and the pages say why."
  comparison_operator = "LessThanThreshold"
  threshold           = each.value.share_in_time
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions

  metric_query {
    id          = "share"
    expression  = "FILL(proceeded, 0) / (FILL(proceeded, 0) + FILL(abandoned, 0))"
    label       = "Share of launches that entered service"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { proceeded = "Proceeded", abandoned = "Abandoned" }

    content {
      id = metric_query.key

      metric {
        namespace   = local.namespace
        metric_name = metric_query.value
        dimensions  = { fleet = each.key }
        period      = 3600
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  for_each = var.load_balancers

  alarm_name          = "${startswith(each.key, "${var.name}-") ? each.key : "${var.name}-${each.key}"}-unhealthy"
  alarm_description   = "Fleet ${coalesce(each.value.fleet, each.key)}: instances in service do not answer on the RTSP port."
  namespace           = "AWS/NetworkELB"
  metric_name         = "UnHealthyHostCount"
  dimensions          = { LoadBalancer = each.value.load_balancer, TargetGroup = each.value.target_group }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
}
