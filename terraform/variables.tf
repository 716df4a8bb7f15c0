# Each figure has its default, its check and its description in the module that uses it: what is
# left out here is null there, and null is the default.

variable "name" {
  description = "Name of this deployment, in front of every name: 3 to 28 small letters, digits and hyphens."
  type        = string
  default     = "greenleaf-prod"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,26}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 28 small letters, digits and hyphens: load balancers have names of at most 32 characters."
  }
}

variable "region" {
  description = "Region of AWS."
  type        = string
  default     = "eu-west-3"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be a region of AWS, such as eu-west-3."
  }
}

variable "domain" {
  description = "Host name of the shop, such as shop.example."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain must be a host name in small letters, such as shop.example."
  }
}

variable "deletion_protection" {
  description = "Whether database, load balancer and buckets refuse to be destroyed."
  type        = bool
  default     = true
}

variable "ssh_from" {
  description = "Named addresses that may open SSH on the instances, see modules/security."
  type        = map(string)
  default     = {}
}

variable "alarm_email" {
  description = "Where alarms are mailed, see modules/monitoring. Null mails nobody."
  type        = string
  default     = null
}

variable "monthly_budget" {
  description = "Dollars a month, see modules/monitoring."
  type        = number
  default     = null
}

variable "smtp_url" {
  description = "Mail server with its credentials, see modules/secrets. Never stored in a plan or a state."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true
}

variable "network" {
  description = "Network and its way out, see modules/vpc."
  type = object({
    cidr              = optional(string)
    zones             = optional(list(string))
    public_subnets    = optional(list(string))
    private_subnets   = optional(list(string))
    nat_mode          = optional(string)
    nat_instance_type = optional(string)
    flow_log_days     = optional(number)
  })
  default = {}
}

variable "compute" {
  description = "Load balancer and instances, see modules/compute. image_parameter is the SSM parameter that holds the id of the image, /NAME/image by default."
  type = object({
    image_parameter      = optional(string)
    instance_type        = optional(string)
    volume_gb            = optional(number)
    detailed_monitoring  = optional(bool)
    key_name             = optional(string)
    min_size             = optional(number)
    desired_size         = optional(number)
    max_size             = optional(number)
    warm_pool_size       = optional(number)
    scale_up_cpu         = optional(number)
    scale_down_cpu       = optional(number)
    scale_period_seconds = optional(number)
    scale_evaluations    = optional(number)
    cooldown_seconds     = optional(number)
    target_protocol      = optional(string)
    health_check = optional(object({
      path      = optional(string)
      matcher   = optional(string)
      interval  = optional(number)
      timeout   = optional(number)
      healthy   = optional(number)
      unhealthy = optional(number)
    }))
    sticky_seconds = optional(number)
    drain_seconds  = optional(number, 25)
    log_days       = optional(number)
  })
  default = {}
}

variable "database" {
  description = "RDS for MySQL, see modules/database."
  type = object({
    engine_version      = optional(string)
    instance_class      = optional(string)
    storage_gb          = optional(number, 100)
    max_storage_gb      = optional(number)
    multi_az            = optional(bool)
    backup_days         = optional(number)
    backup_window       = optional(string)
    maintenance_window  = optional(string)
    max_connections     = optional(number)
    buffer_pool_percent = optional(number)
    slow_query_seconds  = optional(number)
    general_log         = optional(bool)
    log_exports         = optional(set(string))
    log_days            = optional(number)
    monitoring_seconds  = optional(number)
  })
  default = {}
}

variable "storage" {
  description = "Buckets of pictures and access logs, see modules/storage."
  type = object({
    infrequent_after_days = optional(number)
    glacier_after_days    = optional(number)
    delete_after_days     = optional(number)
    access_log_days       = optional(number)
  })
  default = {}
}

variable "secrets" {
  description = "Secrets Manager, see modules/secrets."
  type = object({
    content_version = optional(number)
    recovery_days   = optional(number)
  })
  default = {}
}

variable "dns_tls" {
  description = "Host names and certificate, see modules/dns_tls. Without it, certificate_arn names a certificate and the host name is led to the load balancer elsewhere."
  type = object({
    enabled           = optional(bool, true)
    zone_id           = optional(string)
    alternative_names = optional(set(string))
    certificate_arn   = optional(string)
  })
  default = {}

  validation {
    condition     = var.dns_tls.enabled != (var.dns_tls.certificate_arn != null)
    error_message = "dns_tls needs certificate_arn exactly when it is not enabled: the shop is never served without HTTPS."
  }
}

