variable "name" {
  description = "Begins the name of everything here: <project>-<env>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 of a-z, 0-9 and hyphen, beginning with a letter, not '${var.name}'."
  }
}

variable "function_zip" {
  description = "The functions' zip, as `mvn -pl lambda/function -am package` leaves it; null where packaging is an image."
  type        = string
  default     = null

  validation {
    condition     = startswith(var.packaging, "image-") || try(fileexists(var.function_zip), false)
    error_message = "There is no function package at ${coalesce(var.function_zip, "null")}. Build it with: mvn -q -pl lambda/function -am package -DskipTests"
  }

  validation {
    condition     = var.function_zip == null || endswith(coalesce(var.function_zip, "-"), "arm64.zip") == (var.architecture == "arm64")
    error_message = "architecture is ${var.architecture} and function_zip is ${coalesce(var.function_zip, "null")}: the zip holds a native library. For arm64 it is gantry-function-arm64.zip, for x86_64 gantry-function.zip."
  }
}

variable "image_uri" {
  description = "The functions' image, by digest, for packaging image-java25-aot (lambda/function/Dockerfile; module function_image has its repository)."
  type        = string
  default     = null

  validation {
    condition     = startswith(var.packaging, "image-") == (var.image_uri != null)
    error_message = "packaging is ${var.packaging} and image_uri is ${coalesce(var.image_uri, "null")}: an image needs its address, and a zip has none."
  }

  validation {
    condition     = var.image_uri == null || can(regex("@sha256:[0-9a-f]{64}$", var.image_uri))
    error_message = "image_uri must end with @sha256: and a digest, not '${coalesce(var.image_uri, "null")}': a tag can be moved, and the plan would not show it."
  }
}

variable "bucket" {
  description = "Gantry's bucket (bundle_store)."
  type        = string
}

variable "bucket_arn" {
  description = "The same, for policies."
  type        = string
}

variable "kms_key_arn" {
  description = "The key of the bucket's objects, which the functions' logs are encrypted with, too."
  type        = string
}

variable "pager_queue_url" {
  description = "Where pages are sent (module pager)."
  type        = string
}

variable "pager_queue_arn" {
  description = "The same, for policies."
  type        = string
}

variable "bastion" {
  description = "Where exchanges through the bastion are asked for (outputs of bastion_fallback); null where there is none, and then a fleet that falls back is a misconfiguration."
  type        = object({ queue_url = string, queue_arn = string })
  default     = null
}

variable "hook_names" {
  description = "Launch hooks whose events the launch rule sends to the queue; null for the environment's name alone, so that two environments of an account do not get each other's launch events. A fleet with another hook brings a rule of its own."
  type        = list(string)
  default     = null

  validation {
    condition     = var.hook_names == null || try(length(var.hook_names) > 0, false) && alltrue([for hook in coalesce(var.hook_names, []) : can(regex("^[A-Za-z0-9_/-]{1,255}$", hook))])
    error_message = "hook_names must be names of lifecycle hooks (A-Z, a-z, 0-9, hyphen, underscore, slash), not: ${join(", ", coalesce(var.hook_names, []))}."
  }
}

variable "document_names" {
  description = "Documents whose ended commands the command rule sends to the queue. A fleet with another document brings a rule of its own."
  type        = list(string)
  default     = ["AWS-ApplyAnsiblePlaybooks", "Gantry-ApplyAnsiblePlaybooks"]

  validation {
    condition     = length(var.document_names) > 0
    error_message = "document_names must name one document at least: without it Gantry hears of a finished run only by its sweep."
  }
}

variable "timeout_seconds" {
  description = "The functions' timeout, 10 to 300 s. An instance waits for this and a minute before another worker takes a killed one's claim."
  type        = number
  default     = 60

  validation {
    condition     = var.timeout_seconds >= 10 && var.timeout_seconds <= 300
    error_message = "timeout_seconds must be 10 to 300, not ${var.timeout_seconds}: a look takes seconds, and a killed worker's claim is taken over only after the timeout and a minute."
  }
}

