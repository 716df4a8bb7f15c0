variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "database_arn" {
  description = "Database whose backups are copied."
  type        = string
}

variable "media_bucket" {
  description = "Bucket whose pictures are copied."
  type        = string
}

variable "media_bucket_arn" {
  description = "ARN of the bucket whose pictures are copied."
  type        = string
}

variable "backup_days" {
  description = "Days that copied backups reach back."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "backup_days must be from 1 to 35."
  }
}

variable "deletion_protection" {
  description = "Whether the copy of the pictures refuses to be destroyed."
  type        = bool
  default     = true
  nullable    = false
}
