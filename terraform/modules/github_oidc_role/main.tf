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

# A plan reads what is there. It takes no lock (terraform plan -lock=false), so it writes nothing at all.
resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_role_policy" "no_secrets" {
  name = "no-secrets"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      # ReadOnlyAccess reads every object and parameter of the account; a plan needs no secret.
      Sid      = "NoSecrets"
      Effect   = "Deny"
      Action   = ["secretsmanager:GetSecretValue", "ssm:GetParameterHistory", "ssm:GetParametersByPath", "ec2:GetPasswordData"]
      Resource = "*"
    }]
  })
}

resource "aws_iam_role_policy" "apply" {
  count = var.kind == "apply" ? 1 : 0

  name   = "apply"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.apply })
}
