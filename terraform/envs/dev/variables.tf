# None of these is needed: they are for tests, and for builds that stand elsewhere.

variable "config" {
  description = "Another configuration than config/dev.yml."
  type        = string
  default     = null
}

variable "function_zip" {
  description = "The functions' zip; null for what Maven leaves in lambda/function/target."
  type        = string
  default     = null
}

variable "bastion_function_zip" {
  description = "The bastion function's zip; null for what Maven leaves in lambda/bastion/target."
  type        = string
  default     = null
}

variable "bastion_instance_zip" {
  description = "The instances' side of the bastion channel; null for .gantry/fallback/program.zip."
  type        = string
  default     = null
}

variable "bundle" {
  description = "The bundle; null for the one in .gantry/bundles/dev."
  type        = string
  default     = null
}

variable "workload" {
  description = "The folder with videos/ and artifacts/ for the bucket; null for .gantry/workload/dev."
  type        = string
  default     = null
}

variable "aws_command" {
  description = "The aws CLI that uploads the bundle."
  type        = string
  default     = "aws"
}
