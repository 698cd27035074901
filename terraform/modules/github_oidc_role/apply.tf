# What an apply may change: by the environment's name where the service knows names, by the tags Project and Environment where it
# knows only ids. It makes no role that could do more than the environment's boundary allows, and cannot change the
# boundary. So a holder of this role cannot become an administrator by it, and reaches no other environment.

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  prefix    = "${var.project}-${var.environment}"
  tagged    = { StringEquals = { "aws:ResourceTag/Project" = var.project, "aws:ResourceTag/Environment" = var.environment } }
  tagging   = { StringEquals = { "aws:RequestTag/Project" = var.project, "aws:RequestTag/Environment" = var.environment } }

  roles    = ["arn:${local.partition}:iam::${local.account}:role${var.iam_path}${var.iam_prefix}${local.prefix}-*"]
  profiles = ["arn:${local.partition}:iam::${local.account}:instance-profile${var.iam_path}${var.iam_prefix}${local.prefix}-*"]
  bounded  = { StringEquals = { "iam:PermissionsBoundary" = var.boundary_arn } }

  apply = concat([
    {
      Sid      = "StateAndItsLock"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = "${var.state_bucket_arn}/envs/${var.environment}/*"
    },
    {
      Sid    = "ByName"
      Effect = "Allow"
      Action = [
        "autoscaling:*", "cloudwatch:*", "elasticloadbalancing:*", "events:*", "lambda:*", "logs:*", "pipes:*", "s3:*",
        "scheduler:*", "sns:*", "sqs:*", "ssm:*",
      ]
      Resource = [for resource in [
        "autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/${local.prefix}-*",
        "cloudwatch:*:*:alarm:${local.prefix}-*",
        "cloudwatch::*:dashboard/${local.prefix}",
        "elasticloadbalancing:*:*:listener/net/${local.prefix}-*",
        "elasticloadbalancing:*:*:loadbalancer/net/${local.prefix}-*",
        "elasticloadbalancing:*:*:targetgroup/${local.prefix}-*",
        "events:*:*:rule/${local.prefix}-*",
        "lambda:*:*:function:${local.prefix}-*",
        "logs:*:*:log-group:/aws/lambda/${local.prefix}-*",
        "pipes:*:*:pipe/${local.prefix}-*",
        "s3:::${local.prefix}-*",
        "scheduler:*:*:schedule/default/${local.prefix}-*",
        "sns:*:*:${local.prefix}-*",
        "sqs:*:*:${local.prefix}-*",
        "ssm:*:*:document/${local.prefix}-*",
        "ssm:*:*:parameter/${local.prefix}/*",
      ] : "arn:${local.partition}:${resource}"]
    },
    {
      # A role is made with the boundary or not at all, and keeps it.
      Sid       = "RolesWithTheBoundary"
      Effect    = "Allow"
      Action    = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
      Resource  = local.roles
      Condition = local.bounded
    },
    {
      Sid    = "OneManagedPolicy"
      Effect = "Allow"
      Action = "iam:AttachRolePolicy"
      # The boundary holds for it as well; but of AWS's policies no other is needed.
      Resource  = local.roles
      Condition = { StringEquals = merge(local.bounded.StringEquals, { "iam:PolicyARN" = ["arn:${local.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"] }) }
    },
    {
      Sid    = "Roles"
      Effect = "Allow"
      Action = [
        "iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:DeleteInstanceProfile", "iam:DeleteRole",
        "iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile", "iam:TagRole", "iam:UntagInstanceProfile", "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription",
      ]
      Resource = concat(local.roles, local.profiles)
    },
    {
      Sid       = "PassRoles"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = local.roles
      Condition = { StringEquals = { "iam:PassedToService" = concat(["ec2.${data.aws_partition.current.dns_suffix}"], [for service in ["lambda", "pipes", "scheduler"] : "${service}.amazonaws.com"]) } }
    },
    {
      # The roles of this pipeline are bootstrap's alone, and their names begin like the environment's.
      Sid       = "NotItsOwnRoles"
      Effect    = "Deny"
      NotAction = ["iam:Get*", "iam:List*"]
      Resource  = [for kind in ["plan", "apply"] : "arn:${local.partition}:iam::${local.account}:role/${var.iam_prefix}${local.prefix}-${kind}"]
    },
    {
      # The first group and the first load balancer of an account make the roles that AWS works with.
      Sid       = "ServiceLinkedRoles"
      Effect    = "Allow"
      Action    = "iam:CreateServiceLinkedRole"
      Resource  = "arn:${local.partition}:iam::${local.account}:role/aws-service-role/*"
      Condition = { StringEquals = { "iam:AWSServiceName" = ["autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com"] } }
    },
    {
      Sid    = "MakeTagged"
      Effect = "Allow"
      Action = [
        "acm:RequestCertificate", "ec2:AllocateAddress", "ec2:CreateInternetGateway",
        "ec2:CreateLaunchTemplate", "ec2:CreateNatGateway", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup",
        "ec2:CreateSubnet", "ec2:CreateVpc", "ec2:CreateVpcEndpoint", "kms:CreateKey",
      ]
      Resource  = "*"
      Condition = local.tagging
    },
    {
      # What is made in a VPC asks for a right on the VPC, too, which has the tags already.
      Sid       = "ChangeTagged"
      Effect    = "Allow"
      Action    = ["acm:*", "ec2:*", "kms:*", "lambda:*"]
      Resource  = "*"
      Condition = local.tagged
    },
    {
      # Making a key, a certificate or a mapping with tags asks for the right to tag it, and it has no tags yet. Only what has
      # none, and no alias, can be tagged so: else whatever is tagged would be ChangeTagged's from then on.
      Sid      = "TagNewOnes"
      Effect   = "Allow"
      Action   = ["acm:AddTagsToCertificate", "kms:TagResource", "lambda:TagResource"]
      Resource = [for resource in ["acm:*:*:certificate/*", "kms:*:*:key/*", "lambda:*:*:event-source-mapping:*"] : "arn:${local.partition}:${resource}"]
      Condition = merge(local.tagging, { "Null" = {
        "aws:ResourceTag/Project" = "true", "aws:ResourceTag/Environment" = "true", "kms:ResourceAliases" = "true"
      } })
    },
    {
      # A rule is a resource of its own, without tags when it is made; its group's part is ChangeTagged's.
      Sid       = "RulesOfItsGroups"
      Effect    = "Allow"
      Action    = ["ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress"]
      Resource  = "arn:${local.partition}:ec2:*:*:security-group-rule/*"
      Condition = local.tagging
    },
    {
      # An interface endpoint's private name is a hosted zone of AWS's, which it is joined to
      # (service authorization reference, Amazon EC2, CreateVpcEndpoint: dependent actions).
      Sid      = "NamesOfEndpoints"
      Effect   = "Allow"
      Action   = "route53:AssociateVPCWithHostedZone"
      Resource = "arn:${local.partition}:route53:::hostedzone/*"
    },
    {
      # A mapping has an id for a name, and no tags when it is made; it belongs to its function.
      Sid       = "MappingsOfItsFunctions"
      Effect    = "Allow"
      Action    = ["lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"]
      Resource  = "*"
      Condition = { ArnLike = { "lambda:FunctionArn" = "arn:${local.partition}:lambda:*:${local.account}:function:${local.prefix}-*" } }
    },
    {
      Sid       = "TagWhatIsMade"
      Effect    = "Allow"
      Action    = "ec2:CreateTags"
      Resource  = "*"
      Condition = merge({ "Null" = { "ec2:CreateAction" = "false" } }, local.tagging)
    },
    {
      # A group with a launch template is asked whether it could run its instances, and give them the template's tags. The
      # template itself, subnets and security groups are ChangeTagged's.
      Sid    = "InstancesOfTheTemplates"
      Effect = "Allow"
      Action = "ec2:RunInstances"
      Resource = [for resource in ["image/*", "instance/*", "network-interface/*", "snapshot/*", "volume/*"] :
      "arn:${local.partition}:ec2:*:*:${resource}"]
    },
    {
      Sid       = "TagTheInstances"
      Effect    = "Allow"
      Action    = "ec2:CreateTags"
      Resource  = [for resource in ["instance/*", "network-interface/*", "volume/*"] : "arn:${local.partition}:ec2:*:*:${resource}"]
      Condition = { StringEquals = { "ec2:CreateAction" = "RunInstances" } }
    },
    {
      # The key's part of it is ChangeTagged's.
      Sid      = "ItsAliases"
      Effect   = "Allow"
      Action   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
      Resource = [for alias in ["", "-*"] : "arn:${local.partition}:kms:*:${local.account}:alias/${local.prefix}${alias}"]
    },
    {
      # IAM knows no name of a saved query.
      Sid      = "SavedQueries"
      Effect   = "Allow"
      Action   = ["logs:DeleteQueryDefinition", "logs:PutQueryDefinition"]
      Resource = "*"
    },
    ], [for zones in length(var.zone_ids) == 0 ? [] : [var.zone_ids] : {
      # Changes are asked after by their ids, which say no zone.
      Sid      = "NamesInItsZones"
      Effect   = "Allow"
      Action   = ["route53:ChangeResourceRecordSets", "route53:GetChange"]
      Resource = concat([for zone in zones : "arn:${local.partition}:route53:::hostedzone/${zone}"], ["arn:${local.partition}:route53:::change/*"])
    }]
  )
}
