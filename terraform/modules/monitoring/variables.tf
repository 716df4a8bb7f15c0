variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "email" {
  description = "Where alarms are mailed; the address confirms once. Null mails nobody."
  type        = string
  default     = null

  validation {
    condition     = var.email == null || can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", var.email))
    error_message = "email must be a mail address."
  }
}

variable "database_identifier" {
  description = "Database to watch."
  type        = string
}

variable "database_storage_gb" {
  description = "Storage of the database, a tenth of which must stay free."
  type        = number
}

variable "alb_arn_suffix" {
  description = "What metrics call the load balancer."
  type        = string
}

variable "target_group_arn_suffix" {
  description = "What metrics call the target group."
  type        = string
}

variable "asg_name" {
  description = "Group of instances to show on the dashboard."
  type        = string
}

variable "certificate_arn" {
  description = "Certificate whose end is watched."
  type        = string
}

variable "database_cpu" {
  description = "CPU of the database, in percent, above which a mail is sent."
  type        = number
  default     = 80
  nullable    = false

  validation {
    condition     = var.database_cpu > 0 && var.database_cpu < 100
    error_message = "database_cpu must lie between 0 and 100."
  }
}

variable "database_connections" {
  description = "Connections to the database above which a mail is sent."
  type        = number
  default     = 400
  nullable    = false

  validation {
    condition     = var.database_connections > 0
    error_message = "database_connections must be positive."
  }
}

variable "latency_seconds" {
  description = "Slowest tolerable answer for 95 of 100 requests."
  type        = number
  default     = 0.5
  nullable    = false

  validation {
    condition     = var.latency_seconds > 0
    error_message = "latency_seconds must be positive."
  }
}

variable "server_errors" {
  description = "Answers of 5xx within five minutes above which a mail is sent."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.server_errors >= 0
    error_message = "server_errors must not be negative."
  }
}

variable "queue_age_seconds" {
  description = "Age of the oldest job that waits above which a mail is sent."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.queue_age_seconds > 0
    error_message = "queue_age_seconds must be positive."
  }
}

variable "certificate_days" {
  description = "Days before a certificate's end at which a mail is sent: ACM renews at 60, so 30 means that it could not."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.certificate_days >= 1 && var.certificate_days < 60
    error_message = "certificate_days must be from 1 to 59."
  }
}

variable "monthly_budget" {
  description = "Dollars a month; mails are sent at 80 % spent and at 100 % forecast. 0 makes no budget."
  type        = number
  default     = 273
  nullable    = false

  validation {
    condition     = var.monthly_budget >= 0
    error_message = "monthly_budget must not be negative."
  }
}

variable "connection_anomaly" {
  description = "Whether an unusual number of connections to the database is told, whatever the limit."
  type        = bool
  default     = false
  nullable    = false
}
