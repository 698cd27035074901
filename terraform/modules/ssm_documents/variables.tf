variable "folder" {
  description = "The folder with the documents. A file Gantry-<Name>.json, .yml or .yaml there is a Command document of that name; everything else is left alone."
  type        = string
}

variable "prefix" {
  description = "Stands before each document's name, so that two environments can share an account and a Region: <project>-<env>-, or nothing."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{0,64}$", var.prefix)) && !can(regex("^(?i)(aws|amazon|amzn)", var.prefix))
    error_message = "prefix must be up to 64 of a-z, A-Z, 0-9, dot, hyphen and underscore, and not begin with aws, amazon or amzn, which are AWS's own; it is '${var.prefix}'."
  }
}
