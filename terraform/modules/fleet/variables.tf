variable "name" {
  description = "The environment's <project>-<env>: the launch queue takes events of rules that begin with it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 of a-z, 0-9 and hyphen, beginning with a letter, not '${var.name}'."
  }
}

variable "group_name" {
  description = "The Auto Scaling group, which is the fleet's name."
  type        = string

  validation {
    # CreateAutoScalingGroup: ASCII 33 to 126 without the colon, at most 255 characters.
    condition     = can(regex("^[!-9;-~]{1,255}$", var.group_name))
    error_message = "group_name must be 1 to 255 ASCII characters without space and colon, as Auto Scaling takes it, not '${var.group_name}'."
  }
}

variable "attach_hook" {
  description = "Whether the group is there already: then this module gives it the hook. A group that is made together with its fleet takes hook from the outputs, as initial_lifecycle_hook, so that its first instances do not slip past."
  type        = bool
  default     = true
}

variable "mode" {
  description = "'observe' to adopt a live group: Gantry sends nothing, logs what it would do and lets every launch continue. 'enforce' is a second, deliberate apply."
  type        = string
  default     = "enforce"

  validation {
    condition     = contains(["enforce", "observe"], var.mode)
    error_message = "mode must be enforce or observe, not '${var.mode}'."
  }
}

variable "hook_name" {
  description = "The launch hook's name; null for the first that the environment's rule hears (its name, gantry-dev)."
  type        = string
  default     = null

  validation {
    condition     = var.hook_name == null || can(regex("^[A-Za-z0-9_/-]{1,255}$", var.hook_name))
    error_message = "hook_name must be 1 to 255 of A-Z, a-z, 0-9, hyphen, underscore and slash, not '${coalesce(var.hook_name, "null")}'."
  }
}

variable "document" {
  description = "The Command document, pinned: name, version (a number; $LATEST and $DEFAULT move under a fleet), and its sha256 where SendCommand is to check it. parameters are the document's own, the same for each run; identifies_runs says that a copy of the hardened document under another name takes the run's id, too."
  type = object({
    name            = string
    version         = string
    hash            = optional(string)
    arn             = optional(string)
    identifies_runs = optional(bool)
    parameters      = optional(map(string))
  })

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.:/-]{3,128}$", var.document.name))
    error_message = "document.name must be a document's name or ARN, not '${var.document.name}'."
  }

  validation {
    condition     = can(regex("^[1-9][0-9]{0,9}$", var.document.version))
    error_message = "document.version must be a number, not '${var.document.version}': $LATEST and $DEFAULT change under a fleet. Look it up with: aws ssm describe-document --name ${var.document.name} --query Document.LatestVersion"
  }

  validation {
    condition     = var.document.hash == null || can(regex("^[0-9a-f]{64}$", var.document.hash))
    error_message = "document.hash must be a sha256 of 64 hex digits."
  }
}

variable "playbook" {
  description = "The playbook's path within the bundle."
  type        = string
  default     = "playbook.yml"

  validation {
    condition     = can(regex("^(\\./)?\\.?[A-Za-z0-9_()][A-Za-z0-9_.()-]*(/\\.?[A-Za-z0-9_()-][A-Za-z0-9_.()-]*)*\\.(yml|yaml)$", var.playbook))
    error_message = "playbook must be a path within the bundle that ends in .yml or .yaml, of letters, digits, dots, hyphens, underscores, parentheses and slashes, without '..' and a '/' or '-' at its beginning, not '${var.playbook}'."
  }
}

variable "extra_variables" {
  description = "The document's ExtraVariables. It refuses | : ( ) ; & even when quoted: addresses and lists belong into the bundle's group_vars."
  type        = string
  default     = "SSM=True"

  validation {
    condition     = can(regex("^\\s*(\\w+=('[^|:();&']+'|[^\\s|:();&]+)(\\s+\\w+=('[^|:();&']+'|[^\\s|:();&]+))*)?\\s*$", var.extra_variables))
    error_message = "extra_variables must be name=value pairs with spaces between them, a value with spaces in single quotes, and none of | : ( ) ; & (AWS-ApplyAnsiblePlaybooks refuses anything else, and the command with it): put other values into the bundle's group_vars."
  }

  validation {
    condition     = !coalesce(var.document.identifies_runs, can(regex("^(arn:.*:document/)?Gantry-ApplyAnsiblePlaybooks$", var.document.name))) || can(regex("^$|^\\w+=([^\\s|:();&$`\\\"\\\\']+|'[^|:();&$`\\\"\\\\'\\r\\n]+')( +\\w+=([^\\s|:();&$`\\\"\\\\']+|'[^|:();&$`\\\"\\\\'\\r\\n]+'))*$", trimspace(var.extra_variables)))
    error_message = "extra_variables must be name=value pairs with spaces between them, a value with spaces in single quotes, and none of | : ( ) ; & $ ` \" \\ with the hardened document, which refuses anything else: put other values into the bundle's group_vars."
  }
}

