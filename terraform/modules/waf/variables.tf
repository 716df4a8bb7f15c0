variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "alb_arn" {
  description = "Load balancer to guard."
  type        = string
}

variable "behind_cdn" {
  description = "Whether addresses of shoppers come from X-Forwarded-For, since CloudFront stands in between."
  type        = bool
  default     = false
  nullable    = false
}

variable "rate_limit" {
  description = "Requests of one address within five minutes after which it is refused."
  type        = number
  default     = 2000
  nullable    = false

  validation {
    condition     = var.rate_limit >= 10
    error_message = "rate_limit must be at least 10."
  }
}

variable "path_limits" {
  description = "The same for paths that begin with a text: where passwords, carts and the search are worth attacking."
  type        = map(number)
  default = {
    "/admin/login" = 50
    "/checkout"    = 200
    "/search"      = 600
  }
  nullable = false

  validation {
    condition     = alltrue([for path, limit in var.path_limits : startswith(path, "/") && limit >= 10])
    error_message = "path_limits must hold paths with limits of at least 10."
  }
}

variable "log_days" {
  description = "Days that refused requests are kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_days)
    error_message = "log_days must be a retention that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180 or 365."
  }
}
