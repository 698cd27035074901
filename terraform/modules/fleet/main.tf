# Gantry for one Auto Scaling group: its settings, what the functions may do to it, its launch hook, its bundle.
# In this order, so that nothing is held before somebody can let it go.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

# Refuses a group that is not there with the group's name.
data "aws_autoscaling_group" "existing" {
  count = var.attach_hook ? 1 : 0

  name = var.group_name
}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name

  # As FleetName.encoded() and Keys write it: everything but A-Z a-z 0-9 - _ . is percent-encoded. urlencode() writes a
  # space as +, and leaves ~ as it is. The names . and .. are encoded, too: clients take such a part out of a path.
  # tests/fleet-names.tsv has names with their encodings for all languages.
  percent = replace(replace(urlencode(var.group_name), "+", "%20"), "~", "%7E")
  encoded = contains([".", ".."], local.percent) ? replace(local.percent, ".", "%2E") : local.percent

  observes  = var.mode == "observe"
  hook_name = coalesce(var.hook_name, var.launch_function.hook_names[0])

  # Rule 8 of the design: while Gantry only watches, not even a broken one may kill or keep anybody for long.
  hook = {
    name           = local.hook_name
    default_result = local.observes ? "CONTINUE" : "ABANDON"
    heartbeat      = local.observes ? 120 : var.timing.heartbeat
    transition     = "autoscaling:EC2_INSTANCE_LAUNCHING"
  }

  # Policy's arithmetic: the backoff doubles up to five minutes.
  backoffs     = [for n in range(1, var.timing.attempts) : min(300, var.timing.backoff * pow(2, n - 1))]
  backoff      = length(local.backoffs) == 0 ? 0 : sum(local.backoffs)
  needed       = var.timing.agent_deadline + var.timing.attempts * (var.timing.delivery_timeout + var.timing.run_timeout) + local.backoff
  longest_wait = min(172800, 100 * local.hook.heartbeat)

  # One run more, through the bastion, and two minutes for its exchanges: Policy's Fallback.EXCHANGES.
  exchanges      = 120
  fallback_after = var.fallback == null ? 0 : coalesce(var.fallback.after_seconds, var.timing.agent_deadline)
  bastion_run    = var.fallback == null ? 0 : var.timing.run_timeout + local.exchanges
  end            = var.timing.launch_deadline + 60 * var.timing.hold_minutes

  # What is not said is left out: the function has defaults.
  document = merge(
    { name = var.document.name, version = var.document.version },
    var.document.hash == null ? {} : { hash = var.document.hash },
    var.document.identifies_runs == null ? {} : { identifiesRuns = var.document.identifies_runs },
    var.document.parameters == null ? {} : { parameters = var.document.parameters },
  )

  settings = merge(local.settings_always, var.fallback == null ? {} : {
    fallback = { use = "when-unreachable", afterSeconds = local.fallback_after }
  })

  settings_always = {
    fleet                  = var.group_name
    hook                   = local.hook.name
    mode                   = var.mode
    document               = local.document
    playbook               = var.playbook
    extraVariables         = var.extra_variables
    installDependencies    = var.install_dependencies
    verbose                = var.verbose
    launchDeadlineSeconds  = var.timing.launch_deadline
    agentDeadlineSeconds   = var.timing.agent_deadline
    attempts               = var.timing.attempts
    backoffSeconds         = var.timing.backoff
    deliveryTimeoutSeconds = var.timing.delivery_timeout
    runTimeoutSeconds      = var.timing.run_timeout
    heartbeatSeconds       = local.hook.heartbeat
    onFailure              = jsondecode(var.timing.hold_minutes == 0 ? jsonencode("abandon") : jsonencode({ holdMinutes = var.timing.hold_minutes }))
    breaker                = { failures = var.breaker.failures, abandonments = var.breaker.abandonments }
  }
}

