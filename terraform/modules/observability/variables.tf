variable "name" {
  description = "The environment's <project>-<env>."
  type        = string
}

variable "topic_arn" {
  description = "Where alarms go: the pager's topic."
  type        = string
}

variable "functions" {
  description = "The functions' names by what they are for: launch_function's output."
  type        = object({ launch_queue = string, sweep = string, operator = string })
}

variable "log_groups" {
  description = "Their log groups."
  type        = object({ launch_queue = string, sweep = string, operator = string })
}

variable "queues" {
  description = "The queues' names: launches, and the two dead-letter queues."
  type        = object({ launches = string, launches_dead = string, pages_dead = string })
}

variable "fleets" {
  description = "By group name, what is promised: a launch is in service within in_time_seconds (also the alarm on their p99), in this share of all launches of an hour; an alarm fires when one has waited for oldest_stay_percent of its launch deadline."
  type = map(object({
    in_time_seconds     = optional(number, 900)
    share_in_time       = optional(number, 0.95)
    oldest_stay_percent = optional(number, 70)
    deadline            = number
  }))

  validation {
    condition     = alltrue([for fleet in values(var.fleets) : fleet.share_in_time > 0 && fleet.share_in_time <= 1])
    error_message = "share_in_time must be above 0 and at most 1: ${join(", ", [for name, fleet in var.fleets : "${name} has ${fleet.share_in_time}"])}."
  }

  validation {
    condition     = alltrue([for fleet in values(var.fleets) : fleet.oldest_stay_percent > 0 && fleet.oldest_stay_percent < 100])
    error_message = "oldest_stay_percent must be above 0 and below 100, where instances are abandoned: ${join(", ", [for name, fleet in var.fleets : "${name} has ${fleet.oldest_stay_percent}"])}."
  }

  validation {
    condition     = alltrue([for fleet in values(var.fleets) : fleet.in_time_seconds <= fleet.deadline])
    error_message = "in_time_seconds must not be above the launch deadline, at which launches are abandoned: ${join(", ", [for name, fleet in var.fleets : "${name} promises ${fleet.in_time_seconds} s with a deadline of ${fleet.deadline} s"])}."
  }
}

variable "load_balancers" {
  description = "Load balancer and target group as CloudWatch's dimensions name them, by what their alarm is called after: the group name of a fleet above, or anything with that name as fleet."
  type        = map(object({ load_balancer = string, target_group = string, fleet = optional(string) }))
  default     = {}
}

variable "fallback" {
  description = "Where launches may go through the bastion: the topic that informs of it, and the dead-letter queue. Null where there is no such channel."
  type        = object({ topic_arn = string, dead_letters = string })
  default     = null
}

variable "sweep_missing_minutes" {
  description = "After how many minutes without a finished sweep the alarm fires."
  type        = number
  default     = 3

  validation {
    condition     = var.sweep_missing_minutes >= 2 && var.sweep_missing_minutes <= 15
    error_message = "sweep_missing_minutes must be 2 to 15, not ${var.sweep_missing_minutes}: one late sweep is no outage, and a heartbeat is not for ever."
  }
}
