variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "subnet_id" {
  description = "Private subnet in which images are built."
  type        = string
}

variable "security_group_id" {
  description = "Security group of the machine that builds: it calls out and hears nobody."
  type        = string
}

variable "logs_bucket" {
  description = "Bucket that the log of a build is written to."
  type        = string
}

variable "artifacts_bucket" {
  description = "Bucket with greenleaf.tar.gz (the executable) and ansible.tar.gz (the roles), under images/."
  type        = string
}

variable "parent_image" {
  description = "Image to start from: Ubuntu 22.04 LTS as the architecture has it, by the SSM parameter of its maker."
  type        = string
  default     = "ssm:/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id"
  nullable    = false

  validation {
    condition     = can(regex("^(ami-|ssm:/|arn:)", var.parent_image))
    error_message = "parent_image must be an image, an SSM parameter (ssm:/…) or an ARN."
  }
}

variable "image_parameter" {
  description = "SSM parameter that the id of the new image is written to."
  type        = string
}

variable "image_version" {
  description = "Version of the recipe, raised when the steps change."
  type        = string
  default     = "1.0.0"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.image_version))
    error_message = "image_version must read like 1.0.0."
  }
}

variable "instance_type" {
  description = "Type of the machine that builds; its architecture is that of the image."
  type        = string
  default     = "t3.small"
  nullable    = false
}
