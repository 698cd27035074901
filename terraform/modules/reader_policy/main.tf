# Which command makes which calls: docs/operations/command.md. tests/iam has them as calls, and writes as attacks.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  here      = "${local.region}:${local.account}"

  statements = [
    {
      # These know no resources, or are asked about what nobody knows the name of beforehand:
      # docs.aws.amazon.com/service-authorization/latest/reference, pages of the services.
      Sid    = "Look"
      Effect = "Allow"
      Action = [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLifecycleHooks",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeWarmPool",
        "lambda:GetAccountSettings",
        "lambda:ListEventSourceMappings",
        "ssm:DescribeDocument",
        "ssm:DescribeInstanceInformation",
        "ssm:GetCommandInvocation",
        "ssm:ListCommandInvocations",
        "ssm:ListCommands",
      ]
      Resource = "*"
    },
    {
      # doctor --instance, where an agent does not come.
      Sid    = "LookAtAnInstancesSurroundings"
      Effect = "Allow"
      Action = [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAddresses",
        "ec2:DescribeInstances",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcEndpoints",
        "ec2:GetConsoleOutput",
        "iam:GetInstanceProfile",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
      ]
      Resource = "*"
    },
    {
      Sid    = "ReadObjects"
      Effect = "Allow"
      Action = "s3:GetObject"
      Resource = [for folder in ["bundles", "diagnostics", "fleets", "launches"] :
      "${var.bucket_arn}/${folder}/*"]
    },
    {
      # Versions tell who was current when.
      Sid      = "ReadEarlierReleases"
      Effect   = "Allow"
      Action   = "s3:GetObjectVersion"
      Resource = "${var.bucket_arn}/fleets/*"
    },
    {
      Sid      = "LookAtTheBucket"
      Effect   = "Allow"
      Action   = ["s3:GetBucketPolicy", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:ListBucket", "s3:ListBucketVersions"]
      Resource = var.bucket_arn
    },
    {
      Sid       = "KeyBehindTheBucket"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = var.kms_key_arn
      Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
    },
    {
      Sid      = "LookAtTheKey"
      Effect   = "Allow"
      Action   = "kms:DescribeKey"
      Resource = var.kms_key_arn
    },
    {
      Sid      = "LookAtTheFunctions"
      Effect   = "Allow"
      Action   = "lambda:GetFunctionConfiguration"
      Resource = [for function in ["launch-queue", "operator", "sweep"] : "arn:${local.partition}:lambda:${local.here}:function:${var.name}-${function}"]
    },
    {
      Sid      = "LookAtTheQueues"
      Effect   = "Allow"
      Action   = "sqs:GetQueueAttributes"
      Resource = [for queue in ["launches", "launches-dlq"] : "arn:${local.partition}:sqs:${local.here}:${var.name}-${queue}"]
    },
    {
      Sid      = "LookAtTheRules"
      Effect   = "Allow"
      Action   = ["events:DescribeRule", "events:ListTargetsByRule"]
      Resource = [for rule in ["launch", "commands"] : "arn:${local.partition}:events:${local.here}:rule/${var.name}-${rule}"]
    },
    {
      Sid      = "LookAtTheSchedule"
      Effect   = "Allow"
      Action   = "scheduler:GetSchedule"
      Resource = "arn:${local.partition}:scheduler:${local.here}:schedule/default/${var.name}-sweep"
    },
    {
      Sid      = "AskWhatTheFunctionsMay"
      Effect   = "Allow"
      Action   = "iam:SimulatePrincipalPolicy"
      Resource = [for function in ["launch-queue", "operator", "sweep"] : "arn:${local.partition}:iam::${local.account}:role${var.iam_path}${var.iam_prefix}${var.name}-${function}"]
    },
  ]
}
