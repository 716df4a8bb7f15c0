# Parts behind switches, most of which the emulator does not know.

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

run "nothing_is_on_that_nobody_asked_for" {
  command = plan

  assert {
    condition     = sum([for part in [module.cdn, module.waf, module.cache, module.backup, module.mail, module.ecs, module.pipeline, module.image, module.dr_region] : length(part)]) == 0
    error_message = "Parts beyond the architecture are off."
  }
}

run "a_firewall_guards_the_load_balancer" {
  command = plan

  module {
    source = "./modules/waf"
  }
  variables {
    name    = "it-test"
    alb_arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:loadbalancer/app/it/0123456789abcdef"
  }

  assert {
    condition     = length(aws_wafv2_web_acl.this.rule) == 8
    error_message = "Four groups of AWS, three limits for paths, one for all."
  }
}

run "the_cache_hears_the_instances_alone" {
  command = plan

  module {
    source = "./modules/cache"
  }
  variables {
    name         = "it-test"
    vpc_id       = "vpc-0123456789abcdef0"
    subnet_ids   = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    app_group_id = "sg-0123456789abcdef1"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this.referenced_security_group_id == "sg-0123456789abcdef1" && aws_elasticache_replication_group.this.transit_encryption_enabled
    error_message = "Instances alone reach it, and by TLS."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 2 && aws_elasticache_replication_group.this.automatic_failover_enabled
    error_message = "One node may fail."
  }
}

run "a_budget_is_watched" {
  command = plan

  module {
    source = "./modules/monitoring"
  }
  variables {
    name                    = "it-test"
    email                   = "ops@shop.example"
    database_identifier     = "it"
    database_storage_gb     = 100
    alb_arn_suffix          = "app/it/0123456789abcdef"
    target_group_arn_suffix = "targetgroup/it/0123456789abcdef"
    asg_name                = "it"
    certificate_arn         = "arn:aws:acm:eu-west-3:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
    connection_anomaly      = true
  }

  assert {
    condition     = aws_budgets_budget.this[0].limit_amount == "273" && length(aws_budgets_budget.this[0].notification) == 2
    error_message = "273 dollars a month, told at 80 % spent and 100 % forecast."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.connection_anomaly) == 1
    error_message = "Unusual connections are told."
  }
}

run "backups_are_kept_and_may_be_locked" {
  command = apply

  module {
    source = "./modules/backup"
  }
  variables {
    name          = "it-test"
    resource_arns = ["arn:aws:rds:eu-west-3:123456789012:db:it", "arn:aws:s3:::it"]
    locked_days   = 14
  }

  assert {
    condition     = length(aws_backup_plan.this.rule) == 2
    error_message = "Daily and monthly, of database and pictures."
  }
  assert {
    condition     = aws_backup_vault_lock_configuration.this[0].min_retention_days == 14
    error_message = "Nobody deletes a backup within two weeks."
  }
}

run "mails_are_signed_and_leave_by_tls" {
  command = plan

  module {
    source = "./modules/mail"
  }
  variables {
    name    = "it-test"
    domain  = "shop.example"
    zone_id = "Z0123456789"
  }

  assert {
    condition     = length(aws_route53_record.dkim) == 3 && aws_route53_record.dmarc.records == toset(["v=DMARC1; p=quarantine; adkim=r; aspf=r"])
    error_message = "DKIM and DMARC stand in the zone."
  }
  assert {
    condition     = aws_sesv2_configuration_set.this.delivery_options[0].tls_policy == "REQUIRE" && length(aws_sns_topic_subscription.feedback) == 0
    error_message = "Mails leave by TLS alone."
  }
}

run "tasks_run_the_shop_without_rights_over_their_root" {
  command = apply

  module {
    source = "./modules/ecs"
  }
  variables {
    name               = "it-test"
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    alb_group_id       = "sg-0123456789abcdef0"
    app_group_id       = "sg-0123456789abcdef1"
    https_listener_arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/it/0123456789abcdef/0123456789abcdef"
    app_policy         = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
    image              = "123456789012.dkr.ecr.eu-west-3.amazonaws.com/greenleaf:1.0"
    environment        = { GREENLEAF_BASE_URL = "https://shop.example", GREENLEAF_LISTEN = "127.0.0.1:8080" }
    app_secret_arn     = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:it"
    database           = { address = "it.rds.example", name = "greenleaf", secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds" }
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[1].readonlyRootFilesystem && jsondecode(aws_ecs_task_definition.this.container_definitions)[1].user == "65532:65532"
    error_message = "The shop is nobody in its container, and cannot write to it."
  }
  assert {
    condition     = contains(jsondecode(aws_ecs_task_definition.this.container_definitions)[1].environment, { name = "GREENLEAF_LISTEN", value = "0.0.0.0:8080" })
    error_message = "A task serves by itself."
  }
  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].rollback && !aws_ecs_service.this.network_configuration[0].assign_public_ip
    error_message = "A release that does not start is taken back, and no task has a public address."
  }
}

