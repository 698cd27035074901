# A role for GitHub Actions, by OIDC: no key is stored anywhere. Which run may take it is said in full, without wildcards:
# docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

resource "aws_iam_role" "this" {
  name                 = var.name
  max_session_duration = var.session_seconds
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = var.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = [for subject in var.subjects : "repo:${var.repository}:${subject}"]
        }
      }
    }]
  })
}

# A plan reads what is there. It takes no lock (terraform plan -lock=false), so it writes nothing at all. AWS's ReadOnlyAccess
# would read every object, log, parameter and queue of the account, and a plan of any branch takes this role. So this says
# what is read: settings of resources, and of contents only the environment's own state and settings.
resource "aws_iam_role_policy" "read" {
  name   = "read"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.read })
}

locals {
  read = [
    {
      # Names of other states, and not what is in them. Without it a state that is not there yet answers 403.
      Sid      = "ListStates"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = var.state_bucket_arn
    },
    {
      Sid    = "ItsStateAndSettings"
      Effect = "Allow"
      Action = ["s3:GetObject", "s3:GetObjectTagging"]
      Resource = ["${var.state_bucket_arn}/envs/${var.environment}/*",
      "arn:${local.partition}:s3:::${local.prefix}-*/fleets/*/settings.json"]
    },
    {
      # The provider asks for the checksum of settings.json, which S3 gives those alone who may decrypt the object
      # (docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, x-amz-checksum-mode).
      Sid       = "DecryptItsSettings"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = "arn:${local.partition}:kms:*:${local.account}:key/*"
      Condition = merge(local.tagged, { StringLike = { "kms:ViaService" = "s3.*.${data.aws_partition.current.dns_suffix}" } })
    },
    {
      Sid    = "ItsBucket"
      Effect = "Allow"
      Action = [
        "s3:GetAccelerateConfiguration", "s3:GetBucket*", "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration", "s3:ListBucket",
      ]
      Resource = "arn:${local.partition}:s3:::${local.prefix}-*"
    },
    {
      Sid      = "ItsParameters"
      Effect   = "Allow"
      Action   = "ssm:GetParameter"
      Resource = ["arn:${local.partition}:ssm:*:${local.account}:parameter/${local.prefix}/*", "arn:${local.partition}:ssm:*::parameter/aws/*"]
    },
    {
      Sid    = "SettingsOfResources"
      Effect = "Allow"
      Action = [
        "acm:DescribeCertificate", "acm:ListCertificates", "acm:ListTagsForCertificate", "autoscaling:Describe*",
        "cloudwatch:Describe*", "cloudwatch:GetDashboard", "cloudwatch:List*", "ec2:Describe*", "elasticloadbalancing:Describe*",
        "events:Describe*", "events:List*", "iam:Get*", "iam:List*", "kms:DescribeKey", "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus", "kms:List*", "lambda:Get*", "lambda:List*", "logs:Describe*", "logs:ListTags*",
        "pipes:DescribePipe", "pipes:ListTagsForResource", "route53:GetHostedZone", "route53:List*", "s3:ListAllMyBuckets",
        "scheduler:GetSchedule", "sns:Get*", "sns:List*", "sqs:GetQueueAttributes",
        "sqs:List*", "ssm:DescribeDocument*", "ssm:DescribeParameters", "ssm:GetDocument",
        "ssm:ListTagsForResource",
      ]
      Resource = "*"
    },
  ]
}

resource "aws_iam_role_policy" "apply" {
  count = var.kind == "apply" ? 1 : 0

  name   = "apply"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.apply })
}
