# The only bucket of Gantry: bundles, fleets' settings and releases, the ledger, the reasons of
# failures. docs/architecture.md says who writes which key. The functions change objects by conditional writes only.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  # Bucket names are global: account and Region make ours unique.
  bucket = "${var.name}-${local.account}-${data.aws_region.current.name}"
}

resource "aws_kms_key" "this" {
  count = var.kms_key_arn == null ? 1 : 0

  description             = "${var.name}: bundles, ledger, pages, logs"
  enable_key_rotation     = true
  deletion_window_in_days = var.force_destroy ? 7 : 30
  policy                  = jsonencode({ Version = "2012-10-17", Statement = local.key_policy })
}

moved {
  from = aws_kms_key.this
  to   = aws_kms_key.this[0]
}

locals {
  key_arn = var.kms_key_arn == null ? aws_kms_key.this[0].arn : var.kms_key_arn

  key_policy = [
    {
      # Without it a key can become nobody's; who may use the key is then said by the roles' own policies.
      Sid       = "AccountDecidesByItsPolicies"
      Effect    = "Allow"
      Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${local.account}:root" }
      Action    = "kms:*"
      Resource  = "*"
    },
    {
      # An alarm's message to an encrypted topic; the account's managed key of SNS cannot be used by CloudWatch.
      Sid       = "AlarmsReachTheTopic"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    },
    {
      # Reasons of failures stand in the functions' logs, too.
      Sid       = "LogsOfTheFunctions"
      Effect    = "Allow"
      Principal = { Service = "logs.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}" }
      Action    = ["kms:Decrypt*", "kms:DescribeKey", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
      Resource  = "*"
      Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.name}:${local.account}:log-group:/aws/lambda/${var.name}-*" } }
    },
  ]
}

resource "aws_kms_alias" "this" {
  count = length(aws_kms_key.this)

  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this[0].key_id
}

moved {
  from = aws_kms_alias.this
  to   = aws_kms_alias.this[0]
}

resource "aws_s3_bucket" "this" {
  bucket        = local.bucket
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    # One request to KMS for many objects, and not one each.
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = local.key_arn
    }
  }
}

locals {
  written_once = ["bundles", "wheelhouses"]

  # The roles that may still delete there: `scripts/down` empties the bucket as the environment's apply role.
  removers = coalesce(var.remover_arns, [
    "arn:${data.aws_partition.current.partition}:iam::${local.account}:role/${var.iam_prefix}${var.name}-apply",
  ])
}

# Bundles and wheelhouses run as root on instances, and their names are their sha256: so nothing there can be written
# twice or be taken away. No role of this project has an exception for writing.
# docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        # The first requests of a multipart upload (create, parts) know no condition, and make no object. Its completion does,
        # and so does a copy: a copy that asks for nothing is refused.
        Sid       = "WriteOnce"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = [for prefix in local.written_once : "${aws_s3_bucket.this.arn}/${prefix}/*"]
        Condition = {
          Null = { "s3:if-none-match" = "true" }
          Bool = { "s3:ObjectCreationOperation" = "true" }
        }
      },
      {
        # Replication writes without any condition.
        Sid       = "NoReplicas"
        Effect    = "Deny"
        Principal = "*"
        Action    = ["s3:ReplicateDelete", "s3:ReplicateObject"]
        Resource  = [for prefix in local.written_once : "${aws_s3_bucket.this.arn}/${prefix}/*"]
      },
      {
        # The SSM agent downloads everything below a key. So an object below a bundle would lie beside it on the instance.
        Sid       = "NothingBelow"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = ["${aws_s3_bucket.this.arn}/bundles/*/*/*", "${aws_s3_bucket.this.arn}/wheelhouses/*/*"]
      },
      {
        # What is deleted can be written anew, with other bytes.
        Sid       = "KeepForever"
        Effect    = "Deny"
        Principal = "*"
        Action    = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
        Resource  = [for prefix in local.written_once : "${aws_s3_bucket.this.arn}/${prefix}/*"]
        Condition = { ArnNotEquals = { "aws:PrincipalArn" = local.removers } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.this]
}

# bundles/, fleets/ and launches/ have no rule that expires what is current: a fleet goes back to a good bundle of last
# year, and an instance of a warm pool may wait for as long with its ledger.
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
    expiration {
      expired_object_delete_marker = true
    }
  }

  dynamic "rule" {
    for_each = merge(
      {
        "failures/"     = var.reasons_kept_days
        "abandonments/" = var.reasons_kept_days
        "diagnostics/"  = var.diagnostics_kept_days
        # Who paged in which hour; nobody reads it later.
        "pages/" = 1
      },
      { for prefix in ["hostkeys/", "bastion/jump/", "bastion/answers/"] : prefix => var.bastion_kept_days if var.bastion_kept_days != null },
    )

    content {
      id     = trimsuffix(rule.key, "/")
      status = "Enabled"

      filter {
        prefix = rule.key
      }
      expiration {
        days = rule.value
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
