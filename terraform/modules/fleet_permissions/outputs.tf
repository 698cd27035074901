output "role_names" {
  description = "For module fleet, in the place of launch_function's: no role, since the policies are attached here. Known only when they are."
  value       = {}

  depends_on = [aws_iam_role_policy_attachment.this]
}
