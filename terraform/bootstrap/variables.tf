variable "project" {
  description = "What every name begins with."
  type        = string
  default     = "gantry"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,15}$", var.project))
    error_message = "project must be 2 to 16 of a-z and 0-9, beginning with a letter, not '${var.project}'."
  }
}

variable "region" {
  description = "Where state and addresses are."
  type        = string
  default     = "eu-central-1"
}

variable "environments" {
  description = "The environments, where they are not those of config/*.yml (null): how many addresses are kept for each (one for each of its zones, or none), how long its apply may take, the hosted zones in which it may write names, and the buckets of others that its instances read."
  type = map(object({
    addresses       = optional(number, 0)
    session_seconds = optional(number, 7200)
    zone_ids        = optional(list(string), [])
    iam_path        = optional(string, "/")
    iam_prefix      = optional(string, "")
    read_buckets    = optional(list(string), [])
  }))
  default = null

  validation {
    condition     = alltrue([for name, environment in coalesce(var.environments, {}) : can(regex("^[a-z][a-z0-9]{1,7}$", name)) && name != "tfstate" && contains([0, 2, 3, 4], environment.addresses)])
    error_message = "environments must have names of 2 to 8 of a-z and 0-9 (not tfstate, which names the bucket of states), and 0 or 2 to 4 addresses: ${join(", ", [for name, environment in coalesce(var.environments, {}) : "${name} has ${environment.addresses}"])}."
  }
}

variable "github_provider_arn" {
  description = "The account's OIDC provider of GitHub's tokens, where there is one already; null makes it."
  type        = string
  default     = null
}

variable "check_protection" {
  description = "Whether GitHub is asked, before roles are made, if each environment has reviewers and takes protected branches alone. False if GitHub cannot be reached from here: then check yourself."
  type        = bool
  default     = true
}

variable "github_api" {
  description = "GitHub's API; another one for GitHub Enterprise."
  type        = string
  default     = "https://api.github.com"
}

variable "repository" {
  description = "owner/name on GitHub, whose workflows get roles; null for none."
  type        = string
  default     = null
}

variable "old_state_days" {
  description = "How long older versions of the state are kept."
  type        = number
  default     = 90

  validation {
    condition     = var.old_state_days >= 7
    error_message = "old_state_days must be 7 or more, not ${var.old_state_days}: a broken state is not always noticed the same day."
  }
}
