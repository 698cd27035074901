variable "name" {
  description = "What the policies' names begin with: the environment's <project>-<env>."
  type        = string
}

variable "role_names" {
  description = "The functions' roles: role_names of launch_function."
  type        = map(string)
}

variable "fleets" {
  description = "The document of each fleet by the name of its group: its name, and its ARN where that does not follow from the name."
  type        = map(object({ name = string, arn = optional(string) }))
}

variable "fleets_per_policy" {
  description = "How many fleets share a managed policy, which holds 6,144 characters: a fleet takes twice its name and 100 more."
  type        = number
  default     = 20

  validation {
    condition     = var.fleets_per_policy >= 1
    error_message = "fleets_per_policy must be at least 1, not ${var.fleets_per_policy}."
  }
}

variable "path" {
  description = "The policies' IAM path."
  type        = string
  default     = "/"
}
