variable "name" {
  description = "Begins the name of everything here: <project>-<env>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 of a-z, 0-9 and hyphen, beginning with a letter, not '${var.name}'."
  }
}

variable "cidr" {
  description = "The VPC's IPv4 range, /16 to /24: it is cut into sixteen subnets, and a subnet is /28 or larger."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]), 0) >= 16 && try(tonumber(split("/", var.cidr)[1]), 99) <= 24
    error_message = "cidr must be an IPv4 range from /16 to /24 like 10.20.0.0/16, not '${var.cidr}'."
  }
}

# tflint-ignore: terraform_unused_declarations # its validation is what it is for
variable "other_cidrs" {
  description = "Ranges that this network will be routed to (peered networks, VPNs); the VPC must overlap none of them."
  type        = list(string)
  default     = []

  validation {
    # Two ranges overlap when they are the same network at the shorter of their two prefixes.
    condition = alltrue([
      for other in var.other_cidrs : cidrhost("${split("/", var.cidr)[0]}/${min(split("/", var.cidr)[1], split("/", other)[1])}", 0) !=
      cidrhost("${split("/", other)[0]}/${min(split("/", var.cidr)[1], split("/", other)[1])}", 0)
    ])
    error_message = "cidr ${var.cidr} overlaps one of other_cidrs (${join(", ", var.other_cidrs)}): choose another range, or the two can never be routed to each other."
  }
}

variable "az_count" {
  description = "How many availability zones, 2 to 4: a public and a private subnet in each."
  type        = number
  default     = 2

  validation {
    condition     = var.az_count >= 2 && var.az_count <= 4 && floor(var.az_count) == var.az_count
    error_message = "az_count must be 2, 3 or 4, not ${var.az_count}."
  }
}

variable "outbound" {
  description = "How private subnets reach AWS: 'nat' (the whole internet) or 'endpoints' (only the AWS services that instances need)."
  type        = string
  default     = "nat"

  validation {
    condition     = contains(["nat", "endpoints"], var.outbound)
    error_message = "outbound must be nat or endpoints, not '${var.outbound}'."
  }

  validation {
    condition     = var.outbound == "nat" || length(var.internet_needed_for) == 0
    error_message = "outbound = \"endpoints\" gives instances no internet, which is needed for: ${join("; ", var.internet_needed_for)}. Use outbound = \"nat\", or an image and a document that need no downloads."
  }
}

variable "internet_needed_for" {
  description = "Why instances need the internet, one phrase for each reason (packages at boot, a document that installs Ansible); empty where they do not."
  type        = list(string)
  default     = []
}

variable "nat_per_zone" {
  description = "A NAT gateway in each zone (an outage of one zone costs that zone alone) instead of one for all (cheaper)."
  type        = bool
  default     = false
}

variable "announce" {
  description = "Whether instances announce themselves to the launch queue: with endpoints only, SQS needs one too."
  type        = bool
  default     = false
}
