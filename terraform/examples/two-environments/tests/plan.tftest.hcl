mock_provider "aws" {
  source = "../../tests/mocks"
}

run "they_share_no_name" {
  command = plan
  variables {
    function_zip = "../../modules/launch_function/tests/package.zip"
    bundle       = "../../modules/fleet/tests/bundle.zip"
  }

  assert {
    condition     = length(setintersection(values(module.environment["dev"].functions), values(module.environment["prod"].functions))) == 0
    error_message = "of functions"
  }
  assert {
    condition     = length(setintersection(module.environment["dev"].hears.hooks, module.environment["prod"].hears.hooks)) == 0
    error_message = "of hooks, or dev's launches would page for prod"
  }
  assert {
    condition     = setintersection(module.environment["dev"].hears.documents, module.environment["prod"].hears.documents) == toset(["AWS-ApplyAnsiblePlaybooks"])
    error_message = "of documents but AWS's own"
  }
}
