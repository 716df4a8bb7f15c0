variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "smtp_url" {
  description = "Mail server with its credentials. Never stored in a plan or a state."
  type        = string
  default     = ""
  ephemeral   = true
  sensitive   = true
  nullable    = false

  validation {
    condition     = var.smtp_url == "" || can(regex("^smtps?://", var.smtp_url))
    error_message = "smtp_url must begin with smtp:// or smtps://."
  }
}

variable "content_version" {
  description = "Raised by one, it writes the secret anew: a new key, which signs everybody out and asks for second factors again, and the mail server of that run."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.content_version >= 1 && floor(var.content_version) == var.content_version
    error_message = "content_version must be a whole number from 1."
  }
}

variable "recovery_days" {
  description = "Days in which a deleted secret can be had back; 0 deletes at once."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.recovery_days == 0 || (var.recovery_days >= 7 && var.recovery_days <= 30)
    error_message = "recovery_days must be 0 or from 7 to 30."
  }
}
