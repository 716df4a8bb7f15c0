output "vpc_id" {
  description = "Id of the network."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Ids of the public subnets, in the order of the zones."
  value       = [for zone in var.zones : aws_subnet.public[zone].id]
}

output "private_subnet_ids" {
  description = "Ids of the private subnets, in the order of the zones."
  value       = [for zone in var.zones : aws_subnet.private[zone].id]
}

output "nat_addresses" {
  description = "Public addresses that the instances call from, for the allow lists of partners."
  value       = [for zone in local.nat_zones : aws_eip.nat[zone].public_ip]
}

output "public_subnets" {
  description = "Networks of the load balancer, whose word on a shopper's address is believed."
  value       = var.public_subnets
}
