# One environment: what envs/dev and envs/prod both are, with other values. Here modules are only put together.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

# Bootstrap keeps them, so that they outlive the environment.
data "aws_eips" "this" {
  count = var.config.keep_addresses ? 1 : 0

  filter {
    name   = "tag:Project"
    values = [var.project]
  }
  filter {
    name   = "tag:Environment"
    values = [var.environment]
  }
  filter {
    name   = "tag:Purpose"
    values = ["load-balancer"]
  }
}

locals {
  name   = "${var.project}-${var.environment}"
  group  = "${local.name}-rtsp"
  config = var.config

  # The role's default, which the load balancer and the security groups have, too.
  rtsp_port = 8554

  their_target_groups   = flatten(local.config.target_groups[*].arns)
  their_security_groups = flatten(local.config.target_groups[*].security_group_ids)
  makes_balancer        = local.config.load_balancer && local.config.target_groups == null

  # Bootstrap makes it, for each environment.
  boundary = coalesce(local.config.permissions_boundary,
  "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy/${local.config.iam_prefix}${local.name}-boundary")

  falls_back = local.config.fallback == "when-unreachable"

  # An account has one document of a name in each Region.
  document_prefix = coalesce(local.config.document_prefix, "${local.name}-")

  hardened = local.config.document == "hardened"
  document = merge(
    # No try(): what is not wholly known yet would be unknown altogether, and with it how many rules there are.
    local.hardened ? module.documents.documents["Gantry-ApplyAnsiblePlaybooks"] : {
      name = local.config.document, version = local.config.document_version, hash = null, arn = null
    },
    {
      # The function knows the hardened document by its own name, and a prefix makes another one of it.
      identifies_runs = local.hardened && local.document_prefix != "Gantry-" ? true : null
      parameters      = length(local.config.document_parameters) == 0 ? null : local.config.document_parameters
    },
  )

  internet_needed_for = compact([
    local.config.prepare_image ? "prepare_image: user data installs ansible-core, unzip and boto3 from Ubuntu's package sources" : "",
    local.config.install_dependencies && lookup(local.config.document_parameters, "InstallFrom", "") != "Wheelhouse" ?
    "install_dependencies: the document installs Ansible by pip (InstallFrom: Wheelhouse would take it from the bucket)" : "",
  ])
}

module "network" {
  source = "../network"
  count  = local.config.network == null ? 1 : 0

  name                = local.name
  cidr                = local.config.cidr
  other_cidrs         = local.config.other_cidrs
  az_count            = local.config.zones
  outbound            = local.config.outbound
  nat_per_zone        = local.config.nat_per_zone
  internet_needed_for = local.internet_needed_for
  announce            = local.config.announce
}

module "existing_network" {
  source = "../existing_network"
  count  = local.config.network == null ? 0 : 1

  name               = local.name
  vpc_id             = local.config.network.vpc_id
  public_subnet_ids  = local.config.network.public_subnet_ids
  private_subnet_ids = local.config.network.private_subnet_ids
}

moved {
  from = module.network
  to   = module.network[0]
}

locals {
  # How streams' addresses begin; null where nothing knows it.
  urls = one(concat(module.load_balancer[*].urls, [for groups in local.config.target_groups[*] : { rtsp = groups.url } if groups.url != null]))

  their_seconds_to_healthy = [for group in data.aws_lb_target_group.theirs : group.health_check[0].interval * group.health_check[0].healthy_threshold]
  # As CloudWatch's dimensions name them.
  their_metrics = { for i, group in data.aws_lb_target_group.theirs : i == 0 ? local.group : "${local.group}-${i}" => {
    fleet         = local.group
    target_group  = group.arn_suffix
    load_balancer = regex("loadbalancer/(.+)$", one(group.load_balancer_arns))[0]
  } }

  # In a tuple, because they are of two types.
  network = one(concat(module.network[*], module.existing_network[*]))
}

module "store" {
  source = "../bundle_store"

  name              = local.name
  force_destroy     = !local.config.keep_data
  bastion_kept_days = local.falls_back ? 7 : null
  kms_key_arn       = local.config.kms_key_arn
  iam_prefix        = local.config.iam_prefix
}

module "documents" {
  source = "../ssm_documents"

  folder = var.documents
  prefix = local.document_prefix
}

module "pager" {
  source = "../pager"

  name                 = local.name
  emails               = local.config.pager_emails
  kms_key_arn          = module.store.kms_key_arn
  permissions_boundary = local.boundary
  iam_path             = local.config.iam_path
  iam_prefix           = local.config.iam_prefix
}

