output "documents" {
  description = "By the file's name without its ending: the document's name, its newest version as a fleet's settings pin it, its sha256 and its ARN."
  value = { for key, document in aws_ssm_document.this : key => {
    name    = document.name
    version = document.latest_version
    hash    = document.hash
    arn     = document.arn
  } }
}

output "names" {
  description = "The documents' names, for the rule that matches ended commands. Known at plan time."
  value       = values(local.names)
}
