variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in at least two zones."
  type        = list(string)
}

variable "security_group_id" {
  description = "Security group that lets in the instances alone."
  type        = string
}

variable "engine_version" {
  description = "Version of MySQL. The standard support of RDS for 8.0 ended in July 2026; it costs more since."
  type        = string
  default     = "8.4"
  nullable    = false

  validation {
    condition     = can(regex("^8\\.[0-9]+(\\.[0-9]+)?$", var.engine_version))
    error_message = "engine_version must be one of MySQL 8, such as 8.0 or 8.4."
  }
}

variable "instance_class" {
  description = "Class of the database instance."
  type        = string
  default     = "db.t3.small"
  nullable    = false

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.instance_class))
    error_message = "instance_class must be a class such as db.t3.small."
  }
}

variable "storage_gb" {
  description = "Storage at the start, gp3."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.storage_gb >= 20
    error_message = "storage_gb must be at least 20, which gp3 asks for."
  }
}

variable "max_storage_gb" {
  description = "Storage that it may grow to by itself."
  type        = number
  default     = 200
  nullable    = false

  validation {
    condition     = var.max_storage_gb >= ceil(var.storage_gb * 1.1)
    error_message = "max_storage_gb must exceed storage_gb by 10 %, which RDS asks for."
  }
}

variable "multi_az" {
  description = "Whether a standby in the second zone takes over when the first fails."
  type        = bool
  default     = true
  nullable    = false
}

variable "backup_days" {
  description = "Days that automatic backups reach back."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "backup_days must be from 1 to 35: without backups there is no way back."
  }
}

variable "backup_window" {
  description = "When backups start, UTC."
  type        = string
  default     = "03:00-04:00"
  nullable    = false

  validation {
    condition     = can(regex("^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$", var.backup_window))
    error_message = "backup_window must read like 03:00-04:00."
  }
}

variable "maintenance_window" {
  description = "When maintenance may happen, UTC."
  type        = string
  default     = "mon:04:00-mon:05:00"
  nullable    = false

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]$", var.maintenance_window))
    error_message = "maintenance_window must read like mon:04:00-mon:05:00."
  }
}

variable "max_connections" {
  description = "Connections that the server accepts; the pools of all instances must fit in."
  type        = number
  default     = 500
  nullable    = false

  validation {
    condition     = var.max_connections >= 50 && var.max_connections <= 16000
    error_message = "max_connections must be from 50 to 16000."
  }
}

variable "buffer_pool_percent" {
  description = "Share of the memory that innodb_buffer_pool_size takes."
  type        = number
  default     = 75
  nullable    = false

  validation {
    condition     = var.buffer_pool_percent >= 10 && var.buffer_pool_percent <= 80
    error_message = "buffer_pool_percent must be from 10 to 80."
  }
}

variable "slow_query_seconds" {
  description = "Duration from which a query is logged as slow."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.slow_query_seconds > 0
    error_message = "slow_query_seconds must be positive."
  }
}

variable "general_log" {
  description = "Whether every statement is logged. It costs more than the database and holds personal data, so it is for an hour of search, not for every day."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_exports" {
  description = "Logs that go to CloudWatch."
  type        = set(string)
  default     = ["error", "slowquery", "general"]
  nullable    = false

  validation {
    condition     = length(setsubtract(var.log_exports, ["audit", "error", "general", "slowquery"])) == 0
    error_message = "log_exports may hold audit, error, general and slowquery."
  }
}

variable "log_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_days)
    error_message = "log_days must be a retention that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180 or 365."
  }
}

variable "monitoring_seconds" {
  description = "Interval of enhanced monitoring; 0 switches it off."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = contains([0, 1, 5, 10, 15, 30, 60], var.monitoring_seconds)
    error_message = "monitoring_seconds must be 0, 1, 5, 10, 15, 30 or 60."
  }
}

variable "deletion_protection" {
  description = "Whether the database refuses to be destroyed, and leaves a last snapshot."
  type        = bool
  default     = true
  nullable    = false
}