module "bastion_fallback" {
  source = "../bastion_fallback"
  count  = local.falls_back ? 1 : 0

  name                 = local.name
  function_zip         = var.bastion_function_zip
  runtime              = strcontains(local.config.functions.packaging, "zip-java25") ? "java25" : "java21"
  architecture         = local.config.functions.architecture
  instance_zip         = var.bastion_instance_zip
  key_overlap_seconds  = local.config.timing.launch_deadline + 60 * local.config.timing.hold_minutes
  image_id             = local.config.bastion.image_id
  instance_type        = local.config.bastion.instance_type
  notice_emails        = local.config.bastion.notice_emails
  log_retention_days   = local.config.log_retention_days
  deletion_window_days = local.config.keep_data ? 30 : 7
  aws_command          = var.aws_command
  aws_role_arn         = var.aws_role_arn
  store                = { bucket = module.store.bucket, bucket_arn = module.store.bucket_arn, kms_key_arn = module.store.kms_key_arn }
  network = {
    vpc_id                     = local.network.vpc_id
    private_subnet_ids         = local.network.private_subnet_ids
    private_subnet_cidrs       = local.network.private_subnet_cidrs
    instance_security_group_id = local.network.instance_security_group_id
    s3_prefix_list_id          = local.network.s3_prefix_list_id
  }
  permissions_boundary = local.boundary
  iam_path             = local.config.iam_path
  iam_prefix           = local.config.iam_prefix
}

module "gantry" {
  source = "../launch_function"

  name                 = local.name
  function_zip         = local.config.functions.image_uri == null ? var.function_zip : null
  image_uri            = local.config.functions.image_uri
  packaging            = local.config.functions.packaging
  bucket               = module.store.bucket
  bucket_arn           = module.store.bucket_arn
  kms_key_arn          = module.store.kms_key_arn
  pager_queue_url      = module.pager.queue_url
  pager_queue_arn      = module.pager.queue_arn
  document_names       = distinct(concat(["AWS-ApplyAnsiblePlaybooks"], module.documents.names, local.hardened ? [] : [local.config.document]))
  snap_start           = local.config.snap_start
  architecture         = local.config.functions.architecture
  log_retention_days   = local.config.log_retention_days
  bastion              = one([for bastion in module.bastion_fallback : { queue_url = bastion.queue_url, queue_arn = bastion.queue_arn }])
  permissions_boundary = local.boundary
  iam_path             = local.config.iam_path
  iam_prefix           = local.config.iam_prefix
}

# No resource: operators attach it to a role of their own.
module "reader_policy" {
  source = "../reader_policy"

  name        = local.name
  bucket_arn  = module.store.bucket_arn
  kms_key_arn = module.store.kms_key_arn
  iam_path    = local.config.iam_path
  iam_prefix  = local.config.iam_prefix
}

# A load balancer of the operator's. A mistake is found by the plan, and not by instances that never get healthy.
data "aws_lb_target_group" "theirs" {
  count = length(local.their_target_groups)

  arn = local.their_target_groups[count.index]

  lifecycle {
    postcondition {
      condition     = self.target_type == "instance" && contains(["TCP", "TCP_UDP"], self.protocol) && self.port == local.rtsp_port
      error_message = "The target group ${self.name} takes ${self.protocol} at port ${self.port} for targets of the type ${self.target_type}; the instances need TCP or TCP_UDP, port ${local.rtsp_port}, type instance."
    }
    postcondition {
      # Not local.network, of whose resources it would have to wait: the plan shall find it.
      condition     = self.vpc_id == (local.config.network == null ? module.network[0].vpc_id : local.config.network.vpc_id)
      error_message = "The target group ${self.name} is in ${self.vpc_id}, which is not the VPC of the instances: name its network in the configuration (network)."
    }
    postcondition {
      condition     = length(self.load_balancer_arns) == 1
      error_message = "The target group ${self.name} belongs to no load balancer, so that no client would reach its instances and no health check would run: add a listener first."
    }
  }
}

resource "aws_vpc_security_group_ingress_rule" "theirs" {
  for_each = toset(local.their_security_groups)

  security_group_id            = local.network.instance_security_group_id
  description                  = "RTSP from the load balancer"
  ip_protocol                  = "tcp"
  from_port                    = local.rtsp_port
  to_port                      = local.rtsp_port
  referenced_security_group_id = each.key
}

