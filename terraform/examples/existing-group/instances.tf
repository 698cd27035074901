# How the fleet's policy gets to the instances: their role is yours, and has AmazonSSMManagedInstanceCore already.
resource "aws_iam_role_policy" "instances" {
  name   = "gantry"
  role   = "web-instances"
  policy = module.web.instance_policy
}
