variable "function_zip" {
  description = "The functions' zip."
  type        = string
  default     = "../../../lambda/function/target/gantry-function.zip"
}

variable "bundle" {
  description = "The bundle, as gantry bundle makes it."
  type        = string
}
