# What the mocked provider answers where a random text would not be believed: identity, Region and the forms of ARNs.
# All resources of one type share their answer; a test that has to tell two of them apart overrides one.

mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
}

mock_data "aws_region" {
  defaults = { name = "eu-central-1", id = "eu-central-1" }
}

mock_data "aws_default_tags" {
  defaults = { tags = { Project = "gantry", Environment = "dev" } }
}

mock_data "aws_availability_zones" {
  defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
}

mock_data "aws_autoscaling_group" {
  defaults = { arn = "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:0a1b:autoScalingGroupName/web" }
}

mock_data "aws_subnet" {
  defaults = { id = "subnet-0123456789abcdef0", vpc_id = "vpc-0123456789abcdef0", cidr_block = "10.0.8.0/24" }
}

mock_data "aws_ssm_parameter" {
  defaults = { value = "ami-0123456789abcdef0" }
}

mock_data "aws_ami" {
  defaults = {
    architecture          = "x86_64"
    root_device_name      = "/dev/sda1"
    block_device_mappings = [{ device_name = "/dev/sda1", no_device = "", virtual_name = "", ebs = { volume_size = "8" } }]
  }
}

mock_data "aws_route53_zone" {
  defaults = { zone_id = "Z0123456789ABCDEFGHIJ" }
}

mock_data "aws_iam_policy" {
  defaults = { arn = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
}

mock_data "aws_eips" {
  defaults = { allocation_ids = ["eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef1"] }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555" }
}

mock_resource "aws_s3_bucket" {
  defaults = { arn = "arn:aws:s3:::bucket" }
}

mock_resource "aws_sqs_queue" {
  defaults = {
    arn = "arn:aws:sqs:eu-central-1:111122223333:queue"
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/queue"
  }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-central-1:111122223333:topic" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::111122223333:role/role" }
}

mock_resource "aws_iam_instance_profile" {
  defaults = { arn = "arn:aws:iam::111122223333:instance-profile/profile" }
}

mock_resource "aws_iam_policy" {
  defaults = { arn = "arn:aws:iam::111122223333:policy/policy" }
}

mock_resource "aws_iam_openid_connect_provider" {
  defaults = { arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:group" }
}

mock_resource "aws_cloudwatch_event_rule" {
  defaults = { arn = "arn:aws:events:eu-central-1:111122223333:rule/rule" }
}

mock_resource "aws_cloudwatch_metric_alarm" {
  defaults = { arn = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:alarm" }
}

mock_resource "aws_lambda_function" {
  defaults = {
    arn           = "arn:aws:lambda:eu-central-1:111122223333:function:function"
    qualified_arn = "arn:aws:lambda:eu-central-1:111122223333:function:function:1"
    version       = "1"
  }
}

mock_resource "aws_lambda_alias" {
  defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:function:live" }
}

mock_resource "aws_lambda_invocation" {
  defaults = { result = "{\"status\":\"accepted\",\"message\":\"bundle is current\"}" }
}

mock_resource "aws_ssm_document" {
  defaults = {
    arn            = "arn:aws:ssm:eu-central-1:111122223333:document/document"
    latest_version = "7"
    hash           = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

mock_resource "aws_lb" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/net/lb/0123456789abcdef"
    arn_suffix = "net/lb/0123456789abcdef"
    dns_name   = "lb.elb.eu-central-1.amazonaws.com"
    zone_id    = "Z0123456789ABCDEFGHIK"
  }
}

mock_resource "aws_lb_target_group" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/tg/0123456789abcdef"
    arn_suffix = "targetgroup/tg/0123456789abcdef"
  }
}

mock_resource "aws_lb_listener" {
  defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/net/lb/0123456789abcdef/0123456789abcdef" }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-0000-1111-2222-333344445555"
    domain_validation_options = [{
      domain_name           = "stream.example.org"
      resource_record_name  = "_x.stream.example.org."
      resource_record_type  = "CNAME"
      resource_record_value = "_y.acm-validations.aws."
    }]
  }
}

mock_resource "aws_acm_certificate_validation" {
  defaults = { certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-0000-1111-2222-333344445555" }
}

mock_resource "aws_launch_template" {
  defaults = { id = "lt-0123456789abcdef0", latest_version = 3 }
}

mock_resource "aws_autoscaling_group" {
  defaults = { arn = "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:0a1b:autoScalingGroupName/web" }
}
