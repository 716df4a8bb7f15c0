locals {
  shop    = setunion([var.domain], var.alternative_names)
  names   = setunion(local.shop, var.origin == null ? [] : [var.origin.name])
  zone_id = var.zone_id != null ? var.zone_id : aws_route53_zone.this[0].zone_id
}

resource "aws_route53_zone" "this" {
  #checkov:skip=CKV2_AWS_38:DNSSEC needs a key that must also be entered at the registrar; an outage when it is not.
  #checkov:skip=CKV2_AWS_39:Logs of DNS queries hold personal data and are written in another region.
  count = var.zone_id == null ? 1 : 0

  name    = var.domain
  comment = "The shop"
}

resource "aws_acm_certificate" "this" {
  domain_name               = var.domain
  subject_alternative_names = setsubtract(local.names, [var.domain])
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = local.names

  zone_id         = local.zone_id
  name            = one([for option in aws_acm_certificate.this.domain_validation_options : option.resource_record_name if option.domain_name == each.key])
  type            = one([for option in aws_acm_certificate.this.domain_validation_options : option.resource_record_type if option.domain_name == each.key])
  records         = [one([for option in aws_acm_certificate.this.domain_validation_options : option.resource_record_value if option.domain_name == each.key])]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = values(aws_route53_record.validation)[*].fqdn
}

resource "aws_route53_record" "shop" {
  for_each = local.shop

  zone_id = local.zone_id
  name    = each.key
  type    = "A"

  set_identifier = var.standby == null ? null : "first"

  dynamic "failover_routing_policy" {
    for_each = var.standby == null ? [] : ["PRIMARY"]

    content {
      type = failover_routing_policy.value
    }
  }

  alias {
    name                   = var.target.dns_name
    zone_id                = var.target.zone_id
    evaluate_target_health = var.standby != null
  }
}

resource "aws_route53_record" "standby" {
  for_each = var.standby == null ? [] : local.shop

  zone_id = local.zone_id
  name    = each.key
  type    = "A"

  set_identifier = "second"

  failover_routing_policy {
    type = "SECONDARY"
  }

  alias {
    name                   = var.standby.dns_name
    zone_id                = var.standby.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "origin" {
  count = var.origin == null ? 0 : 1

  zone_id = local.zone_id
  name    = var.origin.name
  type    = "A"

  alias {
    name                   = var.origin.dns_name
    zone_id                = var.origin.zone_id
    evaluate_target_health = false
  }
}
