variable "name" {
  description = "Prefix of every name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,26}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 28 small letters, digits and hyphens: load balancers have names of at most 32 characters."
  }
}

variable "vpc_id" {
  description = "Network of the target group."
  type        = string
}

variable "public_subnet_ids" {
  description = "Subnets of the load balancer, in at least two zones."
  type        = list(string)
}

variable "private_subnet_ids" {
  description = "Subnets of the instances."
  type        = list(string)
}

variable "alb_group_id" {
  description = "Security group of the load balancer."
  type        = string
}

variable "app_group_id" {
  description = "Security group of the instances."
  type        = string
}

variable "instance_profile_arn" {
  description = "Profile that gives an instance its role."
  type        = string
}

variable "certificate_arn" {
  description = "Certificate of the HTTPS listener."
  type        = string
}

variable "logs_bucket" {
  description = "Bucket that the load balancer writes its access log to."
  type        = string
}

variable "image_id" {
  description = "Image with the shop in it, as packer or the image module builds it."
  type        = string
}

variable "environment" {
  description = "Environment of the executable, without secrets."
  type        = map(string)

  validation {
    condition     = !anytrue([for key in ["GREENLEAF_DATABASE_URL", "GREENLEAF_SECRET_KEY", "GREENLEAF_SMTP_URL"] : contains(keys(var.environment), key)])
    error_message = "environment must not hold secrets: they come from Secrets Manager."
  }
}

variable "app_secret_arn" {
  description = "Secret whose keys are variables of the executable's environment."
  type        = string
}

variable "database" {
  description = "Where the database is and which secret opens it."
  type = object({
    address    = string
    name       = string
    secret_arn = string
  })
}

variable "log_days" {
  description = "Days that the application's log is kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_days)
    error_message = "log_days must be a retention that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180 or 365."
  }
}

variable "instance_type" {
  description = "Type of the instances; its architecture is that of the image."
  type        = string
  default     = "t3.small"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9]+$", var.instance_type))
    error_message = "instance_type must be a type such as t3.small."
  }
}

variable "volume_gb" {
  description = "Size of the root volume, gp3 and encrypted."
  type        = number
  default     = 50
  nullable    = false

  validation {
    condition     = var.volume_gb >= 8
    error_message = "volume_gb must be at least 8, which the image needs."
  }
}

variable "detailed_monitoring" {
  description = "Whether CloudWatch has metrics of each minute instead of five; scaling within two minutes needs it."
  type        = bool
  default     = true
  nullable    = false
}

variable "key_name" {
  description = "SSH key pair of the instances. None by default: Session Manager opens a shell without a key or a port."
  type        = string
  default     = null
}

variable "min_size" {
  description = "Fewest instances; none when ECS serves."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.min_size >= 0
    error_message = "min_size must not be negative."
  }
}

variable "desired_size" {
  description = "Instances at the start; the alarms decide afterwards."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.desired_size >= var.min_size && var.desired_size <= var.max_size
    error_message = "desired_size must lie between min_size and max_size."
  }
}

variable "max_size" {
  description = "Most instances."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.max_size >= var.min_size
    error_message = "max_size must not be less than min_size."
  }
}

variable "warm_pool_size" {
  description = "Stopped instances that are ready to start; 0 keeps none."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.warm_pool_size >= 0
    error_message = "warm_pool_size must not be negative."
  }
}

variable "scale_up_cpu" {
  description = "CPU, in percent, above which an instance is added."
  type        = number
  default     = 70
  nullable    = false

  validation {
    condition     = var.scale_up_cpu > var.scale_down_cpu && var.scale_up_cpu < 100
    error_message = "scale_up_cpu must lie between scale_down_cpu and 100."
  }
}

variable "scale_down_cpu" {
  description = "CPU, in percent, below which an instance is removed."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.scale_down_cpu > 0
    error_message = "scale_down_cpu must be positive."
  }
}

variable "scale_period_seconds" {
  description = "Length of one evaluation of the CPU."
  type        = number
  default     = 120
  nullable    = false

  validation {
    condition     = var.scale_period_seconds >= 60 && var.scale_period_seconds % 60 == 0
    error_message = "scale_period_seconds must be a multiple of 60."
  }
}

variable "scale_evaluations" {
  description = "Evaluations in a row that must agree before anything is added or removed."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.scale_evaluations >= 1
    error_message = "scale_evaluations must be at least 1."
  }
}

variable "cooldown_seconds" {
  description = "Pause after each step of scaling."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.cooldown_seconds >= 0
    error_message = "cooldown_seconds must not be negative."
  }
}

variable "target_protocol" {
  description = "How the load balancer talks to the instances: HTTP on port 80, or HTTPS on port 443 when nginx in the image has a certificate of its own."
  type        = string
  default     = "HTTP"
  nullable    = false

  validation {
    condition     = contains(["HTTP", "HTTPS"], var.target_protocol)
    error_message = "target_protocol must be HTTP or HTTPS."
  }
}

variable "health_check" {
  description = "What makes an instance healthy: path, answers, seconds and thresholds."
  type = object({
    path      = optional(string, "/health.php")
    matcher   = optional(string, "200")
    interval  = optional(number, 30)
    timeout   = optional(number, 5)
    healthy   = optional(number, 2)
    unhealthy = optional(number, 3)
  })
  default  = {}
  nullable = false

  validation {
    condition     = startswith(var.health_check.path, "/")
    error_message = "health_check.path must begin with a slash."
  }
  validation {
    condition     = var.health_check.timeout < var.health_check.interval && var.health_check.interval >= 5 && var.health_check.interval <= 300
    error_message = "health_check.interval must be from 5 to 300 and longer than timeout."
  }
  validation {
    condition     = alltrue([for n in [var.health_check.healthy, var.health_check.unhealthy] : n >= 2 && n <= 10])
    error_message = "health_check.healthy and unhealthy must be from 2 to 10."
  }
}

variable "sticky_seconds" {
  description = "How long the load balancer's cookie sends a shopper to the same instance; 0 switches it off."
  type        = number
  default     = 86400
  nullable    = false

  validation {
    condition     = var.sticky_seconds >= 0 && var.sticky_seconds <= 604800
    error_message = "sticky_seconds must be from 0 to 604800, a week."
  }
}

variable "drain_seconds" {
  description = "What the executable takes at most to finish requests. The load balancer waits 5 s longer."
  type        = number
  default     = 25
  nullable    = false

  validation {
    condition     = var.drain_seconds >= 1 && var.drain_seconds <= 3595
    error_message = "drain_seconds must be from 1 to 3595."
  }
}

variable "forward_to" {
  description = "Target group that gets the requests instead of the instances, such as that of ECS."
  type        = string
  default     = null
}

variable "origin_secret" {
  description = "Value of the header X-Origin-Secret that CloudFront adds; the load balancer then refuses requests without it. Null lets every request pass."
  type        = string
  default     = null
  sensitive   = true
}

variable "deletion_protection" {
  description = "Whether the load balancer refuses to be destroyed."
  type        = bool
  default     = true
  nullable    = false
}
