# Takes the place of modules/secrets in runs with mocked providers, which know no ephemeral resources.

variable "name" {
  type = string
}

variable "smtp_url" {
  type      = string
  ephemeral = true
}

variable "content_version" {
  type = number
}

variable "recovery_days" {
  type = number
}

output "app_secret_arn" {
  value = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:${var.name}"
}
