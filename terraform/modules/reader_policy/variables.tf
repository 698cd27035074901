variable "name" {
  description = "What the deployment's functions, queues, rules and roles begin with."
  type        = string
}

variable "bucket_arn" {
  description = "Gantry's bucket."
  type        = string
}

variable "kms_key_arn" {
  description = "The key of the bucket."
  type        = string
}

variable "iam_path" {
  description = "The IAM path of the functions' roles."
  type        = string
  default     = "/"
}

variable "iam_prefix" {
  description = "What the names of the functions' roles begin with; see module launch_function."
  type        = string
  default     = ""
}
