variable "project" {
  description = "What every name of the project begins with."
  type        = string
}

variable "environment" {
  description = "The environment: its names begin with <project>-<environment>-."
  type        = string
}

variable "others" {
  description = "The account's other environments, whose fleets no role of this one may touch."
  type        = list(string)
  default     = []

  validation {
    condition     = !contains(var.others, var.environment)
    error_message = "others must be other environments than ${var.environment}."
  }
}

variable "read_buckets" {
  description = "Buckets of others that instances of the environment read videos or archives from."
  type        = list(string)
  default     = []
}

variable "iam_prefix" {
  description = "What the policy's name begins with (iam_prefix of the environment's configuration); empty for nothing."
  type        = string
  default     = ""
}