run "a_release_waits_for_a_person" {
  command = apply

  module {
    source = "./modules/pipeline"
  }
  variables {
    name                = "it-test"
    repository          = "greenleaf/greenleaf"
    deploy_role_arn     = "arn:aws:iam::123456789012:role/deploy"
    image_parameter_arn = "arn:aws:ssm:eu-west-3:123456789012:parameter/it-test/image"
  }

  assert {
    condition     = [for stage in aws_codepipeline.this.stage : stage.name] == ["Source", "Build", "Approve", "Deploy"]
    error_message = "Nothing is deployed that nobody approved."
  }
}

run "image_builder_names_what_it_built" {
  command = apply

  module {
    source = "./modules/image"
  }
  variables {
    name              = "it-test"
    subnet_id         = "subnet-0123456789abcdef2"
    security_group_id = "sg-0123456789abcdef1"
    logs_bucket       = "it-logs"
    artifacts_bucket  = "it-artifacts"
    image_parameter   = "/it-test/image"
  }

  assert {
    condition     = one([for it in aws_imagebuilder_distribution_configuration.this.distribution : one(it.ssm_parameter_configuration).parameter_name]) == "/it-test/image"
    error_message = "The id of the image is written where the instances' template reads it."
  }
}

run "host_names_fail_over" {
  command = plan

  module {
    source = "./modules/dns_tls"
  }
  variables {
    domain  = "shop.example"
    target  = { dns_name = "first.example", zone_id = "Z1" }
    standby = { dns_name = "second.example", zone_id = "Z2" }
  }

  assert {
    condition     = aws_route53_record.shop["shop.example"].failover_routing_policy[0].type == "PRIMARY" && aws_route53_record.standby["shop.example"].failover_routing_policy[0].type == "SECONDARY"
    error_message = "The second region answers when the first does not."
  }
}

run "all_switches_at_once" {
  command = plan

  variables {
    cdn           = { enabled = true }
    origin_secret = "0123456789abcdef0123456789abcdef"
    waf           = { enabled = true }
    cache         = { enabled = true }
    backup        = { enabled = true }
    mail          = { enabled = true }
    ecs           = { enabled = true, image = "123456789012.dkr.ecr.eu-west-3.amazonaws.com/greenleaf:1.0" }
    pipeline      = { enabled = true, repository = "greenleaf/greenleaf", deploy_role_arn = "arn:aws:iam::123456789012:role/deploy" }
    image         = { enabled = true, artifacts_bucket = "it-artifacts" }
    dr_region     = { enabled = true }
    compute       = { min_size = 0, desired_size = 0, max_size = 0 }
  }

  assert {
    condition     = alltrue([for part in [module.cdn, module.waf, module.cache, module.backup, module.mail, module.ecs, module.pipeline, module.image, module.dr_region] : length(part) == 1])
    error_message = "Each part stands."
  }
}

run "switches_name_what_they_need" {
  command = plan

  variables {
    dns_tls       = { enabled = false, certificate_arn = "arn:aws:acm:eu-west-3:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef" }
    cdn           = { enabled = true }
    origin_secret = "too short"
    mail          = { enabled = true }
    ecs           = { enabled = true }
    pipeline      = { enabled = true }
    image         = { enabled = true }
  }

  expect_failures = [var.cdn, var.origin_secret, var.mail, var.ecs, var.pipeline, var.image]
}

run "the_second_region_is_another_one" {
  command = plan

  variables {
    dr_region = { region = "eu-west-3" }
  }

  expect_failures = [var.dr_region]
}

run "a_distribution_has_no_standby" {
  command = plan

  variables {
    cdn       = { enabled = true }
    dr_region = { standby = { dns_name = "second.example", zone_id = "Z2" } }
  }

  expect_failures = [var.dr_region]
}
