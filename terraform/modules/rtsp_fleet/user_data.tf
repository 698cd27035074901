# What an instance does before Gantry sees it. The agent is held back until Ansible is there, so that Online means ready.

locals {
  user_data = join("\n", ["#cloud-config", yamlencode({
    # As early as cloud-init runs anything; the script is not written yet then.
    bootcmd = !var.prepare_image ? [] : [["cloud-init-per", "once", "gantry-hold-agent", "sh", "-c", file("${path.module}/files/hold-agent.sh")]]
    write_files = concat(
      !var.prepare_image ? [] : [{
        path        = "/usr/local/lib/gantry/prepare-image"
        permissions = "0755"
        content     = file("${path.module}/files/prepare-image")
      }],
      module.fleet.announce.write_files,
      module.fleet.fallback.write_files,
    )
    runcmd = concat(
      module.fleet.announce.runcmd,
      module.fleet.fallback.runcmd,
      !var.prepare_image ? [] : [["/usr/local/lib/gantry/prepare-image"]],
    )
  })])
}
