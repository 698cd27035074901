variable "name" {
  description = "The load balancer's name: <project>-<env>-<what>, at most 26 characters, because its parts get endings."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,24}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 26 of a-z, 0-9 and hyphen, beginning with a letter, not '${var.name}': load balancers and target groups have names of at most 32 characters."
  }
}

variable "vpc_id" {
  description = "The VPC of subnets and instances."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets, one for each zone."
  type        = list(string)
}

variable "allocation_ids" {
  description = "Elastic IPs by allocation id, one for each subnet, in the same order: what clients know stays when the environment goes. Null for addresses of AWS's, which go with the load balancer."
  type        = list(string)
  default     = null

  validation {
    condition     = var.allocation_ids == null || try(length(var.allocation_ids) == length(var.subnet_ids), false)
    error_message = "${length(var.subnet_ids)} subnets need ${length(var.subnet_ids)} Elastic IPs, and there are ${try(length(var.allocation_ids), 0)}: terraform/bootstrap makes them (keep_addresses in config/ENVIRONMENT.yml). Apply it first: terraform -chdir=terraform/bootstrap apply"
  }
}

variable "instance_security_group_id" {
  description = "The instances' security group, which gets a rule for the load balancer's traffic."
  type        = string
}

variable "client_cidrs" {
  description = "Who may connect."
  type        = list(string)
  default     = ["0.0.0.0/0"]

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for cidr in var.client_cidrs : can(cidrhost(cidr, 0))])
    error_message = "client_cidrs must be IPv4 ranges like 203.0.113.0/24, one at least, not: ${join(", ", var.client_cidrs)}."
  }
}

variable "rtsp_port" {
  description = "Where clients connect, and where instances serve: RTSP over TCP. Media flow interleaved on the same connection; UDP does not cross the load balancer, which would hash it to another instance."
  type        = number
  default     = 8554

  validation {
    condition     = var.rtsp_port >= 1 && var.rtsp_port <= 65535 && var.rtsp_port != var.rtsps_port
    error_message = "rtsp_port must be 1 to 65535 and not rtsps_port (${var.rtsps_port}); it is ${var.rtsp_port}."
  }
}

variable "rtsps_port" {
  description = "Where clients connect by TLS, where there is a domain."
  type        = number
  default     = 8322
}

variable "domain" {
  description = "The name that clients use, as {name, zone}: a record in the Route 53 zone, a certificate for it, RTSPS. Null for none of them."
  type        = object({ name = string, zone = string })
  default     = null

  validation {
    condition     = var.domain == null || try(var.domain.name == var.domain.zone || endswith(var.domain.name, ".${var.domain.zone}"), false)
    error_message = "domain.name '${try(var.domain.name, "")}' is not within domain.zone '${try(var.domain.zone, "")}', so that Route 53 could not prove it to be yours."
  }
}

variable "health" {
  description = "The TCP health check of the RTSP port: its interval in seconds, and how many results in a row count as healthy and unhealthy."
  type = object({
    interval  = optional(number, 10)
    healthy   = optional(number, 2)
    unhealthy = optional(number, 3)
  })
  default = {}

  validation {
    condition     = var.health.interval >= 5 && var.health.interval <= 300
    error_message = "health.interval must be 5 to 300 s, not ${var.health.interval}."
  }

  validation {
    condition     = min(var.health.healthy, var.health.unhealthy) >= 2 && max(var.health.healthy, var.health.unhealthy) <= 10
    error_message = "health.healthy and health.unhealthy must be 2 to 10, not ${var.health.healthy} and ${var.health.unhealthy}."
  }
}

variable "drain_seconds" {
  description = "How long a deregistered instance may finish its streams."
  type        = number
  default     = 120

  validation {
    condition     = var.drain_seconds >= 0 && var.drain_seconds <= 3600
    error_message = "drain_seconds must be 0 to 3600, not ${var.drain_seconds}."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer refuses to be destroyed."
  type        = bool
  default     = false
}