resource "aws_s3_object" "settings" {
  bucket       = var.store.bucket
  key          = "fleets/${local.encoded}/settings.json"
  content      = jsonencode(local.settings)
  content_type = "application/json"

  lifecycle {
    precondition {
      condition     = local.end < local.longest_wait
      error_message = "Fleet ${var.group_name}: launch deadline ${var.timing.launch_deadline} s + hold ${60 * var.timing.hold_minutes} s = ${local.end} s must be less than ${local.longest_wait} s, when AWS ends the wait itself: the smaller of 48 h (172800 s) and 100 x heartbeat (100 x ${local.hook.heartbeat} s = ${100 * local.hook.heartbeat} s)."
    }
    precondition {
      condition     = var.timing.launch_deadline >= local.needed
      error_message = "Fleet ${var.group_name}: launch deadline ${var.timing.launch_deadline} s must be at least agent deadline ${var.timing.agent_deadline} s + ${var.timing.attempts} attempts x (delivery ${var.timing.delivery_timeout} s + run ${var.timing.run_timeout} s) + backoff ${local.backoff} s = ${local.needed} s, or an instance would be abandoned while a run may still succeed."
    }
    precondition {
      condition     = var.fallback == null || local.needed + local.bastion_run < var.timing.launch_deadline
      error_message = "Fleet ${var.group_name} falls back: launch deadline ${var.timing.launch_deadline} s must be more than agent deadline ${var.timing.agent_deadline} s + ${var.timing.attempts} attempts x (delivery ${var.timing.delivery_timeout} s + run ${var.timing.run_timeout} s) + backoff ${local.backoff} s + one run through the bastion (${var.timing.run_timeout} s + ${local.exchanges} s of exchanges) = ${local.needed + local.bastion_run} s."
    }
    precondition {
      condition     = local.fallback_after + local.bastion_run <= var.timing.launch_deadline
      error_message = "Fleet ${var.group_name} falls back: after ${local.fallback_after} s + one run through the bastion (${var.timing.run_timeout} s + ${local.exchanges} s of exchanges) = ${local.fallback_after + local.bastion_run} s must not be more than the launch deadline, ${var.timing.launch_deadline} s."
    }
  }
}

module "policy" {
  source = "../fleet_policy"

  fleets = { (var.group_name) = { name = var.document.name, arn = var.document.arn } }
}

# Inline, so that it goes with its fleet. Where there are many fleets module fleet_permissions writes it, and there is no role.
resource "aws_iam_role_policy" "functions" {
  for_each = var.launch_function.role_names

  name   = "fleet-${substr(sha256(var.group_name), 0, 16)}"
  role   = each.value
  policy = module.policy.json
}

locals {
  # Where the environment's rules hear this fleet's hook and document already, it needs none of its own.
  rules = { for name, rule in {
    launch = {
      heard       = contains(var.launch_function.hook_names, local.hook_name)
      description = "An instance of ${var.group_name} waits at its launch hook"
      source      = "aws.autoscaling"
      type        = "EC2 Instance-launch Lifecycle Action"
      detail      = jsonencode({ AutoScalingGroupName = [var.group_name], LifecycleHookName = [local.hook_name] })
    }
    commands = {
      heard       = contains(var.launch_function.document_names, var.document.name)
      description = "A command with the document of ${var.group_name} has ended"
      source      = "aws.ssm"
      type        = "EC2 Command Invocation Status-change Notification"
      detail      = jsonencode({ "document-name" = [var.document.name], status = ["Success", "Failed", "TimedOut", "Cancelled"] })
    }
  } : name => rule if !rule.heard }
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.rules

  name        = "${var.name}-${each.key}-${substr(sha256(var.group_name), 0, 16)}"
  description = each.value.description
  event_pattern = jsonencode({
    source        = [each.value.source]
    "detail-type" = [each.value.type]
    detail        = jsondecode(each.value.detail)
  })
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.rules

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "launches"
  arn       = var.launch_function.queue_arn
}

moved {
  from = aws_cloudwatch_event_rule.launch[0]
  to   = aws_cloudwatch_event_rule.this["launch"]
}

moved {
  from = aws_cloudwatch_event_rule.commands[0]
  to   = aws_cloudwatch_event_rule.this["commands"]
}

moved {
  from = aws_cloudwatch_event_target.launch[0]
  to   = aws_cloudwatch_event_target.this["launch"]
}

moved {
  from = aws_cloudwatch_event_target.commands[0]
  to   = aws_cloudwatch_event_target.this["commands"]
}

# Last: from here on launches are held.
resource "aws_autoscaling_lifecycle_hook" "existing" {
  count = var.attach_hook ? 1 : 0

  name                   = local.hook.name
  autoscaling_group_name = data.aws_autoscaling_group.existing[0].name
  lifecycle_transition   = local.hook.transition
  default_result         = local.hook.default_result
  heartbeat_timeout      = local.hook.heartbeat

  depends_on = [
    aws_cloudwatch_event_target.this,
    aws_iam_role_policy.functions,
    aws_s3_object.settings,
    aws_lambda_invocation.propose,
  ]

  lifecycle {
    # Another name is another hook: no launch slips past in between.
    create_before_destroy = true

    postcondition {
      condition     = (self.default_result == "CONTINUE" && self.heartbeat_timeout == 120) || !local.observes
      error_message = "Fleet ${var.group_name} observes, so its hook must let launches go on by itself: default_result CONTINUE and heartbeat 120 s."
    }
  }
}
