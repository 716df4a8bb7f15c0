variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "vpc_id" {
  description = "Network of the security groups."
  type        = string
}

variable "target_port" {
  description = "Port on which the instances answer the load balancer: 80 for HTTP, 443 for HTTPS."
  type        = number
  default     = 80
  nullable    = false

  validation {
    condition     = contains([80, 443], var.target_port)
    error_message = "target_port must be 80 or 443."
  }
}

variable "ssh_from" {
  description = "Named addresses that may open SSH on the instances, such as { office = \"203.0.113.7/32\" }. Nobody by default: Session Manager needs no open port."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for cidr in values(var.ssh_from) : can(cidrnetmask(cidr)) && try(tonumber(split("/", cidr)[1]) >= 24, false)])
    error_message = "ssh_from must hold IPv4 networks of /24 or smaller: SSH is never open to the world."
  }
}

variable "behind_cdn" {
  description = "Whether the load balancer answers CloudFront alone instead of the world."
  type        = bool
  default     = false
  nullable    = false
}

variable "media_bucket_arn" {
  description = "Bucket of the pictures, which the instances read and write."
  type        = string
}

variable "secret_arns" {
  description = "Secrets that the instances read at start, by use."
  type        = map(string)
}

variable "parameter_arns" {
  description = "SSM parameters that the instances read at start."
  type        = list(string)
}

variable "log_group_arns" {
  description = "Log groups that the instances write to."
  type        = list(string)
}
