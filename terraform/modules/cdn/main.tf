# CloudFront takes certificates from this region alone.
resource "aws_acm_certificate" "this" {
  provider = aws.us_east_1

  domain_name               = var.domain
  subject_alternative_names = var.alternative_names
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_acm_certificate_validation" "this" {
  provider = aws.us_east_1

  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = var.validation_record_fqdns
}

resource "aws_cloudfront_origin_access_control" "media" {
  name                              = "${var.name}-media"
  description                       = "CloudFront alone reads the pictures"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

locals {
  # Policies that AWS keeps, the same in each account.
  caching_disabled           = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  caching_optimized          = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  all_viewer                 = "216adef6-5c7f-47e4-b989-5492eafa07d3"
  security_headers_with_cors = "e61eb60c-9c35-4d20-a928-2b84e02af89c"
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_68:The firewall is on the load balancer, which hears CloudFront alone.
  #checkov:skip=CKV2_AWS_47:The firewall is on the load balancer, and its rules include those for Log4j.
  #checkov:skip=CKV_AWS_86:The load balancer logs whatever is not a cached picture.
  #checkov:skip=CKV_AWS_305:The shop answers at the root by itself.
  #checkov:skip=CKV_AWS_374:The shop sells to whoever comes; a merchant may restrict countries later.
  #checkov:skip=CKV2_AWS_32:The shop sends its own security headers; pictures get those of AWS.
  comment         = var.name
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = var.price_class
  aliases         = setunion([var.domain], var.alternative_names)

  origin {
    origin_id   = "shop"
    domain_name = var.origin_name

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }

    dynamic "custom_header" {
      for_each = nonsensitive(var.origin_secret != null) ? [1] : []

      content {
        name  = "X-Origin-Secret"
        value = var.origin_secret
      }
    }
  }

  origin {
    origin_id                = "media"
    domain_name              = var.media_bucket_domain
    origin_access_control_id = aws_cloudfront_origin_access_control.media.id
  }

  # A rendition that is not in the bucket yet is drawn by the shop.
  origin_group {
    origin_id = "pictures"

    failover_criteria {
      status_codes = [403, 404, 500, 502, 503, 504]
    }
    member {
      origin_id = "media"
    }
    member {
      origin_id = "shop"
    }
  }

  default_cache_behavior {
    target_origin_id         = "shop"
    viewer_protocol_policy   = "redirect-to-https"
    allowed_methods          = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods           = ["GET", "HEAD"]
    cache_policy_id          = local.caching_disabled
    origin_request_policy_id = local.all_viewer
    compress                 = true
  }

  ordered_cache_behavior {
    path_pattern               = "/media/*"
    target_origin_id           = "pictures"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = local.caching_optimized
    response_headers_policy_id = local.security_headers_with_cors
    compress                   = true
  }

  ordered_cache_behavior {
    path_pattern           = "/assets/*"
    target_origin_id       = "shop"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = local.caching_optimized
    compress               = true
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate_validation.this.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
