# The bastion channel: when Systems Manager cannot be reached, the same bundle gets to the same instance over SSH. Nothing
# of it exists unless an environment asks for it. bastion.tf is the jump host, function.tf what talks through it, keys.tf
# the key of its keys; the instances' side is in module fleet.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  bastion   = "${var.name}-bastion"
  ssh       = 22

  key_behind_the_bucket = {
    Sid       = "KeyBehindTheBucket"
    Effect    = "Allow"
    Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource  = var.store.kms_key_arn
    Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
  }
}

# As a bundle is: immutable, named by its bytes, written once. Instances of an older launch template still want the older
# one, which an aws_s3_object would take away.
locals {
  program_sha256 = filesha256(var.instance_zip)
  program_key    = "bastion/program/${local.program_sha256}.zip"
}

resource "terraform_data" "program" {
  triggers_replace = [var.store.bucket, local.program_key]

  provisioner "local-exec" {
    command = "${path.module}/../fleet/files/upload-bundle"
    environment = {
      ACCOUNT = local.account
      AWS     = var.aws_command
      BUCKET  = var.store.bucket
      BUNDLE  = var.instance_zip
      KEY     = local.program_key
      REGION  = local.region
      ROLE    = var.aws_role_arn == null ? "" : var.aws_role_arn
    }
  }
}

# What informs and does not page: a launch that fell back has entered service.
resource "aws_sns_topic" "notices" {
  name              = "${var.name}-notices"
  kms_master_key_id = var.store.kms_key_arn
}

resource "aws_sns_topic_subscription" "notices" {
  for_each = toset(var.notice_emails)

  topic_arn = aws_sns_topic.notices.arn
  protocol  = "email"
  endpoint  = each.value
}
