variable "function_zip" {
  description = "The functions' zip, of a release or of `mvn -pl lambda/function -am package`."
  type        = string
  default     = "../../../lambda/function/target/gantry-function.zip"
}
