mock_provider "aws" {
  source = "../../tests/mocks"
}

override_resource {
  target = aws_sqs_queue.this
  values = {
    arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-bastion"
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-bastion"
  }
}

override_resource {
  target = aws_sqs_queue.dead_letters
  values = {
    arn = "arn:aws:sqs:eu-central-1:111122223333:gantry-bastion-dlq"
    url = "https://sqs.eu-central-1.amazonaws.com/111122223333/gantry-bastion-dlq"
  }
}

override_resource {
  target = aws_security_group.bastion
  values = { id = "sg-00000000000000001" }
}

override_resource {
  target = aws_security_group.function
  values = { id = "sg-00000000000000002" }
}

override_resource {
  target = aws_iam_role.function
  values = { arn = "arn:aws:iam::111122223333:role/gantry-bastion-function" }
}

override_resource {
  target = aws_kms_key.this
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/ffffffff-0000-1111-2222-333344445555" }
}

variables {
  name                = "gantry"
  function_zip        = "../launch_function/tests/package.zip"
  instance_zip        = "../fleet/tests/bundle.zip"
  key_overlap_seconds = 3900
  aws_command         = "../../tests/stub-aws"
  store = {
    bucket      = "gantry-sandbox"
    bucket_arn  = "arn:aws:s3:::gantry-sandbox"
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"
  }
  network = {
    vpc_id                     = "vpc-0123456789abcdef0"
    private_subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    private_subnet_cidrs       = ["10.20.128.0/20", "10.20.144.0/20"]
    instance_security_group_id = "sg-00000000000000003"
    s3_prefix_list_id          = "pl-0123456789abcdef0"
  }
}

run "names_are_those_of_the_sandbox" {
  command = apply

  assert {
    condition     = aws_lambda_function.this.function_name == "gantry-bastion" && aws_sqs_queue.this.name == "gantry-bastion" && aws_sqs_queue.dead_letters.name == "gantry-bastion-dlq"
    error_message = "function and queues"
  }
  assert {
    condition     = aws_lambda_function.this.handler == "dev.gantry.bastion.BastionHandler::handleRequest" && aws_lambda_function.this.runtime == "java21"
    error_message = "the handler"
  }
}

run "the_function_stands_in_the_private_subnets_and_is_told_what_it_needs" {
  command = apply

  assert {
    condition     = aws_lambda_function.this.vpc_config[0].subnet_ids == toset(var.network.private_subnet_ids) && aws_lambda_function.this.vpc_config[0].security_group_ids == toset(["sg-00000000000000002"])
    error_message = "the VPC"
  }
  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      GANTRY_ACCOUNT         = "111122223333"
      GANTRY_BASTION_KMS_KEY = "arn:aws:kms:eu-central-1:111122223333:key/ffffffff-0000-1111-2222-333344445555"
      GANTRY_BASTION_SUBNETS = "10.20.128.0/20,10.20.144.0/20"
      GANTRY_BUCKET          = "gantry-sandbox"
    })
    error_message = "its environment"
  }
  assert {
    condition     = aws_lambda_function.this.timeout == 30 && aws_sqs_queue.this.visibility_timeout_seconds == 180 && jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 3
    error_message = "six timeouts of visibility, three tries"
  }
  assert {
    condition     = aws_lambda_event_source_mapping.this.function_response_types == toset(["ReportBatchItemFailures"]) && aws_lambda_event_source_mapping.this.batch_size <= 10
    error_message = "partial responses"
  }
}

run "the_bastion_is_a_group_of_one_without_a_key_pair" {
  command = apply

  assert {
    condition     = aws_autoscaling_group.this.min_size == 1 && aws_autoscaling_group.this.max_size == 1 && length(aws_autoscaling_group.this.initial_lifecycle_hook) == 0
    error_message = "one, and none of Gantry's"
  }
  assert {
    condition     = aws_launch_template.this.key_name == null && aws_launch_template.this.metadata_options[0].http_tokens == "required" && aws_launch_template.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "no key pair, IMDSv2"
  }
  assert {
    condition     = length(base64decode(aws_launch_template.this.user_data)) < 16384
    error_message = "EC2 takes 16 KB of user data"
  }
  assert {
    condition     = !can(regex("PRIVATE KEY|ecdsa-sha2-nistp256 AAAA", base64decode(aws_launch_template.this.user_data)))
    error_message = "no key of either kind in user data"
  }
}

run "each_rule_is_a_resource_and_lets_through_ssh_and_s3_alone" {
  command = apply

  assert {
    condition     = alltrue([for group in [aws_security_group.bastion, aws_security_group.function] : try(length(group.ingress), 0) == 0 && try(length(group.egress), 0) == 0])
    error_message = "no rule within a group: the provider would fight over it"
  }
  assert {
    condition = alltrue([for rule in [
      aws_vpc_security_group_ingress_rule.ssh["bastion"], aws_vpc_security_group_egress_rule.ssh["instances"],
      aws_vpc_security_group_ingress_rule.ssh["instances"], aws_vpc_security_group_egress_rule.ssh["bastion"],
    ] : rule.from_port == 22 && rule.to_port == 22 && rule.ip_protocol == "tcp" && rule.cidr_ipv4 == null])
    error_message = "port 22, between groups and from no address range"
  }
  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.ssh["instances"].security_group_id == "sg-00000000000000003" &&
      aws_vpc_security_group_ingress_rule.ssh["instances"].referenced_security_group_id == "sg-00000000000000001" &&
      aws_vpc_security_group_ingress_rule.ssh["bastion"].referenced_security_group_id == "sg-00000000000000002"
    )
    error_message = "instances hear the bastion, the bastion hears the function"
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.s3 : rule.prefix_list_id == "pl-0123456789abcdef0" && rule.from_port == 443])
    error_message = "S3 by the gateway endpoint"
  }
}

