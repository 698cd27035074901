variable "name" {
  description = "Begins the name of everything here: <project>-<env>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 of a-z, 0-9 and hyphen, beginning with a letter, not '${var.name}'."
  }
}

variable "function_zip" {
  description = "The bastion function's zip, as `mvn -pl lambda/bastion -am package` leaves it."
  type        = string

  validation {
    condition     = fileexists(var.function_zip)
    error_message = "There is no bastion function at ${var.function_zip}. Build it with: mvn -q -pl lambda/bastion -am package -DskipTests"
  }
}

variable "instance_zip" {
  description = "The instances' side of this channel, as scripts/dev/build-documents --program makes it."
  type        = string

  validation {
    condition     = fileexists(var.instance_zip)
    error_message = "There is no program at ${var.instance_zip}. Make it with: scripts/dev/build-documents --program ${var.instance_zip}"
  }
}

variable "network" {
  description = "Where bastion, function and instances stand: the private subnets with their ranges, the instances' security group, the prefix list of the S3 gateway endpoint (outputs of module network). Without that endpoint nothing here reaches S3."
  type = object({
    vpc_id                     = string
    private_subnet_ids         = list(string)
    private_subnet_cidrs       = list(string)
    instance_security_group_id = string
    s3_prefix_list_id          = string
  })

  validation {
    condition     = length(var.network.private_subnet_cidrs) > 0 && alltrue([for cidr in var.network.private_subnet_cidrs : can(cidrhost(cidr, 0)) && try(tonumber(split("/", cidr)[1]), 0) >= 18])
    error_message = "network.private_subnet_cidrs must be IPv4 ranges of /18 or smaller, because sshd on the bastion lists each of their addresses, not: ${join(", ", var.network.private_subnet_cidrs)}."
  }
}

variable "store" {
  description = "Gantry's bucket: the outputs of bundle_store."
  type        = object({ bucket = string, bucket_arn = string, kms_key_arn = string })
}

variable "key_overlap_seconds" {
  description = "For how long the pair before the newest one stays valid, in seconds: the longest launch deadline of the fleets that fall back."
  type        = number

  validation {
    condition     = var.key_overlap_seconds >= 60 && var.key_overlap_seconds <= 172800
    error_message = "key_overlap_seconds must be 60 to 172800, not ${var.key_overlap_seconds}."
  }
}

variable "image_id" {
  description = "The bastion's image: sshd, systemd, cloud-init, Python 3, and boto3 or the aws command. Null for the newest of image_parameter."
  type        = string
  default     = null

  validation {
    condition     = var.image_id == null || can(regex("^ami-[0-9a-f]{8,17}$", var.image_id))
    error_message = "image_id must be an image's id (ami-…), not '${coalesce(var.image_id, "null")}'."
  }
}

variable "image_parameter" {
  description = "The public parameter that names the image: Amazon Linux 2023, which has the aws command. Read when this is applied, not when the bastion starts."
  type        = string
  default     = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

variable "instance_type" {
  description = "The bastion's instance type; it only forwards a few kilobytes."
  type        = string
  default     = "t3.nano"
}

variable "memory_megabytes" {
  description = "The function's memory; its processor comes with it."
  type        = number
  default     = 1024

  validation {
    condition     = var.memory_megabytes >= 512 && var.memory_megabytes <= 3008
    error_message = "memory_megabytes must be 512 to 3008, not ${var.memory_megabytes}."
  }
}

variable "maximum_concurrency" {
  description = "How many exchanges go on at a time."
  type        = number
  default     = 10

  validation {
    condition     = var.maximum_concurrency >= 2 && var.maximum_concurrency <= 100
    error_message = "maximum_concurrency must be 2 (Lambda's least) to 100, not ${var.maximum_concurrency}."
  }
}

variable "log_retention_days" {
  description = "How long the function's log is kept."
  type        = number
  default     = 30
}

variable "notice_emails" {
  description = "E-mail addresses that are informed about launches that fell back, and about exchanges that could not be handled. These are not pages."
  type        = list(string)
  default     = []
}

variable "deletion_window_days" {
  description = "How long KMS waits before it deletes the key, 7 to 30 days."
  type        = number
  default     = 30
}

variable "aws_command" {
  description = "The aws CLI that uploads the program."
  type        = string
  default     = "aws"
}

variable "permissions_boundary" {
  description = "The policy that bounds every role made here (an ARN); null for none. The apply role of bootstrap may make no role without it."
  type        = string
  default     = null
}

variable "aws_role_arn" {
  description = "The role that the aws CLI takes before it uploads: that of the provider's assume_role, where the provider takes one."
  type        = string
  default     = null
}

variable "runtime" {
  description = "Lambda's runtime: java21, or java25 where the provider knows it (5.100.0 does not)."
  type        = string
  default     = "java21"

  validation {
    condition     = contains(["java21", "java25"], var.runtime)
    error_message = "runtime must be java21 or java25, not '${var.runtime}': the classes are compiled for Java 17, and these are Lambda's runtimes that are kept up to date."
  }
}

variable "architecture" {
  description = "The functions' processors: x86_64, or arm64, which costs a fifth less. The package has no native code."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64, not '${var.architecture}'."
  }
}

variable "iam_path" {
  description = "The IAM path of the roles and profiles that are made."
  type        = string
  default     = "/"

  validation {
    # docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: Path.
    condition     = can(regex("^/([A-Za-z0-9_.+=,@-]+/)*$", var.iam_path))
    error_message = "iam_path must begin and end with a slash, with letters, digits and _.+=,@- between, like /teams/video/, and not be '${var.iam_path}'."
  }
}

variable "iam_prefix" {
  description = "What the names of the roles and profiles that are made begin with, before everything else; empty for nothing."
  type        = string
  default     = ""
}
