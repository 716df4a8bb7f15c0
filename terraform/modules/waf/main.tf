locals {
  # Groups of rules that AWS keeps, in the order in which they are asked.
  managed = [
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
    "AWSManagedRulesCommonRuleSet",
  ]
  limited  = sort(keys(var.path_limits))
  key_type = var.behind_cdn ? "FORWARDED_IP" : "IP"
}

resource "aws_wafv2_web_acl" "this" {
  name        = var.name
  description = "What the load balancer refuses"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  dynamic "rule" {
    for_each = local.managed

    content {
      name     = rule.value
      priority = rule.key

      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.value

          # Pictures and long texts of the back office are larger than these rules like.
          dynamic "rule_action_override" {
            for_each = rule.value == "AWSManagedRulesCommonRuleSet" ? ["SizeRestrictions_BODY", "CrossSiteScripting_BODY"] : []

            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
        metric_name                = rule.value
      }
    }
  }

  dynamic "rule" {
    for_each = local.limited

    content {
      name     = "rate-${rule.key}"
      priority = 10 + rule.key

      action {
        block {}
      }

      statement {
        rate_based_statement {
          limit              = var.path_limits[rule.value]
          aggregate_key_type = local.key_type

          dynamic "forwarded_ip_config" {
            for_each = var.behind_cdn ? [1] : []

            content {
              header_name       = "X-Forwarded-For"
              fallback_behavior = "MATCH"
            }
          }

          scope_down_statement {
            byte_match_statement {
              search_string         = rule.value
              positional_constraint = "STARTS_WITH"

              field_to_match {
                uri_path {}
              }
              text_transformation {
                priority = 0
                type     = "NORMALIZE_PATH"
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
        metric_name                = "rate-${rule.key}"
      }
    }
  }

  rule {
    name     = "rate"
    priority = 100

    action {
      block {}
    }

    statement {
      rate_based_statement {
        limit              = var.rate_limit
        aggregate_key_type = local.key_type

        dynamic "forwarded_ip_config" {
          for_each = var.behind_cdn ? [1] : []

          content {
            header_name       = "X-Forwarded-For"
            fallback_behavior = "MATCH"
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      sampled_requests_enabled   = true
      metric_name                = "rate"
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    sampled_requests_enabled   = true
    metric_name                = var.name
  }
}

resource "aws_wafv2_web_acl_association" "alb" {
  resource_arn = var.alb_arn
  web_acl_arn  = aws_wafv2_web_acl.this.arn
}

# The prefix is what WAF asks for.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts with its own key; the architecture asks for no customer key.
  #checkov:skip=CKV_AWS_338:The architecture keeps logs for seven days; log_days keeps them longer.
  name              = "aws-waf-logs-${var.name}"
  retention_in_days = var.log_days
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  resource_arn            = aws_wafv2_web_acl.this.arn
  log_destination_configs = [aws_cloudwatch_log_group.this.arn]

  redacted_fields {
    single_header {
      name = "cookie"
    }
  }
  redacted_fields {
    single_header {
      name = "authorization"
    }
  }

  logging_filter {
    default_behavior = "DROP"

    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"

      condition {
        action_condition {
          action = "BLOCK"
        }
      }
      condition {
        action_condition {
          action = "COUNT"
        }
      }
    }
  }
}
