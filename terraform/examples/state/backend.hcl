# Where the state of a deployment lies: main.tf beside this file makes the bucket.
bucket = "example-terraform-state"
key    = "greenleaf-prod.tfstate"
region = "eu-west-3"
