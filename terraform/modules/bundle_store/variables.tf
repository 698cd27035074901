variable "name" {
  description = "Begins the name of everything here: <project>-<env>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 of a-z, 0-9 and hyphen, beginning with a letter, not '${var.name}'."
  }
}

variable "force_destroy" {
  description = "Whether destroying the environment empties the bucket: bundles, ledger, failures, all versions. For environments whose data is not needed any more."
  type        = bool
  default     = false
}

variable "remover_arns" {
  description = "The roles that may delete bundles and wheelhouses, for destroying the environment; null for the apply role that bootstrap makes. A role that destroys by hand is not needed here: Terraform removes the policy before the bucket is emptied."
  type        = list(string)
  default     = null

  validation {
    condition     = alltrue([for arn in coalesce(var.remover_arns, []) : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "remover_arns must be ARNs of roles or users, without wildcards, not: ${join(", ", coalesce(var.remover_arns, []))}."
  }
}

variable "reasons_kept_days" {
  description = "How long reasons are kept (failures/, abandonments/), in days. The breaker counts them for one launch deadline, at most 48 h."
  type        = number
  default     = 90

  validation {
    condition     = var.reasons_kept_days >= 3
    error_message = "reasons_kept_days must be 3 or more, not ${var.reasons_kept_days}: the breaker counts abandonments of one launch deadline, which is up to 48 h, and S3 expires objects by whole days."
  }
}

variable "bastion_kept_days" {
  description = "How long what the bastion channel leaves is kept (hostkeys/, bastion/jump/, bastion/answers/), in days: longer than a launch, 48 h at most. Null where there is no such channel."
  type        = number
  default     = null

  validation {
    condition     = try(var.bastion_kept_days >= 3, true)
    error_message = "bastion_kept_days must be 3 or more, not ${coalesce(var.bastion_kept_days, 0)}: a launch may take 48 h, and S3 expires objects by whole days."
  }
}

variable "diagnostics_kept_days" {
  description = "How long what instances upload about themselves (diagnostics/) is kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = var.diagnostics_kept_days >= 1
    error_message = "diagnostics_kept_days must be 1 or more, not ${var.diagnostics_kept_days}."
  }
}

variable "kms_key_arn" {
  description = "A KMS key of yours, whose policy says what that of the key made here says (README); null for a key made here."
  type        = string
  default     = null

  validation {
    # An alias can be moved to another key, and policies do not know it.
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, not of an alias, and not '${coalesce(var.kms_key_arn, "null")}'."
  }
}

variable "iam_prefix" {
  description = "What the names of IAM roles begin with: the environment's apply role may delete bundles."
  type        = string
  default     = ""
}
