variable "name" {
  description = "Begins the name of everything here: <project>-<env>."
  type        = string
}

variable "vpc_id" {
  description = "The VPC."
  type        = string

  validation {
    condition     = can(regex("^vpc-[0-9a-f]{8,17}$", var.vpc_id))
    error_message = "vpc_id must be a VPC's id (vpc-…), not '${var.vpc_id}'."
  }
}

variable "public_subnet_ids" {
  description = "Where the load balancer stands: one subnet for each zone. Empty where there is none."
  type        = list(string)
  default     = []
}

variable "private_subnet_ids" {
  description = "Where the instances stand."
  type        = list(string)

  validation {
    condition     = length(var.private_subnet_ids) > 0
    error_message = "private_subnet_ids must name one subnet at least: instances stand there."
  }
}