variable "install_dependencies" {
  description = "Whether the document installs Ansible from the network, unpinned, at each run. False where the image or user data brings it."
  type        = bool
  default     = false
}

variable "verbose" {
  description = "How much Ansible says: -v to -vvvv."
  type        = string
  default     = "-v"

  validation {
    condition     = can(regex("^-v{1,4}$", var.verbose))
    error_message = "verbose must be -v, -vv, -vvv or -vvvv, not '${var.verbose}'."
  }
}

variable "timing" {
  description = "The fleet's time limits, in seconds: launch_deadline, agent_deadline, backoff, delivery_timeout, run_timeout, heartbeat; the number of attempts; and the minutes for which a failed instance is held for inspection."
  type = object({
    launch_deadline  = optional(number, 3600)
    agent_deadline   = optional(number, 600)
    attempts         = optional(number, 2)
    backoff          = optional(number, 30)
    delivery_timeout = optional(number, 120)
    run_timeout      = optional(number, 900)
    heartbeat        = optional(number, 1800)
    hold_minutes     = optional(number, 0)
  })
  default = {}

  validation {
    condition     = alltrue([for value in values(var.timing) : floor(value) == value])
    error_message = "timing must be whole numbers."
  }

  validation {
    condition     = var.timing.heartbeat >= 30 && var.timing.heartbeat <= 7200
    error_message = "timing.heartbeat must be 30 to 7200 s (PutLifecycleHook), not ${var.timing.heartbeat}."
  }

  validation {
    condition     = var.timing.delivery_timeout >= 30 && var.timing.delivery_timeout <= 2592000
    error_message = "timing.delivery_timeout must be 30 to 2592000 s (SendCommand), not ${var.timing.delivery_timeout}."
  }

  validation {
    condition     = var.timing.run_timeout >= 5 && var.timing.run_timeout <= 172800
    error_message = "timing.run_timeout must be 5 to 172800 s, not ${var.timing.run_timeout}: outside of that the agent takes 3600."
  }

  validation {
    condition     = var.timing.attempts >= 1 && var.timing.attempts <= 10
    error_message = "timing.attempts must be 1 to 10, not ${var.timing.attempts}."
  }

  validation {
    condition     = var.timing.backoff >= 1 && var.timing.backoff <= 300
    error_message = "timing.backoff must be 1 to 300 s, not ${var.timing.backoff}."
  }

  validation {
    condition     = var.timing.agent_deadline >= 30
    error_message = "timing.agent_deadline must be 30 s or more, not ${var.timing.agent_deadline}."
  }

  validation {
    condition     = var.timing.hold_minutes >= 0
    error_message = "timing.hold_minutes must be 0 or more, not ${var.timing.hold_minutes}."
  }
}

variable "breaker" {
  description = "failures: a bundle on which this many instances failed is quarantined. abandonments: if more than this, of any cause, happen within one launch deadline, the group's launches are suspended; should be above its largest burst."
  type = object({
    failures     = optional(number, 3)
    abandonments = optional(number, 10)
  })
  default = {}

  validation {
    condition     = var.breaker.failures >= 1 && var.breaker.failures <= 100
    error_message = "breaker.failures must be 1 to 100, not ${var.breaker.failures}."
  }

  validation {
    condition     = var.breaker.abandonments >= 1 && var.breaker.abandonments <= 1000
    error_message = "breaker.abandonments must be 1 to 1000, not ${var.breaker.abandonments}."
  }
}

variable "store" {
  description = "Gantry's bucket: the outputs of bundle_store."
  type        = object({ bucket = string, bucket_arn = string, kms_key_arn = string })
}

