# What an apply may change: by the project's name where the service knows names, by the tag Project where it knows only ids.
# Whoever may create a role and give it a policy can give himself more: so GitHub's environments ask for an approval, and
# nothing that a pull request runs gets this role.

locals {
  project = var.project
  tagged  = { StringEquals = { "aws:ResourceTag/Project" = var.project } }
  tagging = { StringEquals = { "aws:RequestTag/Project" = var.project } }

  apply = [
    {
      Sid      = "StateAndItsLock"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
      Resource = [var.state_bucket_arn, "${var.state_bucket_arn}/*"]
    },
    {
      Sid    = "ByName"
      Effect = "Allow"
      Action = [
        "autoscaling:*", "cloudwatch:*", "elasticloadbalancing:*", "events:*", "lambda:*", "logs:*", "pipes:*", "s3:*",
        "scheduler:*", "sns:*", "sqs:*", "ssm:*",
      ]
      Resource = [for resource in [
        "autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/${local.project}-*",
        "cloudwatch:*:*:alarm:${local.project}-*",
        "cloudwatch::*:dashboard/${local.project}-*",
        "elasticloadbalancing:*:*:listener/net/${local.project}-*",
        "elasticloadbalancing:*:*:loadbalancer/net/${local.project}-*",
        "elasticloadbalancing:*:*:targetgroup/${local.project}-*",
        "events:*:*:rule/${local.project}-*",
        "lambda:*:*:function:${local.project}-*",
        "logs:*:*:log-group:/aws/lambda/${local.project}-*",
        "pipes:*:*:pipe/${local.project}-*",
        "s3:::${local.project}-*",
        "scheduler:*:*:schedule/default/${local.project}-*",
        "sns:*:*:${local.project}-*",
        "sqs:*:*:${local.project}-*",
        "ssm:*:*:document/${local.project}-*",
        "ssm:*:*:document/Gantry-*",
        "ssm:*:*:parameter/${local.project}-*",
      ] : "arn:${data.aws_partition.current.partition}:${resource}"]
    },
    {
      Sid    = "Roles"
      Effect = "Allow"
      Action = [
        "iam:AddRoleToInstanceProfile", "iam:AttachRolePolicy", "iam:CreateInstanceProfile", "iam:CreateRole",
        "iam:DeleteInstanceProfile", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy",
        "iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile", "iam:TagRole", "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription",
      ]
      Resource = [for resource in ["role/${local.project}-*", "instance-profile/${local.project}-*"] :
      "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:${resource}"]
    },
    {
      # The roles of this pipeline are bootstrap's alone.
      Sid      = "NotItsOwnRoles"
      Effect   = "Deny"
      Action   = ["iam:AttachRolePolicy", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"]
      Resource = [for kind in ["plan", "apply"] : "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/${local.project}-*-${kind}"]
    },
    {
      Sid       = "PassRoles"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/${local.project}-*"
      Condition = { StringEquals = { "iam:PassedToService" = [for service in ["ec2", "lambda", "pipes", "scheduler"] : "${service}.amazonaws.com"] } }
    },
    {
      # The first group and the first load balancer of an account make the roles that AWS works with.
      Sid       = "ServiceLinkedRoles"
      Effect    = "Allow"
      Action    = "iam:CreateServiceLinkedRole"
      Resource  = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/aws-service-role/*"
      Condition = { StringEquals = { "iam:AWSServiceName" = ["autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com"] } }
    },
    {
      Sid    = "MakeTagged"
      Effect = "Allow"
      Action = [
        "acm:RequestCertificate", "ec2:AllocateAddress", "ec2:CreateInternetGateway", "ec2:CreateLaunchTemplate",
        "ec2:CreateNatGateway", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateVpc",
        "ec2:CreateVpcEndpoint", "kms:CreateKey", "lambda:CreateEventSourceMapping",
      ]
      Resource  = "*"
      Condition = local.tagging
    },
    {
      # What is made in a VPC asks for a right on the VPC, too, which has the tag already.
      Sid       = "ChangeTagged"
      Effect    = "Allow"
      Action    = ["acm:*", "ec2:*", "kms:*", "lambda:*"]
      Resource  = "*"
      Condition = local.tagged
    },
    {
      Sid       = "TagWhatIsMade"
      Effect    = "Allow"
      Action    = "ec2:CreateTags"
      Resource  = "*"
      Condition = { "Null" = { "ec2:CreateAction" = "false" } }
    },
    {
      # A group with a launch template is asked whether it could run its instances.
      Sid    = "InstancesOfTheTemplates"
      Effect = "Allow"
      Action = "ec2:RunInstances"
      Resource = [for resource in ["image/*", "instance/*", "launch-template/*", "network-interface/*", "security-group/*", "snapshot/*", "subnet/*", "volume/*"] :
      "arn:${data.aws_partition.current.partition}:ec2:*:*:${resource}"]
    },
    {
      # These know no names of ours, or are asked before there is one.
      Sid    = "WithoutNames"
      Effect = "Allow"
      Action = [
        "cloudwatch:PutDashboard", "ec2:AssociateAddress", "ec2:AssociateRouteTable", "ec2:DisassociateAddress",
        "ec2:DisassociateRouteTable", "kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias", "logs:DeleteQueryDefinition",
        "logs:PutQueryDefinition", "route53:ChangeResourceRecordSets", "route53:GetChange", "sns:SetSubscriptionAttributes",
        "sns:Unsubscribe",
      ]
      Resource = "*"
    },
  ]
}
