variable "project" {
  description = "What every name begins with."
  type        = string
  default     = "gantry"
}

variable "environment" {
  description = "dev, prod, …: names are <project>-<environment>-<what>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,7}$", var.environment))
    error_message = "environment must be 2 to 8 of a-z and 0-9, beginning with a letter, not '${var.environment}': load balancers have short names."
  }
}

variable "config" {
  description = "The section 'terraform' of config/<environment>.yml. What is left out has the default below."
  type = object({
    cidr        = optional(string, "10.20.0.0/16")
    other_cidrs = optional(list(string), [])
    zones       = optional(number, 2)
    # A network that is there already, instead of one with that range.
    network = optional(object({ vpc_id = string, public_subnet_ids = optional(list(string), []), private_subnet_ids = list(string) }))
    # Without one clients reach the instances themselves, and instances are replaced by EC2's checks alone.
    load_balancer = optional(bool, true)
    # A load balancer of yours instead: target groups in which instances are registered (type instance, TCP, port 8554), the
    # security groups from which it sends (none: clients' own addresses come, client_cidrs), how streams' addresses begin.
    target_groups = optional(object({ arns = list(string), security_group_ids = optional(list(string), []), url = optional(string) }))
    outbound      = optional(string, "nat")
    nat_per_zone  = optional(bool, false)
    # The load balancer's addresses outlive the environment: Elastic IPs of bootstrap, one for each zone.
    keep_addresses      = optional(bool, false)
    keep_data           = optional(bool, true)
    deletion_protection = optional(bool, false)
    pager_emails        = optional(list(string), [])
    log_retention_days  = optional(number, 30)
    snap_start          = optional(bool, false)
    # zip-java21, zip-java25 or image-java25-aot (then with the image's address); x86_64 or arm64.
    functions = optional(object({ packaging = optional(string, "zip-java21"), architecture = optional(string, "x86_64"), image_uri = optional(string) }), {})

    # hardened: ApplyAnsiblePlaybooks of this repository, in the version that this apply makes. Otherwise a
    # document's name, with its version.
    document         = optional(string, "AWS-ApplyAnsiblePlaybooks")
    document_version = optional(string, "1")
    # What the documents' names begin with; null for <project>-<environment>-.
    document_prefix      = optional(string)
    document_parameters  = optional(map(string), {})
    install_dependencies = optional(bool, false)

    # scripts/ops/image moves it.
    image_id      = optional(string)
    architecture  = optional(string, "x86_64")
    prepare_image = optional(bool, true)
    instance_type = optional(string)
    # The root volume: system, MediaMTX, videos.
    volume_gigabytes = optional(number, 20)
    size             = optional(object({ min = number, max = number }), { min = 1, max = 2 })
    warm_pool        = optional(object({ min = optional(number, 1), state = optional(string, "Stopped"), reuse = optional(bool, false) }))
    target_tracking  = optional(object({ metric = string, value = number }), { metric = "ASGAverageNetworkOut", value = 3000000000 })
    announce         = optional(bool, true)

    # never, or when-unreachable: then the bastion is there, and takes over fallback_after seconds into a wait (null: the
    # agent's deadline). docs/operations/bastion.md.
    fallback       = optional(string, "never")
    fallback_after = optional(number)
    bastion        = optional(object({ image_id = optional(string), instance_type = optional(string, "t3.nano"), notice_emails = optional(list(string), []) }), {})

    mode = optional(string, "enforce")
    timing = optional(object({
      launch_deadline  = optional(number, 3600)
      agent_deadline   = optional(number, 600)
      attempts         = optional(number, 2)
      backoff          = optional(number, 30)
      delivery_timeout = optional(number, 120)
      run_timeout      = optional(number, 900)
      heartbeat        = optional(number, 1800)
      hold_minutes     = optional(number, 0)
    }), {})
    breaker = optional(object({ failures = optional(number, 3), abandonments = optional(number, 10) }), {})
    goals   = optional(object({ in_time_seconds = optional(number, 900), share_in_time = optional(number, 0.95) }), {})

    client_cidrs = optional(list(string), ["0.0.0.0/0"])
    domain       = optional(object({ name = string, zone = string }))
    lb_health    = optional(object({ interval = optional(number, 10), healthy = optional(number, 2), unhealthy = optional(number, 3) }), {})
    health       = optional(object({ grace = optional(number, 120), warmup = optional(number, 120) }), {})

    # What bounds every role of the environment: null for bootstrap's policy <iam_prefix><project>-<environment>-boundary.
    permissions_boundary = optional(string)
    # A KMS key of yours for bucket, pages and logs: null for one of the environment's. See module bundle_store.
    kms_key_arn = optional(string)
    # The IAM path of every role and profile. Bootstrap reads it, too.
    iam_path = optional(string, "/")
    # What the names of all roles, profiles and bootstrap's policies begin with. Bootstrap reads it, too.
    iam_prefix            = optional(string, "")
    apply_session_seconds = optional(number, 7200)
    # Bootstrap reads it: the hosted zones in which the apply role may write names.
    zone_ids = optional(list(string), [])
  })

  validation {
    condition     = contains(["never", "when-unreachable"], var.config.fallback)
    error_message = "fallback must be never or when-unreachable, not '${var.config.fallback}'."
  }

  validation {
    condition     = var.config.fallback == "never" || var.config.document == "hardened"
    error_message = "fallback: ${var.config.fallback} needs document: hardened, whose lock and records on the instance keep two channels from running a bundle twice; the document is ${var.config.document}."
  }

  validation {
    condition     = var.config.load_balancer && var.config.target_groups == null || (!var.config.keep_addresses && var.config.domain == null)
    error_message = "load_balancer: false and target_groups have neither kept addresses (keep_addresses) nor a domain: both are those of the environment's own load balancer."
  }

  validation {
    condition     = var.config.target_groups == null || alltrue([for arn in try(var.config.target_groups.arns, []) : can(regex("^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:targetgroup/[^/]+/[0-9a-f]+$", arn))]) && length(try(var.config.target_groups.arns, [])) > 0
    error_message = "target_groups.arns must be ARNs of target groups, at least one, not: ${join(", ", try(var.config.target_groups.arns, []))}."
  }

  validation {
    condition     = can(regex("^rtsps?://[^/\\s]+$", var.config.target_groups.url)) || try(var.config.target_groups.url, null) == null
    error_message = "target_groups.url must be how the addresses of streams begin, like rtsp://stream.example.com:8554, without a path."
  }

  validation {
    # A role's name has 64 characters at most: docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html.
    condition     = can(regex("^[A-Za-z0-9_.+=,@-]{0,20}$", var.config.iam_prefix))
    error_message = "iam_prefix must be at most 20 letters, digits and _.+=,@-, like acme-, and not be '${var.config.iam_prefix}'."
  }

  validation {
    # An apply waits until the group's instances are in service.
    condition     = var.config.timing.launch_deadline + 60 * var.config.timing.hold_minutes + 900 <= var.config.apply_session_seconds
    error_message = "A launch may take ${var.config.timing.launch_deadline} s + ${60 * var.config.timing.hold_minutes} s of hold, and an apply 15 minutes more = ${var.config.timing.launch_deadline + 60 * var.config.timing.hold_minutes + 900} s, but the apply role's session ends after ${var.config.apply_session_seconds} s: raise apply_session_seconds here and session_seconds of terraform/bootstrap."
  }
}

