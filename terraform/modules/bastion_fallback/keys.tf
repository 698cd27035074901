# The key that encrypts the function's SSH keys. The keys themselves are made by the function and are in no state, no user
# data and no image.

resource "aws_kms_key" "this" {
  description             = "${local.bastion}: the SSH keys of the bastion function"
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Who administers it is said by the account's policies, as of what is tagged with the project (the apply role);
        # no policy can give anybody what is not in this list, so nobody reads with this key. Without the account the key
        # would be nobody's once the role is gone.
        Sid       = "Administration"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action = [
          "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey",
          "kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy",
          "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations",
          "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource",
          "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
        ]
        Resource = "*"
      },
      {
        Sid       = "TheFunctionAlone"
        Effect    = "Allow"
        Principal = { AWS = aws_iam_role.function.arn }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
      },
    ]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${local.bastion}"
  target_key_id = aws_kms_key.this.key_id
}

# The first pair (If-None-Match keeps a second one from being first). Later ones are one command: docs/operations/bastion.md.
resource "aws_lambda_invocation" "first_pair" {
  function_name = aws_lambda_function.this.function_name
  input         = jsonencode({ action = "rotate", overlapSeconds = var.key_overlap_seconds })

  lifecycle {
    # Another deadline is no reason for another key.
    ignore_changes = [input]
  }

  depends_on = [
    aws_iam_role_policy.function,
    aws_vpc_security_group_egress_rule.s3,
  ]
}
