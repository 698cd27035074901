output "bucket" {
  description = "The bucket's name. Known only when objects would be encrypted and nothing is public."
  value       = aws_s3_bucket.this.id

  depends_on = [
    aws_s3_bucket_policy.this,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}

output "bucket_arn" {
  description = "The bucket's ARN, for policies."
  value       = aws_s3_bucket.this.arn
}

output "kms_key_arn" {
  description = "The key that the bucket's objects are encrypted with: readers need kms:Decrypt, writers kms:GenerateDataKey, too."
  value       = local.key_arn
}
