data "aws_region" "current" {}

locals {
  # Whatever the instances have behind nginx, tasks serve by themselves.
  environment = merge(var.environment, {
    GREENLEAF_LISTEN = "0.0.0.0:8080"
    GREENLEAF_DATA   = "/run/greenleaf"
  })

  logs = {
    logDriver = "awslogs"
    options = {
      awslogs-group         = aws_cloudwatch_log_group.this.name
      awslogs-region        = data.aws_region.current.name
      awslogs-stream-prefix = "app"
    }
  }

  volume = [{ sourceVolume = "configuration", containerPath = "/run/greenleaf", readOnly = false }]
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts with its own key; the architecture asks for no customer key.
  #checkov:skip=CKV_AWS_338:The architecture keeps logs for seven days; log_days keeps them longer.
  name              = "/${var.name}/tasks"
  retention_in_days = var.log_days
}

resource "aws_ecs_task_definition" "this" {
  #checkov:skip=CKV_AWS_336:The configuration is written into a volume before the shop starts, whose own root is read-only.
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory_mb
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  volume {
    name = "configuration"
  }

  # RDS keeps user and password apart, the shop takes an address: a first container joins them.
  container_definitions = jsonencode([
    {
      name        = "configure"
      image       = "public.ecr.aws/aws-cli/aws-cli:2.17.0"
      essential   = false
      entryPoint  = ["/bin/bash", "-c"]
      command     = [file("${path.module}/configure.sh")]
      environment = [{ name = "DB_PLACE", value = "${var.database.address}/${var.database.name}" }]
      secrets = [
        { name = "DB_USER", valueFrom = "${var.database.secret_arn}:username::" },
        { name = "DB_PASSWORD", valueFrom = "${var.database.secret_arn}:password::" },
      ]
      mountPoints      = local.volume
      logConfiguration = local.logs
    },
    {
      name                   = "shop"
      image                  = var.image
      essential              = true
      command                = ["serve", "--config", "/run/greenleaf/greenleaf.toml"]
      user                   = "65532:65532"
      readonlyRootFilesystem = true
      stopTimeout            = var.drain_seconds + 5
      dependsOn              = [{ containerName = "configure", condition = "SUCCESS" }]
      portMappings           = [{ containerPort = 8080, protocol = "tcp" }]
      environment            = [for key, value in local.environment : { name = key, value = value }]
      secrets = [
        for key in ["GREENLEAF_SECRET_KEY", "GREENLEAF_SMTP_URL"] : { name = key, valueFrom = "${var.app_secret_arn}:${key}::" }
      ]
      mountPoints      = local.volume
      logConfiguration = local.logs
    },
  ])
}

resource "aws_vpc_security_group_ingress_rule" "from_alb" {
  security_group_id            = var.app_group_id
  description                  = "Requests from the load balancer to tasks"
  referenced_security_group_id = var.alb_group_id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_egress_rule" "to_tasks" {
  security_group_id            = var.alb_group_id
  description                  = "Requests and health checks to tasks"
  referenced_security_group_id = var.app_group_id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:The architecture has HTTP inside the private network.
  name                 = "${var.name}-ecs"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = 8080
  deregistration_delay = var.drain_seconds + 5

  health_check {
    path                = "/health.php"
    matcher             = "200"
    interval            = 30
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  launch_type     = "FARGATE"
  desired_count   = var.min_tasks

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.app_group_id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.this.arn
    container_name   = "shop"
    container_port   = 8080
  }

  # The load moves the number of tasks; an apply must not undo that.
  lifecycle {
    ignore_changes = [desired_count]

    # Also makes the service wait for the listener: ECS refuses a target group that nobody uses.
    precondition {
      condition     = startswith(var.https_listener_arn, "arn:")
      error_message = "https_listener_arn must be the listener that forwards to the tasks."
    }
  }

  depends_on = [aws_iam_role_policy.execution]
}

resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = var.min_tasks
  max_capacity       = var.max_tasks
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "${var.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  resource_id        = aws_appautoscaling_target.this.resource_id
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = var.target_cpu
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
