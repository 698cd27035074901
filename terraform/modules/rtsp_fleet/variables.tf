variable "name" {
  description = "The environment's <project>-<env>."
  type        = string
}

variable "group_name" {
  description = "The group's name; null for <name>-rtsp."
  type        = string
  default     = null
}

variable "subnet_ids" {
  description = "Where instances stand: private subnets."
  type        = list(string)
}

variable "security_group_id" {
  description = "The instances' security group."
  type        = string
}

variable "target_group_arns" {
  description = "The load balancers' target groups, whose health checks then decide about instances. None: instances stand behind no load balancer, and EC2's checks decide."
  type        = list(string)
  default     = []
}

variable "seconds_to_healthy" {
  description = "The minimum time until the load balancer counts a working instance as healthy: its interval x its threshold. 0 where there is none."
  type        = number
  default     = 0
}

variable "image_id" {
  description = "The image; null for the one that was the newest of image_parameter at the first apply."
  type        = string
  default     = null

  validation {
    condition     = var.image_id == null || can(regex("^ami-[0-9a-f]{8,17}$", var.image_id))
    error_message = "image_id must be an image's id (ami-…), not '${coalesce(var.image_id, "null")}'."
  }
}

variable "image_parameter" {
  description = "The public parameter that names the image; null for Canonical's Ubuntu 24.04."
  type        = string
  default     = null
}

variable "architecture" {
  description = "The instances' architecture: x86_64 or arm64 (then instance_type is one of Graviton's, like t4g.small)."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64, not '${var.architecture}'."
  }
}

variable "prepare_image" {
  description = "Whether user data installs the distribution's ansible-core, unzip and boto3 and holds the SSM agent back until then. False for an image that has them."
  type        = bool
  default     = true
}

variable "instance_type" {
  description = "The instances' type; null for t3.small, or t4g.small on arm64."
  type        = string
  default     = null
}

variable "volume_gigabytes" {
  description = "The root volume: system, MediaMTX, videos."
  type        = number
  default     = 20

  validation {
    condition     = var.volume_gigabytes >= 8
    error_message = "volume_gigabytes must be 8 or more (Ubuntu's image has 8), not ${var.volume_gigabytes}."
  }
}

variable "size" {
  description = "How many instances, at least and at most. Between them target tracking and people decide; Terraform does not."
  type        = object({ min = number, max = number })
  default     = { min = 1, max = 4 }

  validation {
    condition     = var.size.min >= 0 && var.size.max >= 1 && var.size.min <= var.size.max
    error_message = "size must have 0 <= min <= max and max >= 1, not min ${var.size.min} and max ${var.size.max}."
  }
}

variable "target_tracking" {
  description = "What the group's size follows: a predefined metric of the group and its target value. Streams are bytes, so outgoing bytes a minute for each instance."
  type        = object({ metric = string, value = number })
  default     = { metric = "ASGAverageNetworkOut", value = 3000000000 }

  validation {
    condition     = contains(["ASGAverageCPUUtilization", "ASGAverageNetworkIn", "ASGAverageNetworkOut"], var.target_tracking.metric) && var.target_tracking.value > 0
    error_message = "target_tracking.metric must be ASGAverageCPUUtilization, ASGAverageNetworkIn or ASGAverageNetworkOut, and its value above 0; they are ${var.target_tracking.metric} and ${var.target_tracking.value}."
  }
}

variable "warm_pool" {
  description = "Instances that are configured and wait stopped; they pass Gantry's gate twice. Null for none."
  type        = object({ min = optional(number, 1), state = optional(string, "Stopped"), reuse = optional(bool, false) })
  default     = null

  validation {
    condition     = var.warm_pool == null || contains(["Stopped", "Running", "Hibernated"], try(var.warm_pool.state, ""))
    error_message = "warm_pool.state must be Stopped, Running or Hibernated, not '${try(var.warm_pool.state, "")}'."
  }
}

variable "health" {
  description = "Seconds after an instance has entered service before a failed health check counts (grace) and before its metrics count (warmup)."
  type        = object({ grace = optional(number, 120), warmup = optional(number, 120) })
  default     = {}
}

variable "refresh_alarm_names" {
  description = "Alarms that stop an instance refresh."
  type        = list(string)
  default     = []
}

variable "document" {
  description = "The Command document, pinned; see module fleet."
  type = object({
    name            = string
    version         = string
    hash            = optional(string)
    arn             = optional(string)
    identifies_runs = optional(bool)
    parameters      = optional(map(string))
  })
}

variable "install_dependencies" {
  description = "Whether the document installs Ansible at each run."
  type        = bool
  default     = false
}

variable "mode" {
  description = "enforce or observe; see module fleet."
  type        = string
  default     = "enforce"
}

variable "timing" {
  description = "The fleet's time limits; see module fleet."
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
}

variable "breaker" {
  description = "When a bundle is quarantined; see module fleet."
  type        = object({ failures = optional(number, 3), abandonments = optional(number, 10) })
  default     = {}
}

variable "fallback" {
  description = "Whether the bastion takes over if Systems Manager does not answer; see module fleet."
  type        = object({ after_seconds = optional(number), program_sha256 = string })
  default     = null
}

variable "announce" {
  description = "Whether instances announce themselves once their agent has registered."
  type        = bool
  default     = true
}

variable "bundle" {
  description = "The bundle to upload and propose; see module fleet."
  type        = string
  default     = null
}

variable "workload" {
  description = "What the instances read from S3, as the bundle's values have it (s3://BUCKET/KEY or s3://BUCKET/PREFIX/; the bucket {{ gantry_bucket }} is Gantry's own): rtsp_server_videos and rtsp_server_artifact_prefix. What folder has below videos/ and artifacts/ is put into Gantry's own bucket, the videos only where it has none."
  type        = object({ videos = optional(list(string), []), artifacts = optional(string, ""), folder = optional(string, "") })
  default     = {}
}

variable "aws_role_arn" {
  description = "The role that the aws CLI takes before it uploads; see module fleet."
  type        = string
  default     = null
}

variable "aws_command" {
  description = "The aws CLI that uploads it."
  type        = string
  default     = "aws"
}

variable "store" {
  description = "The outputs of bundle_store."
  type        = object({ bucket = string, bucket_arn = string, kms_key_arn = string })
}

variable "launch_function" {
  description = "The outputs of launch_function."
  type = object({
    queue_url      = string
    queue_arn      = string
    role_names     = map(string)
    operator       = object({ name = string, alias = string, arn = string })
    hook_names     = list(string)
    document_names = list(string)
    ready          = string
  })
}

variable "permissions_boundary" {
  description = "The policy that bounds every role made here (an ARN); null for none. The apply role of bootstrap may make no role without it."
  type        = string
  default     = null
}

variable "iam_path" {
  description = "The IAM path of the roles and profiles that are made."
  type        = string
  default     = "/"

  validation {
    # docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: Path.
    condition     = can(regex("^/([A-Za-z0-9_.+=,@-]+/)*$", var.iam_path))
    error_message = "iam_path must begin and end with a slash, with letters, digits and _.+=,@- between, like /teams/video/, and not be '${var.iam_path}'."
  }
}

variable "iam_prefix" {
  description = "What the names of the roles and profiles that are made begin with, before everything else; empty for nothing."
  type        = string
  default     = ""
}