variable "launch_function" {
  description = "The functions and their queue: the outputs of launch_function."
  type = object({
    queue_url      = string
    queue_arn      = string
    role_names     = map(string)
    operator       = object({ name = string, alias = string, arn = string })
    hook_names     = list(string)
    document_names = list(string)
  })
}

variable "bundle" {
  description = "A bundle (gantry bundle makes it) to upload and to propose to the fleet; null where gantry publish does that."
  type        = string
  default     = null

  validation {
    condition     = var.bundle == null || try(fileexists(var.bundle), false)
    error_message = "There is no bundle at ${coalesce(var.bundle, "null")}. Make it with: scripts/gantry bundle"
  }
}

variable "aws_command" {
  description = "The aws CLI that uploads the bundle (any version that knows put-object --if-none-match)."
  type        = string
  default     = "aws"
}

variable "aws_role_arn" {
  description = "The role that the aws CLI takes before it uploads: that of the provider's assume_role, where the provider takes one."
  type        = string
  default     = null
}

variable "objects" {
  description = "What the bundle reads from the bucket beside itself, by key prefix: the files of this folder are put there before the bundle is proposed (first_only: only where nothing is below the prefix). If the prefix is still empty then, the apply ends with what to do, before an instance is launched."
  type = map(object({
    folder     = optional(string, "")
    first_only = optional(bool, false)
    how        = string
  }))
  default = {}

  validation {
    condition     = alltrue([for prefix in keys(var.objects) : can(regex("^[^/].*/$", prefix))])
    error_message = "objects are by key prefixes that end with a slash, not: ${join(", ", keys(var.objects))}."
  }
}

variable "announce" {
  description = "Whether instances tell the queue once their agent has registered, which makes Gantry's first look immediate."
  type        = bool
  default     = false

  validation {
    condition     = !var.announce || (var.attached.instance_policy && var.attached.user_data)
    error_message = "announce = true needs what only the instances' owner can attach: ${join(" and ", compact([var.attached.instance_policy ? "" : "output instance_policy on the instances' role (attached.instance_policy = true says that it is)", var.attached.user_data ? "" : "output announce in their user data (attached.user_data = true says that it is)"]))}."
  }
}

variable "fallback" {
  description = "What happens where Systems Manager does not answer: null for nothing, or the bastion (module bastion_fallback) after_seconds from the beginning of a stay; null there for agent_deadline. program_sha256 is bastion_fallback's output."
  type        = object({ after_seconds = optional(number), program_sha256 = string })
  default     = null

  validation {
    condition     = var.fallback == null || coalesce(var.document.identifies_runs, can(regex("^(arn:.*:document/)?Gantry-ApplyAnsiblePlaybooks$", var.document.name)))
    error_message = "fallback needs the hardened document (Gantry-ApplyAnsiblePlaybooks, or a copy with identifies_runs = true), not '${var.document.name}': its lock and records on the instance are what keeps two channels from running the bundle twice."
  }

  validation {
    condition     = var.fallback == null || (var.attached.instance_policy && var.attached.user_data)
    error_message = "fallback needs what only the instances' owner can attach: ${join(" and ", compact([var.attached.instance_policy ? "" : "output instance_policy on the instances' role (attached.instance_policy = true says that it is)", var.attached.user_data ? "" : "output fallback in their user data (attached.user_data = true says that it is)"]))}."
  }

  validation {
    condition     = var.fallback == null || try(can(regex("^[0-9a-f]{64}$", var.fallback.program_sha256)), false)
    error_message = "fallback.program_sha256 must be a sha256: bastion_fallback's output."
  }

  validation {
    condition     = try(floor(var.fallback.after_seconds) == var.fallback.after_seconds && var.fallback.after_seconds >= 30, true)
    error_message = "fallback.after_seconds must be a whole number of 30 or more."
  }

  validation {
    condition     = var.fallback == null || var.mode == "enforce"
    error_message = "A fleet that observes runs nothing, so it has no fallback: take it away, or mode = \"enforce\"."
  }
}

variable "attached" {
  description = "What the owner of the group's instances declares to have attached to them: this module cannot see it."
  type = object({
    instance_policy = optional(bool, false)
    user_data       = optional(bool, false)
  })
  default = {}
}
