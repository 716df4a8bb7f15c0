output "certificate_arn" {
  description = "Certificate, once it is issued."
  value       = aws_acm_certificate_validation.this.certificate_arn
}

output "zone_id" {
  description = "Zone of the host names."
  value       = local.zone_id
}

output "name_servers" {
  description = "Name servers to enter where the domain is registered; empty when the zone was given."
  value       = flatten(aws_route53_zone.this[*].name_servers)
}

output "validation_record_fqdns" {
  description = "Records that prove the shop's host names to ACM, in each region."
  value       = [for name in local.shop : aws_route53_record.validation[name].fqdn]
}