moved {
  from = module.load_balancer
  to   = module.load_balancer[0]
}

# Where there is no load balancer clients reach the instances themselves. One without security groups sends the clients'
# own addresses.
resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = toset(local.makes_balancer || length(local.their_security_groups) > 0 ? [] : local.config.client_cidrs)

  security_group_id = local.network.instance_security_group_id
  description       = "RTSP from clients"
  ip_protocol       = "tcp"
  from_port         = local.rtsp_port
  to_port           = local.rtsp_port
  cidr_ipv4         = each.key
}

module "load_balancer" {
  source = "../load_balancer"
  count  = local.makes_balancer ? 1 : 0

  name                       = local.group
  vpc_id                     = local.network.vpc_id
  subnet_ids                 = local.network.public_subnet_ids
  allocation_ids             = local.config.keep_addresses ? sort(data.aws_eips.this[0].allocation_ids) : null
  instance_security_group_id = local.network.instance_security_group_id
  client_cidrs               = local.config.client_cidrs
  domain                     = local.config.domain
  health                     = local.config.lb_health
  deletion_protection        = local.config.deletion_protection
}

module "observability" {
  source = "../observability"

  name       = local.name
  topic_arn  = module.pager.topic_arn
  functions  = module.gantry.functions
  log_groups = module.gantry.log_groups
  queues = {
    launches      = module.gantry.queue_name
    launches_dead = module.gantry.dead_letter_queue_name
    pages_dead    = module.pager.dead_letter_queue_name
  }
  fleets = { (local.group) = {
    in_time_seconds = local.config.goals.in_time_seconds
    share_in_time   = local.config.goals.share_in_time
    deadline        = local.config.timing.launch_deadline
  } }
  load_balancers = merge({ for balancer in module.load_balancer : local.group => merge(balancer.metric_names, { fleet = local.group }) }, local.their_metrics)
  fallback       = one([for bastion in module.bastion_fallback : { topic_arn = bastion.notices_topic_arn, dead_letters = bastion.dead_letter_queue_name }])
}

module "rtsp_fleet" {
  source = "../rtsp_fleet"

  name                 = local.name
  group_name           = local.group
  subnet_ids           = local.network.private_subnet_ids
  security_group_id    = local.network.instance_security_group_id
  target_group_arns    = concat(module.load_balancer[*].target_group_arn, data.aws_lb_target_group.theirs[*].arn)
  seconds_to_healthy   = max(0, concat(module.load_balancer[*].seconds_to_healthy, local.their_seconds_to_healthy)...)
  refresh_alarm_names  = values(module.observability.unhealthy_alarm_names)
  image_id             = local.config.image_id
  prepare_image        = local.config.prepare_image
  architecture         = local.config.architecture
  instance_type        = local.config.instance_type
  volume_gigabytes     = local.config.volume_gigabytes
  size                 = local.config.size
  warm_pool            = local.config.warm_pool
  target_tracking      = local.config.target_tracking
  health               = local.config.health
  document             = local.document
  install_dependencies = local.config.install_dependencies
  mode                 = local.config.mode
  timing               = local.config.timing
  breaker              = local.config.breaker
  announce             = local.config.announce
  fallback             = one([for bastion in module.bastion_fallback : { after_seconds = local.config.fallback_after, program_sha256 = bastion.program_sha256 }])
  bundle               = var.bundle
  workload             = var.workload
  aws_command          = var.aws_command
  aws_role_arn         = var.aws_role_arn
  store                = { bucket = module.store.bucket, bucket_arn = module.store.bucket_arn, kms_key_arn = module.store.kms_key_arn }
  launch_function = {
    queue_url      = module.gantry.queue_url
    queue_arn      = module.gantry.queue_arn
    role_names     = module.gantry.role_names
    operator       = module.gantry.operator
    hook_names     = module.gantry.hook_names
    document_names = module.gantry.document_names
    ready          = module.gantry.ready
  }
  permissions_boundary = local.boundary
  iam_path             = local.config.iam_path
  iam_prefix           = local.config.iam_prefix
}

# What other stacks need to know, where they can look it up.
resource "aws_ssm_parameter" "this" {
  for_each = merge({
    bucket      = module.store.bucket
    pager_topic = module.pager.topic_arn
  }, local.urls == null ? {} : { stream_url = local.urls.rtsp })

  name  = "/${local.name}/${each.key}"
  type  = "String"
  value = each.value
}
