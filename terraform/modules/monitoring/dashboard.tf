locals {
  charts = [
    { title = "Requests and errors", stat = "Sum", metrics = [
      ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.alb_arn_suffix],
      ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", var.alb_arn_suffix],
      ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "LoadBalancer", var.alb_arn_suffix],
    ] },
    { title = "Latency, p95", stat = "p95", metrics = [
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.alb_arn_suffix],
    ] },
    { title = "Instances", stat = "Average", metrics = [
      ["AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", var.asg_name],
      ["AWS/EC2", "CPUUtilization", "AutoScalingGroupName", var.asg_name],
    ] },
    { title = "Database", stat = "Average", metrics = [
      ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", var.database_identifier],
      ["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", var.database_identifier],
    ] },
    { title = "Queue, age of the oldest job", stat = "Maximum", metrics = [
      ["GreenLeaf", "jobs_oldest_seconds"],
    ] },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [for i, chart in local.charts : {
      type   = "metric"
      x      = i % 2 * 12
      y      = floor(i / 2) * 6
      width  = 12
      height = 6
      properties = {
        title   = chart.title
        stat    = chart.stat
        metrics = chart.metrics
        region  = data.aws_region.current.name
        period  = 60
        view    = "timeSeries"
      }
    }]
  })
}
