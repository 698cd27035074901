mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  folder = "./tests/documents"
}

run "each_file_is_a_document_of_its_name" {
  command = apply

  assert {
    condition     = toset(keys(aws_ssm_document.this)) == toset(["Gantry-Example", "Gantry-Other"])
    error_message = "two documents; README.md is none"
  }
  assert {
    condition     = aws_ssm_document.this["Gantry-Example"].document_format == "YAML" && aws_ssm_document.this["Gantry-Other"].document_format == "JSON"
    error_message = "the ending tells the format"
  }
  assert {
    condition     = alltrue([for document in aws_ssm_document.this : document.document_type == "Command"])
    error_message = "Command documents"
  }
  assert {
    condition     = output.documents["Gantry-Example"].version == "7" && length(output.documents["Gantry-Example"].hash) == 64
    error_message = "settings get the version and the hash that AWS answered"
  }
}

run "the_names_are_known_before_anything_is_made" {
  command = plan

  assert {
    condition     = toset(output.names) == toset(["Gantry-Example", "Gantry-Other"])
    error_message = "the rule's pattern must not wait for the documents"
  }
}

run "two_environments_share_an_account_by_a_prefix" {
  command = plan
  variables {
    prefix = "gantry-dev-"
  }

  assert {
    condition     = aws_ssm_document.this["Gantry-Example"].name == "gantry-dev-Example"
    error_message = "the prefix stands where Gantry- did"
  }
}

run "two_files_of_one_name_are_refused" {
  command = plan
  variables {
    folder = "./tests/twice"
  }
  expect_failures = [aws_ssm_document.this["Gantry-Example"]]
}

run "a_folder_without_documents_makes_none" {
  command = plan
  variables {
    folder = "./tests/none"
  }

  assert {
    condition     = length(aws_ssm_document.this) == 0 && length(output.names) == 0
    error_message = "README.md is no document"
  }
}

run "a_prefix_that_belongs_to_aws_is_refused" {
  command = plan
  variables {
    prefix = "AWS-"
  }
  expect_failures = [var.prefix]
}
