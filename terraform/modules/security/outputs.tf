output "alb_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.alb.id
}

output "app_group_id" {
  description = "Security group of the instances."
  value       = aws_security_group.app.id
}

output "database_group_id" {
  description = "Security group of the database."
  value       = aws_security_group.database.id
}

output "instance_profile_arn" {
  description = "Profile that gives an instance its role."
  value       = aws_iam_instance_profile.app.arn
}

output "app_policy" {
  description = "What the shop may do, for other kinds of compute."
  value       = data.aws_iam_policy_document.app.json
}

output "cdn_networks" {
  description = "Networks of CloudFront, whose word on a shopper's address is believed."
  value       = sort(flatten([for list in data.aws_ec2_managed_prefix_list.cloudfront : [for entry in list.entries : entry.cidr]]))
}
