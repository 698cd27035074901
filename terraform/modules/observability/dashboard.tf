data "aws_region" "current" {}

locals {
  region = data.aws_region.current.name

  widgets = concat(
    [
      {
        title   = "Launches: in service, abandoned"
        stat    = "Sum"
        metrics = flatten([for fleet in keys(var.fleets) : [for metric in ["Proceeded", "Abandoned", "RunsSent"] : [[local.namespace, metric, "fleet", fleet]]]])
      },
      {
        title   = "Seconds until in service: p99"
        stat    = "p99"
        metrics = flatten([for fleet in keys(var.fleets) : [[local.namespace, "LaunchSeconds", "fleet", fleet]]])
      },
      {
        title   = "Oldest stay that is not decided: percent of its launch deadline"
        stat    = "Maximum"
        metrics = flatten([for fleet in keys(var.fleets) : [[local.namespace, "OldestStay", "fleet", fleet]]])
      },
      {
        title   = "What somebody has to look at"
        stat    = "Sum"
        metrics = flatten([for fleet in keys(var.fleets) : [for metric in keys(local.fleet_counts) : [[local.namespace, metric, "fleet", fleet]]]])
      },
    ]
  )

  # flatten() took the nesting away; a line of a graph is namespace, name, dimension, value.
  dashboard = {
    widgets = concat(
      [for i, widget in local.widgets : {
        type   = "metric"
        x      = 6 * i
        y      = 0
        width  = 6
        height = 6
        properties = {
          title   = widget.title
          region  = local.region
          view    = "timeSeries"
          stat    = widget.stat
          period  = 60
          metrics = chunklist(widget.metrics, 4)
        }
      }],
      [
        {
          type   = "metric"
          x      = 0
          y      = 6
          width  = 8
          height = 6
          properties = {
            title  = "Sweeps, and what Gantry could not do"
            region = local.region
            view   = "timeSeries"
            stat   = "Sum"
            period = 60
            metrics = [
              ["AWS/Lambda", "Invocations", "FunctionName", var.functions.sweep],
              [local.namespace, "Sweeps", "environment", var.name],
              [local.namespace, "LooksFailed", "environment", var.name],
              [local.namespace, "Defects", "environment", var.name],
              [local.namespace, "Malformed", "environment", var.name],
              [local.namespace, "PagesNotSent", "environment", var.name],
            ]
          }
        },
        {
          type   = "metric"
          x      = 8
          y      = 6
          width  = 8
          height = 6
          properties = {
            title   = "Functions: duration p99"
            region  = local.region
            view    = "timeSeries"
            stat    = "p99"
            period  = 60
            metrics = [for function in values(var.functions) : ["AWS/Lambda", "Duration", "FunctionName", function]]
          }
        },
        {
          type   = "metric"
          x      = 16
          y      = 6
          width  = 8
          height = 6
          properties = {
            title  = "Queues: waiting, dead"
            region = local.region
            view   = "timeSeries"
            stat   = "Maximum"
            period = 60
            metrics = concat(
              [for queue in values(var.queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue]],
              [["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "QueueName", var.queues.launches]],
            )
          }
        },
        {
          type   = "log"
          x      = 0
          y      = 12
          width  = 24
          height = 8
          properties = {
            title  = "Abandonments and their reasons"
            region = local.region
            view   = "table"
            query  = "${join(" | ", [for group in values(var.log_groups) : "SOURCE '${group}'"])} | ${local.queries["abandonments"]}"
          }
        },
      ],
    )
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode(local.dashboard)
}
