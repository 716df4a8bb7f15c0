variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "vpc_id" {
  description = "Network of the target group."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the tasks."
  type        = list(string)
}

variable "alb_group_id" {
  description = "Security group of the load balancer."
  type        = string
}

variable "app_group_id" {
  description = "Security group of the tasks, the same as that of instances."
  type        = string
}

variable "https_listener_arn" {
  description = "Listener that forwards to the tasks."
  type        = string
}

variable "app_policy" {
  description = "What the shop may do, as JSON."
  type        = string
}

variable "image" {
  description = "Image of the shop, by digest or tag, such as 123456789012.dkr.ecr.eu-west-3.amazonaws.com/greenleaf:1.0."
  type        = string

  validation {
    condition     = can(regex("^[^ ]+[:@][^ ]+$", var.image)) && !endswith(var.image, ":latest")
    error_message = "image must name a version: what runs must not change by itself."
  }
}

variable "environment" {
  description = "Environment of the executable, without secrets."
  type        = map(string)
}

variable "app_secret_arn" {
  description = "Secret whose keys are variables of the executable's environment."
  type        = string
}

variable "database" {
  description = "Where the database is and which secret opens it."
  type = object({
    address    = string
    name       = string
    secret_arn = string
  })
}

variable "cpu" {
  description = "CPU of a task, in 1024ths of a core."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.cpu)
    error_message = "cpu must be 256, 512, 1024, 2048 or 4096."
  }
}

variable "memory_mb" {
  description = "Memory of a task, in MB."
  type        = number
  default     = 1024
  nullable    = false

  validation {
    condition     = var.memory_mb >= var.cpu * 2 && var.memory_mb <= var.cpu * 8
    error_message = "memory_mb must be from two to eight times cpu, which Fargate asks for."
  }
}

variable "architecture" {
  description = "Architecture of the image: X86_64 or ARM64."
  type        = string
  default     = "ARM64"
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "architecture must be X86_64 or ARM64."
  }
}

variable "min_tasks" {
  description = "Fewest tasks, at night."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.min_tasks >= 1
    error_message = "min_tasks must be at least 1."
  }
}

variable "max_tasks" {
  description = "Most tasks, on a busy day."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.max_tasks >= var.min_tasks
    error_message = "max_tasks must not be less than min_tasks."
  }
}

variable "target_cpu" {
  description = "CPU, in percent, that tasks are added and removed for."
  type        = number
  default     = 50
  nullable    = false

  validation {
    condition     = var.target_cpu >= 10 && var.target_cpu <= 90
    error_message = "target_cpu must be from 10 to 90."
  }
}

variable "drain_seconds" {
  description = "What the executable takes at most to finish requests."
  type        = number
  default     = 25
  nullable    = false

  validation {
    condition     = var.drain_seconds >= 1 && var.drain_seconds <= 110
    error_message = "drain_seconds must be from 1 to 110: ECS kills after 120."
  }
}

variable "log_days" {
  description = "Days that the application's log is kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_days)
    error_message = "log_days must be a retention that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180 or 365."
  }
}
