variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "domain" {
  description = "Domain that mails come from."
  type        = string
}

variable "zone_id" {
  description = "Zone that proves the domain to other mail servers."
  type        = string
}

variable "dmarc_policy" {
  description = "What other mail servers do with forged mails: none, quarantine or reject."
  type        = string
  default     = "quarantine"
  nullable    = false

  validation {
    condition     = contains(["none", "quarantine", "reject"], var.dmarc_policy)
    error_message = "dmarc_policy must be none, quarantine or reject."
  }
}

variable "feedback_email" {
  description = "Where bounces and complaints are mailed. Null keeps them in the topic."
  type        = string
  default     = null
}
