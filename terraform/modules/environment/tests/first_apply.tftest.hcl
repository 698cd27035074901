# In a file of its own, because what an earlier run has applied is known and hides what a first plan does not know yet.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  environment  = "dev"
  function_zip = "../launch_function/tests/package.zip"
  bundle       = "../fleet/tests/bundle.zip"
  documents    = "./tests/documents"
  aws_command  = "../../tests/stub-aws"
}

run "the_hardened_document_can_be_the_first_one" {
  command = plan
  variables {
    config = { document = "hardened" }
  }

  assert {
    condition     = local.document.name == "gantry-dev-ApplyAnsiblePlaybooks"
    error_message = "its name is known before it is made, and how many rules there are with it"
  }
}

run "roles_bear_the_boundary_of_bootstrap" {
  command = plan
  variables {
    config = {}
  }

  assert {
    condition     = local.boundary == "arn:aws:iam::111122223333:policy/gantry-dev-boundary"
    error_message = "named as bootstrap names it"
  }
}

run "a_boundary_of_ones_own_is_taken" {
  command = plan
  variables {
    config = { permissions_boundary = "arn:aws:iam::111122223333:policy/ours" }
  }

  assert {
    condition     = local.boundary == "arn:aws:iam::111122223333:policy/ours"
    error_message = "as the configuration says"
  }
}
