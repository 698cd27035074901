# The existing group "web" in Gantry's care, watched at first. ../README.md has what its owner has to know.
module "gantry" {
  source       = "../../modules/gantry"
  name         = "gantry-web"
  function_zip = var.function_zip
  emails       = ["ops@example.com"]
  fleets       = { web = { deadline = module.web.launch_deadline_seconds } }
}

module "web" {
  source          = "../../modules/fleet"
  name            = "gantry-web"
  group_name      = "web"
  mode            = "observe"
  document        = { name = "AWS-ApplyAnsiblePlaybooks", version = "1" }
  store           = module.gantry.store
  launch_function = module.gantry.launch_function
}

# How the fleet's policy gets to the instances: their role is yours, and has AmazonSSMManagedInstanceCore already.
resource "aws_iam_role_policy" "instances" {
  name   = "gantry"
  role   = "web-instances"
  policy = module.web.instance_policy
}
