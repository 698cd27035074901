# The most that any role of an environment may do, whatever its own policies say. The apply role can make no role without it,
# and cannot change it, so it cannot make a role that is an administrator. Bootstrap makes one for each environment.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  prefix    = "${var.project}-${var.environment}"

  statements = concat(
    [
      {
        Sid      = "ItsBucket"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:ListBucket", "s3:PutObject"]
        Resource = "arn:${local.partition}:s3:::${local.prefix}-*"
      },
      {
        Sid      = "ItsQueues"
        Effect   = "Allow"
        Action   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage", "sqs:StartMessageMoveTask"]
        Resource = "arn:${local.partition}:sqs:*:${local.account}:${local.prefix}-*"
      },
      {
        Sid      = "ItsTopics"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = "arn:${local.partition}:sns:*:${local.account}:${local.prefix}-*"
      },
      {
        Sid      = "ItsFunctions"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = "arn:${local.partition}:lambda:*:${local.account}:function:${local.prefix}-*"
      },
      {
        Sid      = "ItsLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "arn:${local.partition}:logs:*:${local.account}:log-group:/aws/lambda/${local.prefix}-*"
      },
      {
        Sid       = "ItsKeys"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "arn:${local.partition}:kms:*:${local.account}:key/*"
        Condition = { StringEquals = { "aws:ResourceTag/Project" = var.project, "aws:ResourceTag/Environment" = var.environment } }
      },
      {
        # What AmazonSSMManagedInstanceCore allows, and what the functions ask and do. Groups may have any name.
        Sid    = "InstancesAreManaged"
        Effect = "Allow"
        Action = [
          "autoscaling:CompleteLifecycleAction", "autoscaling:Describe*", "autoscaling:RecordLifecycleActionHeartbeat",
          "autoscaling:ResumeProcesses", "autoscaling:SuspendProcesses", "ec2messages:*",
          "ssm:DescribeAssociation", "ssm:DescribeDocument", "ssm:DescribeInstanceInformation",
          "ssm:GetCommandInvocation", "ssm:GetDeployablePatchSnapshotForInstance", "ssm:GetDocument", "ssm:GetManifest",
          "ssm:GetParameter", "ssm:GetParameters", "ssm:List*", "ssm:PutComplianceItems", "ssm:PutConfigurePackageResult",
          "ssm:PutInventory", "ssm:SendCommand", "ssm:UpdateAssociationStatus", "ssm:UpdateInstanceAssociationStatus",
          "ssm:UpdateInstanceInformation", "ssmmessages:*",
        ]
        Resource = "*"
      },
      {
        # Lambda places a function in a VPC with the function's role.
        Sid    = "FunctionsInTheVpc"
        Effect = "Allow"
        Action = [
          "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "*"
      },
      {
        Sid    = "NobodyElsesParameters"
        Effect = "Deny"
        Action = ["ssm:GetParameter", "ssm:GetParameters"]
        NotResource = ["arn:${local.partition}:ssm:*:${local.account}:parameter/${local.prefix}/*",
        "arn:${local.partition}:ssm:*::parameter/aws/*"]
      },
    ],
    [for buckets in length(var.read_buckets) == 0 ? [] : [var.read_buckets] : {
      Sid      = "VideosElsewhere"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:ListBucket"]
      Resource = flatten([for bucket in buckets : ["arn:${local.partition}:s3:::${bucket}", "arn:${local.partition}:s3:::${bucket}/*"]])
    }],
    [for others in length(var.others) == 0 ? [] : [var.others] : {
      # A group whose name is of no environment may be adopted by any environment; a group of another environment may not.
      Sid       = "NotToOtherEnvironments"
      Effect    = "Deny"
      Action    = "ssm:SendCommand"
      Resource  = "*"
      Condition = { StringLike = { "ssm:resourceTag/aws:autoscaling:groupName" = [for other in others : "${var.project}-${other}-*"] } }
    }],
    [for others in length(var.others) == 0 ? [] : [var.others] : {
      Sid      = "NotOtherEnvironmentsGroups"
      Effect   = "Deny"
      Action   = "autoscaling:*"
      Resource = [for other in others : "arn:${local.partition}:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/${var.project}-${other}-*"]
    }],
  )
}

resource "aws_iam_policy" "this" {
  name        = "${var.iam_prefix}${local.prefix}-boundary"
  description = "The most that any role of ${local.prefix} may do"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}