variable "monitoring" {
  description = "Alarms, mails, dashboard and budget, see modules/monitoring."
  type = object({
    enabled              = optional(bool, true)
    database_cpu         = optional(number)
    database_connections = optional(number)
    latency_seconds      = optional(number)
    server_errors        = optional(number)
    queue_age_seconds    = optional(number)
    certificate_days     = optional(number)
    connection_anomaly   = optional(bool)
  })
  default = {}
}

variable "cdn" {
  description = "CloudFront in front of the load balancer, see modules/cdn."
  type = object({
    enabled     = optional(bool, false)
    price_class = optional(string)
  })
  default = {}

  validation {
    condition     = !var.cdn.enabled || var.dns_tls.enabled
    error_message = "cdn needs dns_tls: its certificate is proven in the same zone."
  }
}

variable "origin_secret" {
  description = "Value of the header by which the load balancer knows CloudFront: openssl rand -hex 32. It is in the state, since CloudFront knows no other way; it opens the load balancer and nothing else."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.origin_secret == null || try(length(var.origin_secret) >= 32, false)
    error_message = "origin_secret must have at least 32 characters."
  }
}

variable "waf" {
  description = "Firewall on the load balancer, see modules/waf."
  type = object({
    enabled     = optional(bool, false)
    rate_limit  = optional(number)
    path_limits = optional(map(number))
    log_days    = optional(number)
  })
  default = {}
}

variable "cache" {
  description = "Valkey on ElastiCache, see modules/cache. The shop does not need it."
  type = object({
    enabled   = optional(bool, false)
    node_type = optional(string)
    nodes     = optional(number)
  })
  default = {}
}

variable "backup" {
  description = "AWS Backup, beside the backups of RDS itself, see modules/backup."
  type = object({
    enabled      = optional(bool, false)
    daily_days   = optional(number)
    monthly_days = optional(number)
    locked_days  = optional(number)
  })
  default = {}
}

variable "mail" {
  description = "SES for the shop's mails, see modules/mail."
  type = object({
    enabled      = optional(bool, false)
    dmarc_policy = optional(string)
  })
  default = {}

  validation {
    condition     = !var.mail.enabled || var.dns_tls.enabled
    error_message = "mail needs dns_tls: the domain is proven in its zone."
  }
}

variable "ecs" {
  description = "Fargate instead of instances, see modules/ecs."
  type = object({
    enabled      = optional(bool, false)
    image        = optional(string)
    cpu          = optional(number)
    memory_mb    = optional(number)
    architecture = optional(string)
    min_tasks    = optional(number)
    max_tasks    = optional(number)
    target_cpu   = optional(number)
  })
  default = {}

  validation {
    condition     = !var.ecs.enabled || var.ecs.image != null
    error_message = "ecs needs image."
  }
}

variable "pipeline" {
  description = "CodePipeline from the repository to running instances, see modules/pipeline."
  type = object({
    enabled         = optional(bool, false)
    repository      = optional(string)
    branch          = optional(string)
    deploy_role_arn = optional(string)
    log_days        = optional(number)
  })
  default = {}

  validation {
    condition     = !var.pipeline.enabled || (var.pipeline.repository != null && var.pipeline.deploy_role_arn != null)
    error_message = "pipeline needs repository and deploy_role_arn."
  }
}

variable "image" {
  description = "EC2 Image Builder, see modules/image."
  type = object({
    enabled          = optional(bool, false)
    artifacts_bucket = optional(string)
    parent_image     = optional(string)
    version          = optional(string)
  })
  default = {}

  validation {
    condition     = !var.image.enabled || var.image.artifacts_bucket != null
    error_message = "image needs artifacts_bucket."
  }
}

variable "dr_region" {
  description = "Copies in a second region, see modules/dr_region, and the load balancer that takes over there, once it stands."
  type = object({
    enabled     = optional(bool, false)
    region      = optional(string, "eu-west-1")
    backup_days = optional(number)
    standby = optional(object({
      dns_name = string
      zone_id  = string
    }))
  })
  default = {}

  validation {
    condition     = var.dr_region.region != var.region
    error_message = "dr_region.region must differ from region."
  }
  validation {
    condition     = var.dr_region.standby == null || !var.cdn.enabled
    error_message = "dr_region.standby and cdn exclude each other: the health of a distribution cannot be asked."
  }
}
