# State on this disk, and S3 at moto's one address.
terraform {
  backend "local" {}
}

provider "aws" {
  s3_use_path_style = true
}
