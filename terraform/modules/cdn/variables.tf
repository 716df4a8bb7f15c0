variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "domain" {
  description = "Host name of the shop."
  type        = string
}

variable "alternative_names" {
  description = "More host names that lead to the shop."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "origin_name" {
  description = "Host name under which CloudFront reaches the load balancer; its certificate covers it."
  type        = string
}

variable "origin_secret" {
  description = "Value of the header X-Origin-Secret that the load balancer asks for. Null sends none."
  type        = string
  default     = null
  sensitive   = true
}

variable "validation_record_fqdns" {
  description = "Records that prove the host names to ACM: those of the load balancer's certificate, which are the same in each region."
  type        = list(string)
}

variable "media_bucket_domain" {
  description = "Regional host name of the bucket of pictures."
  type        = string
}

variable "price_class" {
  description = "Edges that serve the shop: PriceClass_100 is Europe and North America."
  type        = string
  default     = "PriceClass_100"
  nullable    = false

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class must be PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}
