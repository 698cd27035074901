# Command documents from files. A change makes a new version; older ones stay (AWS keeps 1,000), so that a fleet whose
# settings pin one goes on with it until they are applied.

locals {
  files = { for file in fileset(var.folder, "Gantry-*.{json,yml,yaml}") : replace(file, "/[.](json|yml|yaml)$/", "") => file... }

  names = { for name in keys(local.files) : name => "${var.prefix}${trimprefix(name, "Gantry-")}" }

  # CreateDocument takes 64 KB. base64 has 4 characters for 3 bytes, padded by "="; length() would count characters.
  limit  = 65536
  base64 = { for name, files in local.files : name => filebase64("${var.folder}/${files[0]}") }
  bytes  = { for name, text in local.base64 : name => length(text) / 4 * 3 - length(regexall("=", text)) }
}

resource "aws_ssm_document" "this" {
  for_each = local.files

  name            = local.names[each.key]
  document_type   = "Command"
  document_format = endswith(each.value[0], ".json") ? "JSON" : "YAML"
  content         = file("${var.folder}/${each.value[0]}")

  lifecycle {
    precondition {
      condition     = length(each.value) == 1
      error_message = "${join(" and ", each.value)} in ${var.folder} would both be the document ${local.names[each.key]}: remove one."
    }
    precondition {
      condition     = local.bytes[each.key] <= local.limit
      error_message = "${each.value[0]} has ${local.bytes[each.key]} bytes; Systems Manager takes documents of ${local.limit} bytes."
    }
  }
}
