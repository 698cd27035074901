variable "name" {
  description = "The role's name: <project>-<env>-plan, <project>-<env>-apply."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.name))
    error_message = "name must be a role's name of at most 64 characters, not '${var.name}'."
  }
}

variable "provider_arn" {
  description = "The account's OIDC provider of GitHub Actions."
  type        = string
}

variable "repository" {
  description = "owner/name on GitHub."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository must be owner/name, not '${var.repository}'."
  }
}

variable "subjects" {
  description = "Which runs may take the role, as the end of the token's subject: pull_request, environment:dev, ref:refs/heads/main."
  type        = list(string)

  validation {
    condition     = length(var.subjects) > 0 && alltrue([for subject in var.subjects : can(regex("^(pull_request|environment:[A-Za-z0-9_-]+|ref:refs/(heads|tags)/[A-Za-z0-9._/-]+)$", subject))])
    error_message = "subjects must be pull_request, environment:NAME or ref:refs/heads/NAME, without wildcards (a wildcard lets every branch in), not: ${join(", ", var.subjects)}."
  }
}

variable "kind" {
  description = "plan (reads) or apply (changes what bears the project's name)."
  type        = string

  validation {
    condition     = contains(["plan", "apply"], var.kind)
    error_message = "kind must be plan or apply, not '${var.kind}'."
  }

  validation {
    condition     = var.kind != "apply" || !contains(var.subjects, "pull_request")
    error_message = "A pull request may plan and not apply: give an apply role subjects like environment:dev, whose approval GitHub asks for."
  }
}

variable "project" {
  description = "What every name of the project begins with."
  type        = string
}

variable "environment" {
  description = "The environment: names begin with <project>-<environment>-, and the role changes nothing else."
  type        = string
}

variable "boundary_arn" {
  description = "The environment's permissions boundary: an apply role makes no role without it."
  type        = string
}

variable "zone_ids" {
  description = "The hosted zones in which an apply may write names; none by default."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for zone in var.zone_ids : can(regex("^Z[A-Z0-9]{1,31}$", zone))])
    error_message = "zone_ids must be ids of hosted zones (Z…), not: ${join(", ", var.zone_ids)}."
  }
}

variable "state_bucket_arn" {
  description = "The bucket of Terraform's state."
  type        = string
}

variable "session_seconds" {
  description = "How long a session lasts at most: an apply waits for launches, so longer than the longest launch deadline and a quarter of an hour."
  type        = number
  default     = 7200

  validation {
    condition     = var.session_seconds >= 3600 && var.session_seconds <= 43200
    error_message = "session_seconds must be 3600 to 43200 (IAM's limits), not ${var.session_seconds}."
  }
}

variable "iam_path" {
  description = "The IAM path of the environment's roles and profiles (iam_path of its configuration). The pipeline's own roles have none."
  type        = string
  default     = "/"

  validation {
    # docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: Path.
    condition     = can(regex("^/([A-Za-z0-9_.+=,@-]+/)*$", var.iam_path))
    error_message = "iam_path must begin and end with a slash, with letters, digits and _.+=,@- between, like /teams/video/, and not be '${var.iam_path}'."
  }
}

variable "iam_prefix" {
  description = "What the names of the environment's roles and profiles, and of the pipeline's own roles, begin with (iam_prefix of its configuration)."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[A-Za-z0-9_.+=,@-]{0,20}$", var.iam_prefix))
    error_message = "iam_prefix must be at most 20 letters, digits and _.+=,@-, like acme-, and not be '${var.iam_prefix}'."
  }
}
