# The whole, with mocked AWS: what is refused, and how switches join the parts.

mock_provider "aws" {
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./tests/mocks"
}

mock_provider "aws" {
  alias  = "dr"
  source = "./tests/mocks"
}

variables {
  domain      = "shop.example"
  alarm_email = "ops@shop.example"
}

run "the_whole_stands" {
  command = plan

  assert {
    condition     = output.shop_url == "https://shop.example"
    error_message = "The shop is at its domain, over HTTPS."
  }
}

run "a_bad_name_is_refused" {
  command = plan

  variables {
    name   = "Green Leaf"
    region = "Paris"
    domain = "https://shop.example/"
  }

  expect_failures = [var.name, var.region, var.domain]
}

run "there_is_no_shop_without_https" {
  command = plan

  variables {
    dns_tls = { enabled = false }
  }

  expect_failures = [var.dns_tls]
}

run "a_certificate_may_come_from_elsewhere" {
  command = plan

  variables {
    dns_tls = { enabled = false, certificate_arn = "arn:aws:acm:eu-west-3:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef" }
  }

  assert {
    condition     = length(module.dns_tls) == 0 && output.name_servers == []
    error_message = "No zone is made."
  }
}

run "monitoring_can_be_off" {
  command = plan

  variables {
    monitoring = { enabled = false }
  }

  assert {
    condition     = length(module.monitoring) == 0
    error_message = "No alarm is made."
  }
}
