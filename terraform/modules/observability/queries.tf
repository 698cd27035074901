# Questions that people ask of the logs, saved in Logs Insights under the environment's name.

locals {
  queries = {
    "pages"             = "fields time, log_type, fleet, instance, text | filter page = 1 | sort time desc | limit 100"
    "abandonments"      = "fields time, fleet, instance, cause, why, step, task, message, command, tail | filter log_type = 'abandoned' | sort time desc | limit 50"
    "failures by task"  = "filter log_type = 'abandoned' | stats count(*) as abandoned by fleet, bundle, step, task | sort abandoned desc"
    "slow launches"     = "fields time, fleet, instance, seconds, kind | filter log_type = 'proceeded' | sort seconds desc | limit 50"
    "one instance"      = "fields time, log_type, @message | filter @message like 'i-0123456789abcdef0' | sort time asc | limit 500"
    "what AWS answered" = "fields time, kind, error | filter log_type in ['look_failed', 'runs_not_learned'] | stats count(*) as times by error | sort times desc"
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = local.queries

  name            = "${var.name}/${each.key}"
  log_group_names = values(var.log_groups)
  query_string    = each.value
}
