variable "fleets" {
  description = "The document of each fleet by the name of its group: its name, and its ARN where that does not follow from the name."
  type        = map(object({ name = string, arn = optional(string) }))
}
