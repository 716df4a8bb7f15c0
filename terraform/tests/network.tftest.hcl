# Ways out of the private subnets, and who may come in.

mock_provider "aws" {
  source = "./tests/mocks"
}

run "a_gateway_in_each_zone" {
  command = plan

  module {
    source = "./modules/vpc"
  }
  variables {
    name = "it-test"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 2 && length(aws_route.nat_gateway) == 2
    error_message = "Each zone has its own gateway."
  }
  assert {
    condition     = length(aws_route_table.private) == 2 && length(aws_vpc_endpoint.service) == 0
    error_message = "Two private tables and no interface endpoints."
  }
}

run "one_gateway_for_all" {
  command = plan

  module {
    source = "./modules/vpc"
  }
  variables {
    name     = "it-test"
    nat_mode = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-west-3a"] && length(aws_route.nat_gateway) == 2
    error_message = "Both private subnets leave through the first zone."
  }
}

run "an_instance_in_each_zone" {
  command = plan

  module {
    source = "./modules/vpc"
  }
  variables {
    name     = "it-test"
    nat_mode = "instance"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_instance.nat) == 2 && length(aws_route.nat_instance) == 2
    error_message = "Each zone has its own instance."
  }
  assert {
    condition     = alltrue([for nat in aws_instance.nat : nat.source_dest_check == false && nat.metadata_options[0].http_tokens == "required"])
    error_message = "NAT instances forward, and guard their metadata."
  }
}

run "no_way_out_but_to_aws" {
  command = plan

  module {
    source = "./modules/vpc"
  }
  variables {
    name     = "it-test"
    nat_mode = "none"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_instance.nat) == 0 && length(aws_eip.nat) == 0
    error_message = "Nothing leads to the internet."
  }
  assert {
    condition     = length(aws_vpc_endpoint.service) == 7 && length(aws_vpc_security_group_ingress_rule.endpoints) == 4
    error_message = "Secrets, parameters, logs, metrics, sessions and mail are reached through endpoints."
  }
}

run "other_ways_out_are_refused" {
  command = plan

  module {
    source = "./modules/vpc"
  }
  variables {
    name              = "it-test"
    nat_mode          = "both"
    nat_instance_type = "t3.nano"
    zones             = ["eu-west-3a"]
    cidr              = "10.0.0.0/33"
    flow_log_days     = 8
  }

  expect_failures = [var.nat_mode, var.nat_instance_type, var.zones, var.cidr, var.flow_log_days]
}

run "each_zone_has_subnets_of_its_own" {
  command = plan

  module {
    source = "./modules/vpc"
  }
  variables {
    name           = "it-test"
    public_subnets = ["10.0.1.x/24"]
  }

  expect_failures = [var.public_subnets]
}

run "no_subnet_is_both_public_and_private" {
  command = plan

  module {
    source = "./modules/vpc"
  }
  variables {
    name            = "it-test"
    private_subnets = ["10.0.1.0/24"]
  }

  expect_failures = [var.private_subnets]
}

run "ssh_is_closed" {
  command = plan

  module {
    source = "./modules/security"
  }
  variables {
    name             = "it-test"
    vpc_id           = "vpc-0123456789abcdef0"
    media_bucket_arn = "arn:aws:s3:::it"
    secret_arns      = { app = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:it" }
    parameter_arns   = []
    log_group_arns   = []
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.app_ssh) == 0
    error_message = "Nobody opens SSH by default."
  }
  assert {
    condition     = { for key, rule in aws_vpc_security_group_ingress_rule.alb : key => rule.from_port } == { http = 80, https = 443 }
    error_message = "The load balancer hears 80 and 443."
  }
}

run "ssh_opens_to_named_addresses" {
  command = plan

  module {
    source = "./modules/security"
  }
  variables {
    name             = "it-test"
    vpc_id           = "vpc-0123456789abcdef0"
    media_bucket_arn = "arn:aws:s3:::it"
    secret_arns      = { app = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:it" }
    parameter_arns   = []
    log_group_arns   = []
    ssh_from         = { office = "203.0.113.7/32" }
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.app_ssh["office"].cidr_ipv4 == "203.0.113.7/32" && aws_vpc_security_group_ingress_rule.app_ssh["office"].to_port == 22
    error_message = "The office opens SSH, and nobody else."
  }
}

run "ssh_never_opens_to_the_world" {
  command = plan

  module {
    source = "./modules/security"
  }
  variables {
    name             = "it-test"
    vpc_id           = "vpc-0123456789abcdef0"
    media_bucket_arn = "arn:aws:s3:::it"
    secret_arns      = { app = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:it" }
    parameter_arns   = []
    log_group_arns   = []
    target_port      = 8080
    ssh_from         = { everybody = "0.0.0.0/0" }
  }

  expect_failures = [var.ssh_from, var.target_port]
}
