# What the functions may do to fleets. No resource: module fleet writes it into the functions' roles for one fleet, module
# fleet_permissions for many.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name

  # A document of AWS's has no account in its ARN.
  documents = { for name, fleet in var.fleets : name => coalesce(fleet.arn, startswith(fleet.name, "arn:") ? fleet.name :
    "arn:${local.partition}:ssm:${local.region}:${startswith(fleet.name, "AWS-") ? "" : local.account}:document/${fleet.name}")
  }

  # As a policy takes it literally: IAM has variables for its own wildcards and for the dollar
  # (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html, "Special characters").
  literals = [for name in sort(keys(var.fleets)) : replace(replace(replace(name, "$", "$${$}"), "*", "$${*}"), "?", "$${?}")]

  # The id in the middle is not known before the group is there.
  groups = [for name in local.literals :
  "arn:${local.partition}:autoscaling:${local.region}:${local.account}:autoScalingGroup:*:autoScalingGroupName/${name}"]

  # Documents without a condition, instances by the tag that Auto Scaling itself sets: in one statement the condition would
  # deny the document, which has no such tag.
  statements = [
    {
      Sid      = "SendTheDocument"
      Effect   = "Allow"
      Action   = "ssm:SendCommand"
      Resource = sort(distinct(values(local.documents)))
    },
    {
      Sid       = "ToInstancesOfTheFleet"
      Effect    = "Allow"
      Action    = "ssm:SendCommand"
      Resource  = "arn:${local.partition}:ec2:${local.region}:${local.account}:instance/*"
      Condition = { StringEquals = { "ssm:resourceTag/aws:autoscaling:groupName" = local.literals } }
    },
    {
      Sid    = "DecideItsLaunches"
      Effect = "Allow"
      Action = [
        "autoscaling:CompleteLifecycleAction",
        "autoscaling:RecordLifecycleActionHeartbeat",
        "autoscaling:ResumeProcesses",
        "autoscaling:SuspendProcesses",
      ]
      Resource = local.groups
    },
  ]
}