variable "memory_megabytes" {
  description = "The functions' memory, which sets their share of a CPU, too."
  type        = number
  default     = 1024

  validation {
    condition     = var.memory_megabytes >= 512 && var.memory_megabytes <= 10240
    error_message = "memory_megabytes must be 512 to 10240, not ${var.memory_megabytes}."
  }
}

variable "visibility_timeout_seconds" {
  description = "The launch queue's visibility timeout: when a message comes back whose function was killed."
  type        = number
  default     = 360

  validation {
    # docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: at least six times the function's timeout.
    condition     = var.visibility_timeout_seconds >= 6 * var.timeout_seconds && var.visibility_timeout_seconds <= 43200
    error_message = "visibility_timeout_seconds must be at least 6 x timeout_seconds = 6 x ${var.timeout_seconds} = ${6 * var.timeout_seconds}, as Lambda asks for SQS, and at most 43200; it is ${var.visibility_timeout_seconds}."
  }
}

variable "max_receive_count" {
  description = "How often a message may be received before it goes to the dead-letter queue, up to SQS's 1,000."
  type        = number
  default     = 1000

  validation {
    # lambda/function's Waiting: a launch message is received up to 900 times, and never once it waits 30 s or more for
    # longer than its fleet's agent deadline.
    condition     = var.max_receive_count > 900 && var.max_receive_count <= 1000
    error_message = "max_receive_count must be 901 to 1000, not ${var.max_receive_count}: a launch message waits by being received again, up to 900 times, and one that is looked at too often must not be taken for one that cannot be handled."
  }
}

variable "maximum_concurrency" {
  description = "How many batches of the queue are handled at a time, 2 to 1,000: a bound on Gantry's concurrent calls to SSM and Auto Scaling. scripts/dev/scale measures at 2; more costs more calls per launch."
  type        = number
  default     = 2

  validation {
    condition     = var.maximum_concurrency >= 2 && var.maximum_concurrency <= 1000
    error_message = "maximum_concurrency must be 2 to 1000, not ${var.maximum_concurrency}."
  }
}

variable "snap_start" {
  description = "Whether published versions of a zip start from a snapshot, taken after a rehearsal. Nothing random is drawn and no connection is kept before it, so that no two copies agree. [What it saves](../../../docs/bench.md)."
  type        = bool
  default     = false

  validation {
    # docs.aws.amazon.com/lambda/latest/dg/snapstart.html: not for container images.
    condition     = !var.snap_start || startswith(var.packaging, "zip-")
    error_message = "snap_start does not go with packaging ${var.packaging}: Lambda takes snapshots of zips only. An image starts with its AOT cache instead."
  }
}

variable "log_retention_days" {
  description = "How long the functions' logs are kept, in days that CloudWatch Logs knows."
  type        = number
  default     = 30

  validation {
    condition     = contains([7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days must be 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731, not ${var.log_retention_days}."
  }
}

variable "permissions_boundary" {
  description = "The policy that bounds every role made here (an ARN); null for none. The apply role of bootstrap may make no role without it."
  type        = string
  default     = null
}

variable "packaging" {
  description = "What runs: zip-java21; zip-java25, where the provider knows that runtime (6.x does, 5.100.0 refuses it at plan); or image-java25-aot, which starts fastest without snapshots."
  type        = string
  default     = "zip-java21"

  validation {
    condition     = contains(["zip-java21", "zip-java25", "image-java25-aot"], var.packaging)
    error_message = "packaging must be zip-java21, zip-java25 or image-java25-aot, not '${var.packaging}': the classes are compiled for Java 17, and these are Lambda's runtimes that are kept up to date."
  }
}

variable "architecture" {
  description = "The functions' processors: x86_64, or arm64, which costs a fifth less. The package must be made for them."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64, not '${var.architecture}'."
  }
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