variable "bastion_function_zip" {
  description = "The bastion function's zip; not read where nothing falls back."
  type        = string
  default     = null

  validation {
    condition     = var.config.fallback == "never" || try(fileexists(var.bastion_function_zip), false)
    error_message = "fallback: ${var.config.fallback} needs the bastion function, and there is none at ${coalesce(var.bastion_function_zip, "null")}. Build it with: mvn -q -pl lambda/bastion -am package -DskipTests"
  }
}

variable "bastion_instance_zip" {
  description = "The instances' side of the bastion channel (scripts/dev/build-documents --program); not read where nothing falls back."
  type        = string
  default     = null

  validation {
    condition     = var.config.fallback == "never" || try(fileexists(var.bastion_instance_zip), false)
    error_message = "fallback: ${var.config.fallback} needs the instances' program, and there is none at ${coalesce(var.bastion_instance_zip, "null")}. Make it with: scripts/dev/build-documents --program ${coalesce(var.bastion_instance_zip, "FILE")}"
  }
}

# tflint-ignore: terraform_unused_declarations # its validation is what it is for
variable "config_keys" {
  description = "The keys that the section really has, those within a value as key.inner: an unknown key is an error, which an object's type would silently drop."
  type        = list(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.config_keys, flatten([for key, value in var.config : concat([key], [for inner in try(keys(value), []) : "${key}.${inner}"])]))) == 0
    error_message = "The section 'terraform' of the configuration has unknown keys: ${join(", ", setsubtract(var.config_keys, flatten([for key, value in var.config : concat([key], [for inner in try(keys(value), []) : "${key}.${inner}"])])))}. Known are: ${join(", ", flatten([for key, value in var.config : concat([key], [for inner in try(keys(value), []) : "${key}.${inner}"])]))}."
  }
}

variable "function_zip" {
  description = "The functions' zip."
  type        = string
}

variable "bundle" {
  description = "The bundle to upload and propose; null where there is none."
  type        = string
  default     = null

  validation {
    condition     = var.bundle != null
    error_message = "There is no bundle, or more than one. Make it with: rm -rf .gantry/bundles/${var.environment} && scripts/gantry bundle --env ${var.environment} --out .gantry/bundles/${var.environment}"
  }
}

variable "documents" {
  description = "The folder with the Command documents."
  type        = string

  validation {
    condition     = var.config.document != "hardened" || length(fileset(var.documents, "Gantry-ApplyAnsiblePlaybooks.{json,yml,yaml}")) == 1
    error_message = "document: hardened needs Gantry-ApplyAnsiblePlaybooks.json or .yml in ${var.documents}, and there is none, or both."
  }
}

variable "workload" {
  description = "What the bundle's values say of videos and archives, and the folder to put them into the bucket from; see module rtsp_fleet."
  type        = object({ videos = optional(list(string), []), artifacts = optional(string, ""), folder = optional(string, "") })
  default     = {}
}

variable "aws_role_arn" {
  description = "The role that the aws CLI takes before it uploads; see module fleet."
  type        = string
  default     = null
}

variable "aws_command" {
  description = "The aws CLI that uploads the bundle."
  type        = string
  default     = "aws"
}
