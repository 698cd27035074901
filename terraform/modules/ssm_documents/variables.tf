variable "folder" {
  description = "The folder with the documents. A file Gantry-<Name>.json, .yml or .yaml there is a Command document <prefix><Name>; all other files are ignored."
  type        = string
}

variable "prefix" {
  description = "What each document's name begins with instead of Gantry-, so that two environments can share an account and a Region: <project>-<env>-."
  type        = string
  default     = "Gantry-"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{0,64}$", var.prefix)) && !can(regex("^(?i)(aws|amazon|amzn)", var.prefix))
    error_message = "prefix must be up to 64 of a-z, A-Z, 0-9, dot, hyphen and underscore, and not begin with aws, amazon or amzn, which are AWS's own; it is '${var.prefix}'."
  }
}
