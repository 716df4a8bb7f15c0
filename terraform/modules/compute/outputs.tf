output "alb_dns_name" {
  description = "Host name of the load balancer."
  value       = aws_lb.this.dns_name
}

output "alb_zone_id" {
  description = "Zone of the load balancer's host name, for alias records."
  value       = aws_lb.this.zone_id
}

output "alb_arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "alb_arn_suffix" {
  description = "What metrics call the load balancer."
  value       = aws_lb.this.arn_suffix
}

output "https_listener_arn" {
  description = "ARN of the HTTPS listener."
  value       = aws_lb_listener.https.arn
}

output "target_group_arn_suffix" {
  description = "What metrics call the target group."
  value       = aws_lb_target_group.this.arn_suffix
}

output "asg_name" {
  description = "Name of the group of instances."
  value       = aws_autoscaling_group.this.name
}

output "log_group" {
  description = "Name of the log group of the application."
  value       = aws_cloudwatch_log_group.app.name
}

output "log_group_arn" {
  description = "ARN of the log group of the application."
  value       = aws_cloudwatch_log_group.app.arn
}

output "parameter_arn" {
  description = "ARN of the SSM parameter with the environment."
  value       = aws_ssm_parameter.environment.arn
}
