variable "name" {
  description = "Begins the name of everything here: <project>-<env>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 of a-z, 0-9 and hyphen, beginning with a letter, not '${var.name}'."
  }
}

variable "kms_key_arn" {
  description = "The key that images are encrypted with: bundle_store's."
  type        = string
}

variable "kept" {
  description = "How many images are kept, 2 to 100: the one that runs, and those to roll back to."
  type        = number
  default     = 10

  validation {
    condition     = var.kept >= 2 && var.kept <= 100
    error_message = "kept must be 2 to 100, not ${var.kept}: with one image alone there is none to roll back to."
  }
}
