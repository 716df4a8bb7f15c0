# Figures of the modules that are refused.

mock_provider "aws" {
  source = "./tests/mocks"
}

run "compute_refuses" {
  command = plan

  module {
    source = "./modules/compute"
  }
  variables {
    name                 = "a-name-that-is-too-long-for-a-balancer"
    vpc_id               = "vpc-0123456789abcdef0"
    public_subnet_ids    = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    private_subnet_ids   = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    alb_group_id         = "sg-0123456789abcdef0"
    app_group_id         = "sg-0123456789abcdef1"
    instance_profile_arn = "arn:aws:iam::123456789012:instance-profile/it"
    certificate_arn      = "arn:aws:acm:eu-west-3:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
    logs_bucket          = "it-logs"
    image_id             = "ami-0123456789abcdef0"
    environment          = { GREENLEAF_SECRET_KEY = "in plain sight" }
    app_secret_arn       = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:it"
    database             = { address = "it.rds.example", name = "greenleaf", secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds" }
    instance_type        = "small"
    volume_gb            = 4
    min_size             = -1
    warm_pool_size       = -1
    scale_down_cpu       = 0
    scale_period_seconds = 90
    scale_evaluations    = 0
    cooldown_seconds     = -1
    target_protocol      = "FTP"
    health_check         = { path = "health.php", timeout = 30, healthy = 1 }
    sticky_seconds       = 700000
    drain_seconds        = 0
    log_days             = 8
  }

  expect_failures = [
    var.name, var.environment, var.instance_type, var.volume_gb, var.min_size,
    var.warm_pool_size, var.scale_down_cpu, var.scale_period_seconds, var.scale_evaluations,
    var.cooldown_seconds, var.target_protocol, var.health_check, var.sticky_seconds, var.drain_seconds, var.log_days,
  ]
}

run "compute_refuses_sizes_out_of_order" {
  command = plan

  module {
    source = "./modules/compute"
  }
  variables {
    name                 = "it-test"
    vpc_id               = "vpc-0123456789abcdef0"
    public_subnet_ids    = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    private_subnet_ids   = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    alb_group_id         = "sg-0123456789abcdef0"
    app_group_id         = "sg-0123456789abcdef1"
    instance_profile_arn = "arn:aws:iam::123456789012:instance-profile/it"
    certificate_arn      = "arn:aws:acm:eu-west-3:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
    logs_bucket          = "it-logs"
    image_id             = "ami-0123456789abcdef0"
    environment          = {}
    app_secret_arn       = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:it"
    database             = { address = "it.rds.example", name = "greenleaf", secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds" }
    min_size             = 3
    desired_size         = 2
    max_size             = 2
    scale_up_cpu         = 20
    scale_down_cpu       = 30
  }

  expect_failures = [var.max_size, var.scale_up_cpu]
}

run "compute_refuses_a_start_outside_its_sizes" {
  command = plan

  module {
    source = "./modules/compute"
  }
  variables {
    name                 = "it-test"
    vpc_id               = "vpc-0123456789abcdef0"
    public_subnet_ids    = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    private_subnet_ids   = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    alb_group_id         = "sg-0123456789abcdef0"
    app_group_id         = "sg-0123456789abcdef1"
    instance_profile_arn = "arn:aws:iam::123456789012:instance-profile/it"
    certificate_arn      = "arn:aws:acm:eu-west-3:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
    logs_bucket          = "it-logs"
    image_id             = "ami-0123456789abcdef0"
    environment          = {}
    app_secret_arn       = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:it"
    database             = { address = "it.rds.example", name = "greenleaf", secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds" }
    desired_size         = 5
  }

  expect_failures = [var.desired_size]
}

run "the_database_refuses" {
  command = plan

  module {
    source = "./modules/database"
  }
  variables {
    name                = "it-test"
    subnet_ids          = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    security_group_id   = "sg-0123456789abcdef0"
    engine_version      = "5.7"
    instance_class      = "t3.small"
    storage_gb          = 10
    backup_days         = 0
    backup_window       = "at night"
    maintenance_window  = "monday"
    max_connections     = 10
    buffer_pool_percent = 95
    slow_query_seconds  = 0
    log_exports         = ["everything"]
    log_days            = 8
    monitoring_seconds  = 7
  }

  expect_failures = [
    var.engine_version, var.instance_class, var.storage_gb, var.backup_days, var.backup_window,
    var.maintenance_window, var.max_connections, var.buffer_pool_percent, var.slow_query_seconds, var.log_exports,
    var.log_days, var.monitoring_seconds,
  ]
}

run "the_database_must_be_able_to_grow" {
  command = plan

  module {
    source = "./modules/database"
  }
  variables {
    name              = "it-test"
    subnet_ids        = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    security_group_id = "sg-0123456789abcdef0"
    storage_gb        = 100
    max_storage_gb    = 105
  }

  expect_failures = [var.max_storage_gb]
}

run "storage_refuses" {
  command = plan

  module {
    source = "./modules/storage"
  }
  variables {
    name                  = "it-test"
    cors_origins          = ["*"]
    infrequent_after_days = 10
    access_log_days       = 0
  }

  expect_failures = [var.cors_origins, var.infrequent_after_days, var.access_log_days]
}

run "storage_refuses_glacier_at_once" {
  command = plan

  module {
    source = "./modules/storage"
  }
  variables {
    name               = "it-test"
    cors_origins       = ["https://shop.example"]
    glacier_after_days = 40
  }

  expect_failures = [var.glacier_after_days]
}

run "storage_refuses_to_delete_before_glacier" {
  command = plan

  module {
    source = "./modules/storage"
  }
  variables {
    name              = "it-test"
    cors_origins      = ["https://shop.example"]
    delete_after_days = 90
  }

  expect_failures = [var.delete_after_days]
}

run "monitoring_refuses" {
  command = plan

  module {
    source = "./modules/monitoring"
  }
  variables {
    name                    = "it-test"
    email                   = "nobody"
    database_identifier     = "it"
    database_storage_gb     = 100
    alb_arn_suffix          = "app/it/0123456789abcdef"
    target_group_arn_suffix = "targetgroup/it/0123456789abcdef"
    asg_name                = "it"
    certificate_arn         = "arn:aws:acm:eu-west-3:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
    database_cpu            = 100
    database_connections    = 0
    latency_seconds         = 0
    server_errors           = -1
    queue_age_seconds       = 0
    certificate_days        = 60
    monthly_budget          = -1
  }

  expect_failures = [
    var.email, var.database_cpu, var.database_connections, var.latency_seconds, var.server_errors,
    var.queue_age_seconds, var.certificate_days, var.monthly_budget,
  ]
}
