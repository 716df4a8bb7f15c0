variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "cidr" {
  description = "Addresses of the whole network."
  type        = string
  default     = "10.0.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.cidr)) && try(tonumber(split("/", var.cidr)[1]) <= 24, false)
    error_message = "cidr must be an IPv4 network of /24 or larger, such as 10.0.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones, one public and one private subnet in each."
  type        = list(string)
  default     = ["eu-west-3a", "eu-west-3b"]
  nullable    = false

  validation {
    condition     = length(var.zones) >= 2 && length(distinct(var.zones)) == length(var.zones)
    error_message = "zones must name at least two different availability zones: load balancer and database need them."
  }
}

variable "public_subnets" {
  description = "Networks of the load balancer and the NAT gateways, one for each zone."
  type        = list(string)
  default     = ["10.0.1.0/24", "10.0.2.0/24"]
  nullable    = false

  validation {
    condition     = alltrue([for net in var.public_subnets : can(cidrnetmask(net))])
    error_message = "public_subnets must be IPv4 networks."
  }
  validation {
    condition     = length(var.public_subnets) == length(var.zones)
    error_message = "public_subnets must have one network for each zone."
  }
}

variable "private_subnets" {
  description = "Networks of the instances and the database, one for each zone."
  type        = list(string)
  default     = ["10.0.11.0/24", "10.0.12.0/24"]
  nullable    = false

  validation {
    condition     = alltrue([for net in var.private_subnets : can(cidrnetmask(net))])
    error_message = "private_subnets must be IPv4 networks."
  }
  validation {
    condition     = length(var.private_subnets) == length(var.zones)
    error_message = "private_subnets must have one network for each zone."
  }
  validation {
    condition     = length(setintersection(var.private_subnets, var.public_subnets)) == 0
    error_message = "private_subnets must not repeat a public network."
  }
}

variable "nat_mode" {
  description = "How private subnets reach the internet: one_per_az (a gateway in each zone), single (one gateway, which fails with its zone), instance (a small NAT instance in each zone) or none (only AWS services, through interface endpoints)."
  type        = string
  default     = "one_per_az"
  nullable    = false

  validation {
    condition     = contains(["one_per_az", "single", "instance", "none"], var.nat_mode)
    error_message = "nat_mode must be one_per_az, single, instance or none."
  }
}

variable "nat_instance_type" {
  description = "Type of the NAT instances, of the arm64 architecture."
  type        = string
  default     = "t4g.nano"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+[0-9]+g[a-z]*\\.", var.nat_instance_type))
    error_message = "nat_instance_type must be a Graviton type such as t4g.nano, since its image is built for arm64."
  }
}

variable "endpoint_services" {
  description = "AWS services that get interface endpoints when nat_mode is none."
  type        = set(string)
  default     = ["ec2messages", "logs", "monitoring", "secretsmanager", "ssm", "ssmmessages", "email-smtp"]
  nullable    = false
}

variable "flow_log_days" {
  description = "Days that flow logs are kept; 0 writes none."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.flow_log_days)
    error_message = "flow_log_days must be 0 or a retention that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180 or 365."
  }
}
