# The functions' permissions for many fleets, in a few managed policies.

locals {
  names  = sort(keys(var.fleets))
  chunks = { for index, names in chunklist(local.names, var.fleets_per_policy) : format("%02d", index + 1) => names }
}

module "policy" {
  source   = "../fleet_policy"
  for_each = local.chunks

  fleets = { for name in each.value : name => var.fleets[name] }
}

resource "aws_iam_policy" "this" {
  for_each = local.chunks

  name        = "${var.name}-fleets-${each.key}"
  path        = var.path
  description = "What the functions of ${var.name} may do to ${length(each.value)} fleets"
  policy      = module.policy[each.key].json

  lifecycle {
    precondition {
      # docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: without white space, of which JSON here has only
      # that of names.
      condition     = length(module.policy[each.key].json) <= 6144
      error_message = "The policy ${each.key} of ${length(each.value)} fleets has ${length(module.policy[each.key].json)} characters, and a managed policy holds 6144: lower fleets_per_policy (${var.fleets_per_policy})."
    }
    precondition {
      condition     = length(local.chunks) <= 10
      error_message = "${length(local.names)} fleets, ${var.fleets_per_policy} in a policy, are ${length(local.chunks)} policies, and a role takes 10: raise fleets_per_policy, or give some fleets functions of their own."
    }
  }
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for pair in setproduct(keys(var.role_names), keys(local.chunks)) : join("-", pair) => { role = pair[0], chunk = pair[1] } }

  role       = var.role_names[each.value.role]
  policy_arn = aws_iam_policy.this[each.value.chunk].arn
}
