variable "name" {
  description = "Begins the name of everything here: <project>-<env>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 of a-z, 0-9 and hyphen, beginning with a letter, not '${var.name}'."
  }
}

variable "emails" {
  description = "Addresses that get every page and alarm. Each must confirm the subscription by the link that AWS sends."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s]+@[^@\\s]+[.][^@\\s]+$", email))])
    error_message = "emails must be e-mail addresses, not: ${join(", ", [for email in var.emails : email if !can(regex("^[^@\\s]+@[^@\\s]+[.][^@\\s]+$", email))])}."
  }
}

variable "kms_key_arn" {
  description = "The key that pages are encrypted with in the topic: bundle_store's, whose policy lets alarms use it."
  type        = string
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
