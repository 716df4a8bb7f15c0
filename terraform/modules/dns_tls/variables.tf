variable "domain" {
  description = "Host name of the shop."
  type        = string
}

variable "alternative_names" {
  description = "More host names that the certificate covers and that lead to the shop, all in the same zone."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "origin" {
  description = "Host name under which CloudFront reaches the load balancer, and where it leads. Null without CloudFront."
  type = object({
    name     = string
    dns_name = string
    zone_id  = string
  })
  default = null
}

variable "standby" {
  description = "Load balancer in the second region that the host names lead to when none of the first one's instances is healthy. Null without a second region."
  type = object({
    dns_name = string
    zone_id  = string
  })
  default = null
}

variable "zone_id" {
  description = "Route 53 zone that holds the host names. Null makes a zone for the domain, whose name servers must then be entered where the domain is registered before the certificate is issued."
  type        = string
  default     = null
}

variable "target" {
  description = "Where the host names lead: host name and zone of the load balancer or the distribution."
  type = object({
    dns_name = string
    zone_id  = string
  })
}
