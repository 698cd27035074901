mock_provider "aws" {
  source = "../../tests/mocks"

  override_data {
    target = module.live.module.rtsp_fleet.data.aws_ami.this
    values = {
      architecture          = "arm64"
      root_device_name      = "/dev/sda1"
      block_device_mappings = [{ device_name = "/dev/sda1", no_device = "", virtual_name = "", ebs = { volume_size = "8" } }]
    }
  }
}

run "an_environment_is_planned" {
  command = plan
  variables {
    function_zip = "../../modules/launch_function/tests/package.zip"
    bundle       = "../../modules/fleet/tests/bundle.zip"
  }

  assert {
    condition     = module.live.functions.operator == "gantry-live-operator"
    error_message = "names are <project>-<environment>-<what>"
  }
}
