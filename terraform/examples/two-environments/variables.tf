variable "function_zip" {
  description = "The functions' zip."
  type        = string
  default     = "../../../lambda/function/target/gantry-function.zip"
}

variable "bundle" {
  description = "One bundle for both; null for each environment's own in .gantry/bundles."
  type        = string
  default     = null
}
