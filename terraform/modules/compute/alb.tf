resource "aws_lb" "this" {
  #checkov:skip=CKV2_AWS_28:The firewall is a switch, waf, which costs money each month; it is attached in its module.
  name               = "${var.name}-alb"
  load_balancer_type = "application"
  internal           = false
  ip_address_type    = "ipv4"
  subnets            = var.public_subnet_ids
  security_groups    = [var.alb_group_id]

  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection

  access_logs {
    enabled = true
    bucket  = var.logs_bucket
    prefix  = "alb"
  }
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:The architecture has HTTP inside the private network; target_protocol makes it HTTPS.
  name     = "${var.name}-${lower(var.target_protocol)}"
  vpc_id   = var.vpc_id
  protocol = var.target_protocol
  port     = local.target_port

  # The executable ends within drain_seconds of SIGTERM; nothing is cut off while it does.
  deregistration_delay = var.drain_seconds + 5

  health_check {
    path                = var.health_check.path
    protocol            = var.target_protocol
    matcher             = var.health_check.matcher
    interval            = var.health_check.interval
    timeout             = var.health_check.timeout
    healthy_threshold   = var.health_check.healthy
    unhealthy_threshold = var.health_check.unhealthy
  }

  stickiness {
    type            = "lb_cookie"
    enabled         = var.sticky_seconds > 0
    cookie_duration = max(var.sticky_seconds, 1)
  }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  target_port = var.target_protocol == "HTTPS" ? 443 : 80
  forward_to  = var.forward_to != null ? var.forward_to : aws_lb_target_group.this.arn
  has_secret  = nonsensitive(var.origin_secret != null)
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTP"
  port              = 80

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = local.has_secret ? "fixed-response" : "forward"
    target_group_arn = local.has_secret ? null : local.forward_to

    dynamic "fixed_response" {
      for_each = local.has_secret ? [1] : []

      content {
        status_code  = "403"
        content_type = "text/plain"
        message_body = "This address is not the shop's."
      }
    }
  }
}

resource "aws_lb_listener_rule" "from_cdn" {
  count = local.has_secret ? 1 : 0

  listener_arn = aws_lb_listener.https.arn
  priority     = 1

  action {
    type             = "forward"
    target_group_arn = local.forward_to
  }

  condition {
    http_header {
      http_header_name = "X-Origin-Secret"
      values           = [var.origin_secret]
    }
  }
}
