# What terraform validate does not look for: everything declared is used, described, typed, and named alike.
config {
  call_module_type = "local"
}

plugin "terraform" {
  enabled = true
  preset  = "all"
}
