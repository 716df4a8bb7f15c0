output "target_group_arn" {
  description = "Target group of the tasks, which the load balancer forwards to."
  value       = aws_lb_target_group.this.arn
}

output "service_name" {
  description = "Name of the service, for a deployment by hand."
  value       = aws_ecs_service.this.name
}
