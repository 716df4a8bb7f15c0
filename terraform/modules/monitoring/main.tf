data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

resource "aws_sns_topic" "alarms" {
  #checkov:skip=CKV_AWS_26:CloudWatch cannot publish to a topic under the key of AWS, and alarms hold no secret.
  name         = "${var.name}-alarms"
  display_name = "Alarms of ${var.name}"
}

data "aws_iam_policy_document" "topic" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com", "budgets.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.topic.json
}

resource "aws_sns_topic_subscription" "email" {
  count = var.email == null ? 0 : 1

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.email
}

locals {
  database = { DBInstanceIdentifier = var.database_identifier }
  alb      = { LoadBalancer = var.alb_arn_suffix }
  targets  = { LoadBalancer = var.alb_arn_suffix, TargetGroup = var.target_group_arn_suffix }

  # A limit is crossed upwards unless an alarm says below.
  alarms = {
    database-cpu = {
      text  = "The database is busy.", namespace = "AWS/RDS", metric = "CPUUtilization", dimensions = local.database
      limit = var.database_cpu, statistic = "Average", period = 120, evaluations = 2, below = false, missing = "missing"
    }
    database-connections = {
      text  = "The database has many connections.", namespace = "AWS/RDS", metric = "DatabaseConnections", dimensions = local.database
      limit = var.database_connections, statistic = "Average", period = 120, evaluations = 2, below = false, missing = "missing"
    }
    database-storage = {
      text  = "Less than a tenth of the database's storage is free, and it did not grow.", namespace = "AWS/RDS", metric = "FreeStorageSpace", dimensions = local.database
      limit = var.database_storage_gb * 107374182, statistic = "Minimum", period = 300, evaluations = 3, below = true, missing = "missing"
    }
    database-memory = {
      text  = "The database has less than 100 MB of memory left.", namespace = "AWS/RDS", metric = "FreeableMemory", dimensions = local.database
      limit = 104857600, statistic = "Minimum", period = 300, evaluations = 3, below = true, missing = "missing"
    }
    server-errors = {
      text  = "The shop answers with errors.", namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", dimensions = local.targets
      limit = var.server_errors, statistic = "Sum", period = 300, evaluations = 1, below = false, missing = "notBreaching"
    }
    balancer-errors = {
      text  = "The load balancer finds nobody to answer.", namespace = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count", dimensions = local.alb
      limit = var.server_errors, statistic = "Sum", period = 300, evaluations = 1, below = false, missing = "notBreaching"
    }
    latency = {
      text  = "More than one answer in twenty is slow.", namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", dimensions = local.targets
      limit = var.latency_seconds, statistic = "p95", period = 60, evaluations = 5, below = false, missing = "notBreaching"
    }
    unhealthy-hosts = {
      text  = "An instance does not answer its health check.", namespace = "AWS/ApplicationELB", metric = "UnHealthyHostCount", dimensions = local.targets
      limit = 0, statistic = "Maximum", period = 60, evaluations = 2, below = false, missing = "notBreaching"
    }
    queue-age = {
      text  = "Mails and other work wait too long.", namespace = "GreenLeaf", metric = "jobs_oldest_seconds", dimensions = {}
      limit = var.queue_age_seconds, statistic = "Maximum", period = 60, evaluations = 5, below = false, missing = "notBreaching"
    }
    certificate-end = {
      text  = "The certificate ends soon and was not renewed.", namespace = "AWS/CertificateManager", metric = "DaysToExpiry", dimensions = { CertificateArn = var.certificate_arn }
      limit = var.certificate_days, statistic = "Minimum", period = 86400, evaluations = 1, below = true, missing = "notBreaching"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.text
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = each.value.below ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = each.value.limit
  period              = each.value.period
  evaluation_periods  = each.value.evaluations
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "connection_anomaly" {
  count = var.connection_anomaly ? 1 : 0

  alarm_name          = "${var.name}-connection-anomaly"
  alarm_description   = "The number of connections to the database is unusual for this hour."
  comparison_operator = "GreaterThanUpperThreshold"
  evaluation_periods  = 3
  threshold_metric_id = "usual"
  alarm_actions       = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "usual"
    label       = "Usual"
    expression  = "ANOMALY_DETECTION_BAND(connections, 3)"
    return_data = true
  }

  metric_query {
    id          = "connections"
    return_data = true

    metric {
      namespace   = "AWS/RDS"
      metric_name = "DatabaseConnections"
      dimensions  = local.database
      stat        = "Average"
      period      = 300
    }
  }
}

resource "aws_db_event_subscription" "this" {
  name             = "${var.name}-database"
  sns_topic        = aws_sns_topic.alarms.arn
  source_type      = "db-instance"
  source_ids       = [var.database_identifier]
  event_categories = ["availability", "failover", "failure", "low storage", "maintenance", "recovery"]

  depends_on = [aws_sns_topic_policy.alarms]
}

resource "aws_budgets_budget" "this" {
  count = var.monthly_budget > 0 && var.email != null ? 1 : 0

  name         = "${var.name}-monthly"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_unit   = "USD"
  limit_amount = tostring(var.monthly_budget)

  notification {
    notification_type          = "ACTUAL"
    comparison_operator        = "GREATER_THAN"
    threshold_type             = "PERCENTAGE"
    threshold                  = 80
    subscriber_email_addresses = [var.email]
  }

  notification {
    notification_type          = "FORECASTED"
    comparison_operator        = "GREATER_THAN"
    threshold_type             = "PERCENTAGE"
    threshold                  = 100
    subscriber_email_addresses = [var.email]
  }
}
