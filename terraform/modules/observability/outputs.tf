output "alarm_names" {
  description = "Every alarm."
  value = concat(
    [aws_cloudwatch_metric_alarm.sweep_missing.alarm_name, aws_cloudwatch_metric_alarm.looks_failed.alarm_name],
    flatten([for alarms in [
      aws_cloudwatch_metric_alarm.function, aws_cloudwatch_metric_alarm.dead_letters, aws_cloudwatch_metric_alarm.count,
      aws_cloudwatch_metric_alarm.fleet, aws_cloudwatch_metric_alarm.fallback, aws_cloudwatch_metric_alarm.launch_p99,
      aws_cloudwatch_metric_alarm.oldest_stay, aws_cloudwatch_metric_alarm.launch_share, aws_cloudwatch_metric_alarm.unhealthy,
    ] : [for alarm in alarms : alarm.alarm_name]]),
  )
}

output "dashboard_name" {
  description = "The dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}

output "unhealthy_alarm_names" {
  description = "By group name, the alarm on instances in service that do not answer: what stops an instance refresh."
  value       = { for group, alarm in aws_cloudwatch_metric_alarm.unhealthy : group => alarm.alarm_name }
}