run "nobody_but_the_function_can_read_its_keys" {
  command = apply

  assert {
    condition = [for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Principal.AWS
    if length(setintersection(flatten([statement.Action]), ["kms:*", "kms:Decrypt", "kms:GenerateDataKey"])) > 0] == ["arn:aws:iam::111122223333:role/gantry-bastion-function"]
    error_message = "Decrypt and GenerateDataKey are the function's alone"
  }
  assert {
    condition = alltrue([for statement in jsondecode(aws_kms_key.this.policy).Statement :
      !anytrue([for action in flatten([statement.Action]) : can(regex("\\*|Encrypt|ReEncrypt|CreateGrant|GenerateDataKeyPair|ImportKeyMaterial", action))])
    ])
    error_message = "and administration has no way around that but changing the policy"
  }
  assert {
    condition     = jsondecode(aws_lambda_invocation.first_pair.input) == { action = "rotate", overlapSeconds = 3900 }
    error_message = "the first pair is made by the function"
  }
}

run "no_role_does_more_than_it_must" {
  command = apply

  assert {
    condition     = jsondecode(aws_iam_role.bastion.assume_role_policy).Statement[0].Principal == { Service = "ec2.amazonaws.com" } && length(jsondecode(aws_iam_role.bastion.assume_role_policy).Statement) == 1
    error_message = "EC2 alone"
  }
  assert {
    condition     = jsondecode(aws_iam_role.function.assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" } && length(jsondecode(aws_iam_role.function.assume_role_policy).Statement) == 1
    error_message = "Lambda alone"
  }
  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.bastion.policy).Statement : statement.Resource])) == toset(["arn:aws:s3:::gantry-sandbox/bastion/keys/public.json", "arn:aws:s3:::gantry-sandbox/bastion/jump/$${ec2:SourceInstanceARN}", "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"])
    error_message = "the bastion reads public keys and writes its own object"
  }
  assert {
    condition     = !can(regex("autoscaling:|ssm:|launches/|fleets/|bundles/|kms:\\*|s3:\\*", aws_iam_role_policy.function.policy))
    error_message = "the function touches neither Auto Scaling nor Systems Manager, no ledger, no bundle"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement.Sid
    if statement.Effect == "Allow" && contains(flatten([statement.Resource]), "*")] == ["InterfacesInTheSubnets"]
    error_message = "only Lambda's own interfaces have '*'"
  }
  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.function.policy).Statement : statement.Resource if contains(flatten([statement.Action]), "s3:PutObject")])) == toset(["arn:aws:s3:::gantry-sandbox/bastion/keys/pair.json", "arn:aws:s3:::gantry-sandbox/bastion/keys/public.json", "arn:aws:s3:::gantry-sandbox/bastion/answers/*"])
    error_message = "it writes keys and answers"
  }
}

run "the_program_is_named_by_its_bytes" {
  command = apply

  assert {
    condition     = output.program_sha256 == filesha256("../fleet/tests/bundle.zip") && local.program_key == "bastion/program/${filesha256("../fleet/tests/bundle.zip")}.zip"
    error_message = "its sha256"
  }
}

run "a_missing_build_is_a_sentence" {
  command = plan
  variables {
    function_zip = "./tests/no-such.zip"
    instance_zip = "./tests/no-such.zip"
  }
  expect_failures = [var.function_zip, var.instance_zip]
}

run "subnets_whose_addresses_sshd_cannot_list_are_refused" {
  command = plan
  variables {
    network = {
      vpc_id                     = "vpc-0123456789abcdef0"
      private_subnet_ids         = ["subnet-0123456789abcdef0"]
      private_subnet_cidrs       = ["10.0.0.0/16"]
      instance_security_group_id = "sg-00000000000000003"
      s3_prefix_list_id          = "pl-0123456789abcdef0"
    }
  }
  expect_failures = [var.network]
}

run "the_root_volume_is_encrypted" {
  command = plan

  assert {
    condition     = [for mapping in aws_launch_template.this.block_device_mappings : "${mapping.device_name} ${mapping.ebs[0].encrypted} ${mapping.ebs[0].volume_size}"] == ["/dev/sda1 true 8"]
    error_message = "under the image's own name of it, and of its size"
  }
}

run "addresses_of_an_older_version" {
  state_key = "moved"
  module {
    source = "./tests/before"
  }
}

run "security_group_rules_of_an_older_version_stay" {
  command   = plan
  state_key = "moved"

  override_resource {
    target          = aws_security_group.bastion
    values          = { id = "sg-00000000000000001" }
    override_during = plan
  }

  override_resource {
    target          = aws_security_group.function
    values          = { id = "sg-00000000000000002" }
    override_during = plan
  }

  assert {
    condition = [
      aws_vpc_security_group_egress_rule.ssh["bastion"].id,
      aws_vpc_security_group_egress_rule.ssh["instances"].id,
      aws_vpc_security_group_ingress_rule.ssh["bastion"].id,
      aws_vpc_security_group_ingress_rule.ssh["instances"].id,
      aws_vpc_security_group_egress_rule.s3["bastion"].id,
      aws_vpc_security_group_egress_rule.s3["function"].id,
    ] == run.addresses_of_an_older_version.ids
    error_message = "what is there keeps its id; a new one would not be known before the apply"
  }
}
