# moto does not read the conditions of a bucket's policy: "no access without TLS" denies all access there.
resource "aws_s3_bucket_policy" "this" {
  count = 0
}
