variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "repository" {
  description = "Repository of the code, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[^/ ]+/[^/ ]+$", var.repository))
    error_message = "repository must read like owner/name."
  }
}

variable "branch" {
  description = "Branch that is deployed."
  type        = string
  default     = "main"
  nullable    = false
}

variable "deploy_role_arn" {
  description = "Role that runs Terraform. It is made beside the bucket of the state, by whoever owns the account: what it may do is more than the pipeline should be able to give itself."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/", var.deploy_role_arn))
    error_message = "deploy_role_arn must be the ARN of a role."
  }
}

variable "image_parameter_arn" {
  description = "SSM parameter that the id of a new image is written to."
  type        = string
}

variable "build_image" {
  description = "Container in which builds run."
  type        = string
  default     = "aws/codebuild/standard:7.0"
  nullable    = false
}

variable "log_days" {
  description = "Days that logs of builds are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_days)
    error_message = "log_days must be a retention that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180 or 365."
  }
}

variable "deletion_protection" {
  description = "Whether a bucket that still holds artifacts refuses to be destroyed."
  type        = bool
  default     = true
  nullable    = false
}
