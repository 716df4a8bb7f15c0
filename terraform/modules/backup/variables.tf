variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "resource_arns" {
  description = "What is backed up: the database and the bucket of pictures."
  type        = list(string)
}

variable "daily_days" {
  description = "Days that daily backups are kept."
  type        = number
  default     = 35
  nullable    = false

  validation {
    condition     = var.daily_days >= 1
    error_message = "daily_days must be at least 1."
  }
}

variable "monthly_days" {
  description = "Days that monthly backups are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.monthly_days > var.daily_days
    error_message = "monthly_days must exceed daily_days."
  }
}

variable "locked_days" {
  description = "Days for which nobody, root included, can delete a backup; 0 locks none."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.locked_days == 0 || (var.locked_days >= 1 && var.locked_days <= var.daily_days)
    error_message = "locked_days must be 0 or from 1 to daily_days."
  }
}

variable "deletion_protection" {
  description = "Whether a vault that holds backups refuses to be destroyed."
  type        = bool
  default     = true
  nullable    = false
}
