module "alarms" {
  source     = "../../modules/observability"
  name       = "gantry-web"
  topic_arn  = module.pager.topic_arn
  functions  = module.gantry.functions
  log_groups = module.gantry.log_groups
  queues = {
    launches      = module.gantry.queue_name
    launches_dead = module.gantry.dead_letter_queue_name
    pages_dead    = module.pager.dead_letter_queue_name
  }
  fleets = { web = { deadline = module.web.launch_deadline_seconds } }
}
