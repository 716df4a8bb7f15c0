output "shop_url" {
  description = "Address of the shop."
  value       = "https://${var.domain}"
}

output "alb_dns_name" {
  description = "Host name of the load balancer."
  value       = module.compute.alb_dns_name
}

output "asg_name" {
  description = "Group of the instances, for a refresh by hand."
  value       = module.compute.asg_name
}

output "name_servers" {
  description = "Name servers to enter where the domain is registered; empty when the zone was given."
  value       = var.dns_tls.enabled ? module.dns_tls[0].name_servers : []
}

output "nat_addresses" {
  description = "Public addresses that the instances call from, for the allow lists of partners."
  value       = module.vpc.nat_addresses
}

output "database_address" {
  description = "Host name of the database, reachable from the instances alone."
  value       = module.database.address
}

output "database_secret_arn" {
  description = "Secret with user name and password of the database. It is an address, not the secret."
  value       = module.database.secret_arn
}

output "media_bucket" {
  description = "Bucket of the pictures."
  value       = module.storage.media_bucket
}
