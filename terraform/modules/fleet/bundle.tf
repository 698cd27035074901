# A bundle is immutable and named by its bytes, and the fleet may have to go back to it: so it is no resource, which a
# newer bundle would delete (an aws_s3_object goes with all its versions). It is written once, by If-None-Match.
# release.json is never Terraform's: the bundle is proposed, and the function decides.

locals {
  sha256     = var.bundle == null ? "" : filesha256(var.bundle)
  bundle_key = "bundles/${local.encoded}/${local.sha256}.zip"

  upload = {
    ACCOUNT = local.account
    AWS     = var.aws_command
    BUCKET  = var.store.bucket
    REGION  = local.region
    ROLE    = var.aws_role_arn == null ? "" : var.aws_role_arn
  }
}

# A principal that may invoke only this alias of the operator's function acts for this fleet alone: the function knows by
# which alias it was invoked (lambda/function's Authority; tests/fleet-names.tsv has samples). $LATEST, because a
# fleet of another Terraform state would keep an old version until its own next apply.
resource "aws_lambda_alias" "operator" {
  name             = "fleet-${substr(replace(var.group_name, "/[^A-Za-z0-9_-]/", "-"), 0, 60)}-${substr(sha256(var.group_name), 0, 32)}"
  description      = "Acts for one fleet alone"
  function_name    = var.launch_function.operator.name
  function_version = "$LATEST"
}

# What the bundle reads from the bucket is there before the bundle is proposed, and so before an instance is launched with it.
resource "terraform_data" "objects" {
  for_each = var.bundle == null ? {} : var.objects

  triggers_replace = [var.store.bucket, local.bundle_key]

  provisioner "local-exec" {
    command = "${path.module}/files/upload-objects"
    environment = merge(local.upload, {
      FIRST_ONLY = tostring(each.value.first_only)
      FOLDER     = each.value.folder
      HOW        = each.value.how
      PREFIX     = each.key
    })
  }
}

resource "terraform_data" "bundle" {
  count = var.bundle == null ? 0 : 1

  triggers_replace = [var.store.bucket, local.bundle_key]

  provisioner "local-exec" {
    command = "${path.module}/files/upload-bundle"
    environment = merge(local.upload, {
      BUNDLE = var.bundle
      KEY    = local.bundle_key
    })
  }
}

resource "aws_lambda_invocation" "propose" {
  count = var.bundle == null ? 0 : 1

  function_name = var.launch_function.operator.name
  qualifier     = var.launch_function.operator.alias
  input         = jsonencode({ action = "propose", fleet = var.group_name, bundle = local.sha256 })
  triggers      = { sha256 = local.sha256 }

  depends_on = [aws_s3_object.settings, aws_iam_role_policy.functions, terraform_data.bundle, terraform_data.objects]

  lifecycle {
    postcondition {
      condition     = try(jsondecode(self.result).status, "") == "accepted"
      error_message = "Fleet ${var.group_name} keeps its bundle: ${try(jsondecode(self.result).message, self.result)}. Once that is repaired: terraform apply -replace='<this resource>', or publish another bundle."
    }
  }
}
