variable "name" {
  description = "Begins the name of everything here, for example gantry-prod; fleets take it too, as the name of their hook."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 of a-z, 0-9 and hyphen, beginning with a letter, not '${var.name}'."
  }
}

variable "function_zip" {
  description = "The functions' zip: of a release, or as `mvn -pl lambda/function -am package` leaves it."
  type        = string
}

variable "architecture" {
  description = "The functions' processors, for which the zip must be made: x86_64 or arm64."
  type        = string
  default     = "x86_64"
}

variable "emails" {
  description = "Addresses that get every page and alarm. Each must confirm the subscription by the link that AWS sends."
  type        = list(string)
  default     = []
}

variable "fleets" {
  description = "By group name, the launch deadline in seconds (fleet's output launch_deadline_seconds) and what is promised of launches, for alarms: as observability says."
  type = map(object({
    in_time_seconds     = optional(number, 900)
    share_in_time       = optional(number, 0.95)
    oldest_stay_percent = optional(number, 70)
    deadline            = number
  }))
}

variable "kms_key_arn" {
  description = "A KMS key of yours, whose policy says what bundle_store asks for; null for a key made here."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether destroying this empties the bucket: bundles, ledger, failures, all versions."
  type        = bool
  default     = false
}

variable "permissions_boundary" {
  description = "The policy that bounds every role made here (an ARN); null for none."
  type        = string
  default     = null
}

variable "iam_path" {
  description = "The IAM path of the roles and profiles that are made."
  type        = string
  default     = "/"
}

variable "iam_prefix" {
  description = "What the names of the roles and profiles that are made begin with, before everything else; empty for nothing."
  type        = string
  default     = ""
}
