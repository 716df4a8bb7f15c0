variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "cors_origins" {
  description = "Origins whose pages may read pictures, such as https://shop.example."
  type        = list(string)

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^https://[^/*]+$", origin))])
    error_message = "cors_origins must be https:// origins without a path or a wildcard."
  }
}

variable "infrequent_after_days" {
  description = "Age at which old versions go to Standard-IA."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.infrequent_after_days >= 30
    error_message = "infrequent_after_days must be at least 30, which S3 asks for."
  }
}

variable "glacier_after_days" {
  description = "Age at which old versions go to Glacier."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.glacier_after_days >= var.infrequent_after_days + 30
    error_message = "glacier_after_days must be at least 30 days after infrequent_after_days."
  }
}

variable "delete_after_days" {
  description = "Age at which old versions are deleted."
  type        = number
  default     = 180
  nullable    = false

  validation {
    condition     = var.delete_after_days > var.glacier_after_days
    error_message = "delete_after_days must come after glacier_after_days."
  }
}

variable "access_log_days" {
  description = "Days that access logs of load balancer and buckets are kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.access_log_days >= 1
    error_message = "access_log_days must be at least 1."
  }
}

variable "distribution_arn" {
  description = "CloudFront distribution that may read pictures, or null without one."
  type        = string
  default     = null
}

variable "behind_cdn" {
  description = "Whether distribution_arn is given, known before the distribution exists."
  type        = bool
  default     = false
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether a bucket that still holds objects refuses to be destroyed."
  type        = bool
  default     = true
  nullable    = false
}
