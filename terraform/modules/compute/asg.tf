resource "aws_launch_template" "this" {
  name_prefix            = "${var.name}-"
  description            = "An instance of the shop"
  image_id               = var.image_id
  instance_type          = var.instance_type
  key_name               = var.key_name
  ebs_optimized          = true
  update_default_version = true
  vpc_security_group_ids = [var.app_group_id]
  user_data              = base64encode(local.user_data)

  iam_instance_profile {
    arn = var.instance_profile_arn
  }

  monitoring {
    enabled = var.detailed_monitoring
  }

  # IMDSv2, one hop: a forged request inside the shop cannot fetch the role's keys.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/sda1"

    ebs {
      volume_type           = "gp3"
      volume_size           = var.volume_gb
      encrypted             = true
      delete_on_termination = true
    }
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${var.name}-app" }
  }

  tag_specifications {
    resource_type = "volume"
    tags          = { Name = "${var.name}-app" }
  }

  lifecycle {
    precondition {
      condition     = length(split("\n", trimspace(local.user_data))) <= 20
      error_message = "user data must not exceed 20 lines: what takes longer belongs into the image."
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name                = "${var.name}-app"
  vpc_zone_identifier = var.private_subnet_ids
  target_group_arns   = [aws_lb_target_group.this.arn]

  min_size         = var.min_size
  desired_capacity = var.desired_size
  max_size         = var.max_size
  default_cooldown = var.cooldown_seconds

  # The load balancer's opinion counts: an instance that does not answer is replaced.
  health_check_type         = "ELB"
  health_check_grace_period = 120

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  # A new image or configuration rolls: first one more instance, then one less.
  instance_refresh {
    strategy = "Rolling"

    preferences {
      auto_rollback          = true
      min_healthy_percentage = 100
      max_healthy_percentage = 150
      instance_warmup        = 60
    }
  }

  dynamic "warm_pool" {
    for_each = var.warm_pool_size > 0 ? [1] : []

    content {
      pool_state                  = "Stopped"
      min_size                    = var.warm_pool_size
      max_group_prepared_capacity = var.max_size + var.warm_pool_size

      instance_reuse_policy {
        reuse_on_scale_in = false
      }
    }
  }

  enabled_metrics = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances", "GroupTerminatingInstances"]

  dynamic "tag" {
    for_each = { Name = "${var.name}-app" }

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  # The alarms move the number of instances; an apply must not undo that.
  lifecycle {
    ignore_changes = [desired_capacity]
  }
}

resource "aws_autoscaling_policy" "step" {
  for_each = { up = 1, down = -1 }

  name                   = "${var.name}-scale-${each.key}"
  autoscaling_group_name = aws_autoscaling_group.this.name
  policy_type            = "SimpleScaling"
  adjustment_type        = "ChangeInCapacity"
  scaling_adjustment     = each.value
  cooldown               = var.cooldown_seconds
}

resource "aws_cloudwatch_metric_alarm" "cpu_high" {
  alarm_name          = "${var.name}-app-cpu-high"
  alarm_description   = "Instances are busy: one more is started."
  namespace           = "AWS/EC2"
  metric_name         = "CPUUtilization"
  dimensions          = { AutoScalingGroupName = aws_autoscaling_group.this.name }
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.scale_up_cpu
  period              = var.scale_period_seconds
  evaluation_periods  = var.scale_evaluations
  alarm_actions       = [aws_autoscaling_policy.step["up"].arn]
}

# At the fewest instances this alarm is on all night, so it tells nobody but the group.
resource "aws_cloudwatch_metric_alarm" "cpu_low" {
  alarm_name          = "${var.name}-app-cpu-low"
  alarm_description   = "Instances are idle: one is stopped."
  namespace           = "AWS/EC2"
  metric_name         = "CPUUtilization"
  dimensions          = { AutoScalingGroupName = aws_autoscaling_group.this.name }
  statistic           = "Average"
  comparison_operator = "LessThanThreshold"
  threshold           = var.scale_down_cpu
  period              = var.scale_period_seconds
  evaluation_periods  = var.scale_evaluations
  alarm_actions       = [aws_autoscaling_policy.step["down"].arn]
}
