variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "vpc_id" {
  description = "Network of the cache."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in at least two zones."
  type        = list(string)
}

variable "app_group_id" {
  description = "Security group of the instances, which alone reach the cache."
  type        = string
}

variable "node_type" {
  description = "Type of the nodes."
  type        = string
  default     = "cache.t4g.micro"
  nullable    = false

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.node_type))
    error_message = "node_type must be a type such as cache.t4g.micro."
  }
}

variable "nodes" {
  description = "One node and its replicas, in different zones."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.nodes >= 2 && var.nodes <= 6
    error_message = "nodes must be from 2 to 6, so that one may fail."
  }
}
