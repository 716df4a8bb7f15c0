locals {
  tags = { Project = "greenleaf", Deployment = var.name, ManagedBy = "terraform" }

  certificate_arn = var.dns_tls.enabled ? module.dns_tls[0].certificate_arn : var.dns_tls.certificate_arn

  alb         = { dns_name = module.compute.alb_dns_name, zone_id = module.compute.alb_zone_id }
  origin_name = "origin.${var.domain}"

  image_parameter = var.compute.image_parameter != null ? var.compute.image_parameter : "/${var.name}/image"

  database = {
    address    = module.database.address
    name       = module.database.db_name
    secret_arn = module.database.secret_arn
  }

  environment = {
    AWS_REGION                = var.region
    GREENLEAF_LISTEN          = "127.0.0.1:8080"
    GREENLEAF_BASE_URL        = "https://${var.domain}"
    GREENLEAF_MEDIA_URL       = "s3://${module.storage.media_bucket}/media"
    GREENLEAF_TRUSTED_PROXIES = join(",", concat(["127.0.0.1/32"], module.vpc.public_subnets, module.security.cdn_networks))
    GREENLEAF_LOG_FORMAT      = "json"
    # The alarm on the queue watches what the log tells under this name.
    GREENLEAF_CLOUDWATCH_NAMESPACE = "GreenLeaf"
    GREENLEAF_DRAIN_SECONDS        = tostring(var.compute.drain_seconds)
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

# Whoever builds an image writes its id here; an apply then rolls it through the instances.
data "aws_ssm_parameter" "image" {
  name = local.image_parameter
}

module "vpc" {
  source = "./modules/vpc"

  name              = var.name
  cidr              = var.network.cidr
  zones             = var.network.zones
  public_subnets    = var.network.public_subnets
  private_subnets   = var.network.private_subnets
  nat_mode          = var.network.nat_mode
  nat_instance_type = var.network.nat_instance_type
  flow_log_days     = var.network.flow_log_days
}

module "security" {
  source = "./modules/security"

  name             = var.name
  behind_cdn       = var.cdn.enabled
  vpc_id           = module.vpc.vpc_id
  target_port      = var.compute.target_protocol == "HTTPS" ? 443 : 80
  ssh_from         = var.ssh_from
  media_bucket_arn = module.storage.media_bucket_arn
  secret_arns      = { app = module.secrets.app_secret_arn, database = module.database.secret_arn }
  parameter_arns   = [module.compute.parameter_arn]
  log_group_arns   = [module.compute.log_group_arn]
}

module "storage" {
  source = "./modules/storage"

  name                  = var.name
  cors_origins          = ["https://${var.domain}"]
  infrequent_after_days = var.storage.infrequent_after_days
  glacier_after_days    = var.storage.glacier_after_days
  delete_after_days     = var.storage.delete_after_days
  access_log_days       = var.storage.access_log_days
  deletion_protection   = var.deletion_protection
  behind_cdn            = var.cdn.enabled
  distribution_arn      = var.cdn.enabled ? module.cdn[0].distribution_arn : null
}

module "database" {
  source = "./modules/database"

  name                = var.name
  subnet_ids          = module.vpc.private_subnet_ids
  security_group_id   = module.security.database_group_id
  engine_version      = var.database.engine_version
  instance_class      = var.database.instance_class
  storage_gb          = var.database.storage_gb
  max_storage_gb      = var.database.max_storage_gb
  multi_az            = var.database.multi_az
  backup_days         = var.database.backup_days
  backup_window       = var.database.backup_window
  maintenance_window  = var.database.maintenance_window
  max_connections     = var.database.max_connections
  buffer_pool_percent = var.database.buffer_pool_percent
  slow_query_seconds  = var.database.slow_query_seconds
  general_log         = var.database.general_log
  log_exports         = var.database.log_exports
  log_days            = var.database.log_days
  monitoring_seconds  = var.database.monitoring_seconds
  deletion_protection = var.deletion_protection
}

module "secrets" {
  source = "./modules/secrets"

  name            = var.name
  smtp_url        = var.smtp_url
  content_version = var.secrets.content_version
  recovery_days   = var.secrets.recovery_days
}

module "compute" {
  source = "./modules/compute"

  name                 = var.name
  vpc_id               = module.vpc.vpc_id
  public_subnet_ids    = module.vpc.public_subnet_ids
  private_subnet_ids   = module.vpc.private_subnet_ids
  alb_group_id         = module.security.alb_group_id
  app_group_id         = module.security.app_group_id
  instance_profile_arn = module.security.instance_profile_arn
  certificate_arn      = local.certificate_arn
  logs_bucket          = module.storage.logs_bucket
  image_id             = data.aws_ssm_parameter.image.insecure_value
  environment          = local.environment
  app_secret_arn       = module.secrets.app_secret_arn
  database             = local.database
  instance_type        = var.compute.instance_type
  volume_gb            = var.compute.volume_gb
  detailed_monitoring  = var.compute.detailed_monitoring
  key_name             = var.compute.key_name
  min_size             = var.compute.min_size
  desired_size         = var.compute.desired_size
  max_size             = var.compute.max_size
  warm_pool_size       = var.compute.warm_pool_size
  scale_up_cpu         = var.compute.scale_up_cpu
  scale_down_cpu       = var.compute.scale_down_cpu
  scale_period_seconds = var.compute.scale_period_seconds
  scale_evaluations    = var.compute.scale_evaluations
  cooldown_seconds     = var.compute.cooldown_seconds
  target_protocol      = var.compute.target_protocol
  health_check         = var.compute.health_check
  sticky_seconds       = var.compute.sticky_seconds
  drain_seconds        = var.compute.drain_seconds
  log_days             = var.compute.log_days
  origin_secret        = var.cdn.enabled ? var.origin_secret : null
  forward_to           = var.ecs.enabled ? module.ecs[0].target_group_arn : null
  deletion_protection  = var.deletion_protection
}

module "dns_tls" {
  source = "./modules/dns_tls"
  count  = var.dns_tls.enabled ? 1 : 0

  domain            = var.domain
  alternative_names = var.dns_tls.alternative_names
  zone_id           = var.dns_tls.zone_id
  target            = var.cdn.enabled ? { dns_name = module.cdn[0].dns_name, zone_id = module.cdn[0].zone_id } : local.alb
  standby           = var.dr_region.standby
  origin            = var.cdn.enabled ? merge(local.alb, { name = local.origin_name }) : null
}

module "monitoring" {
  source = "./modules/monitoring"
  count  = var.monitoring.enabled ? 1 : 0

  name                    = var.name
  email                   = var.alarm_email
  database_identifier     = module.database.identifier
  database_storage_gb     = var.database.storage_gb
  alb_arn_suffix          = module.compute.alb_arn_suffix
  target_group_arn_suffix = module.compute.target_group_arn_suffix
  asg_name                = module.compute.asg_name
  certificate_arn         = local.certificate_arn
  database_cpu            = var.monitoring.database_cpu
  database_connections    = var.monitoring.database_connections
  latency_seconds         = var.monitoring.latency_seconds
  server_errors           = var.monitoring.server_errors
  queue_age_seconds       = var.monitoring.queue_age_seconds
  certificate_days        = var.monitoring.certificate_days
  monthly_budget          = var.monthly_budget
  connection_anomaly      = var.monitoring.connection_anomaly
}

module "cdn" {
  source = "./modules/cdn"
  count  = var.cdn.enabled ? 1 : 0

  providers = { aws = aws, aws.us_east_1 = aws.us_east_1 }

  name                    = var.name
  domain                  = var.domain
  alternative_names       = var.dns_tls.alternative_names
  origin_name             = local.origin_name
  origin_secret           = var.origin_secret
  validation_record_fqdns = module.dns_tls[0].validation_record_fqdns
  media_bucket_domain     = module.storage.media_bucket_domain
  price_class             = var.cdn.price_class
}

module "waf" {
  source = "./modules/waf"
  count  = var.waf.enabled ? 1 : 0

  name        = var.name
  alb_arn     = module.compute.alb_arn
  behind_cdn  = var.cdn.enabled
  rate_limit  = var.waf.rate_limit
  path_limits = var.waf.path_limits
  log_days    = var.waf.log_days
}

module "cache" {
  source = "./modules/cache"
  count  = var.cache.enabled ? 1 : 0

  name         = var.name
  vpc_id       = module.vpc.vpc_id
  subnet_ids   = module.vpc.private_subnet_ids
  app_group_id = module.security.app_group_id
  node_type    = var.cache.node_type
  nodes        = var.cache.nodes
}

module "backup" {
  source = "./modules/backup"
  count  = var.backup.enabled ? 1 : 0

  name                = var.name
  resource_arns       = [module.database.arn, module.storage.media_bucket_arn]
  daily_days          = var.backup.daily_days
  monthly_days        = var.backup.monthly_days
  locked_days         = var.backup.locked_days
  deletion_protection = var.deletion_protection
}

module "mail" {
  source = "./modules/mail"
  count  = var.mail.enabled ? 1 : 0

  name           = var.name
  domain         = var.domain
  zone_id        = module.dns_tls[0].zone_id
  dmarc_policy   = var.mail.dmarc_policy
  feedback_email = var.alarm_email
}

module "ecs" {
  source = "./modules/ecs"
  count  = var.ecs.enabled ? 1 : 0

  name               = var.name
  vpc_id             = module.vpc.vpc_id
  subnet_ids         = module.vpc.private_subnet_ids
  alb_group_id       = module.security.alb_group_id
  app_group_id       = module.security.app_group_id
  https_listener_arn = module.compute.https_listener_arn
  app_policy         = module.security.app_policy
  image              = var.ecs.image
  environment        = local.environment
  app_secret_arn     = module.secrets.app_secret_arn
  database           = local.database
  cpu                = var.ecs.cpu
  memory_mb          = var.ecs.memory_mb
  architecture       = var.ecs.architecture
  min_tasks          = var.ecs.min_tasks
  max_tasks          = var.ecs.max_tasks
  target_cpu         = var.ecs.target_cpu
  drain_seconds      = var.compute.drain_seconds
  log_days           = var.compute.log_days
}

module "pipeline" {
  source = "./modules/pipeline"
  count  = var.pipeline.enabled ? 1 : 0

  name                = var.name
  repository          = var.pipeline.repository
  branch              = var.pipeline.branch
  deploy_role_arn     = var.pipeline.deploy_role_arn
  image_parameter_arn = "arn:${data.aws_partition.current.partition}:ssm:${var.region}:${data.aws_caller_identity.current.account_id}:parameter${local.image_parameter}"
  log_days            = var.pipeline.log_days
  deletion_protection = var.deletion_protection
}

module "image" {
  source = "./modules/image"
  count  = var.image.enabled ? 1 : 0

  name              = var.name
  subnet_id         = module.vpc.private_subnet_ids[0]
  security_group_id = module.security.app_group_id
  logs_bucket       = module.storage.logs_bucket
  artifacts_bucket  = var.image.artifacts_bucket
  parent_image      = var.image.parent_image
  image_parameter   = local.image_parameter
  image_version     = var.image.version
  instance_type     = var.compute.instance_type
}

module "dr_region" {
  source = "./modules/dr_region"
  count  = var.dr_region.enabled ? 1 : 0

  providers = { aws = aws, aws.dr = aws.dr }

  name                = "${var.name}-dr"
  database_arn        = module.database.arn
  media_bucket        = module.storage.media_bucket
  media_bucket_arn    = module.storage.media_bucket_arn
  backup_days         = var.dr_region.backup_days
  deletion_protection = var.deletion_protection
}
