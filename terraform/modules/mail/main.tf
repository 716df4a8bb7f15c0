data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

resource "aws_sesv2_configuration_set" "this" {
  configuration_set_name = var.name

  delivery_options {
    tls_policy = "REQUIRE"
  }
  reputation_options {
    reputation_metrics_enabled = true
  }
  suppression_options {
    suppressed_reasons = ["BOUNCE", "COMPLAINT"]
  }
}

resource "aws_sesv2_email_identity" "this" {
  email_identity         = var.domain
  configuration_set_name = aws_sesv2_configuration_set.this.configuration_set_name

  dkim_signing_attributes {
    next_signing_key_length = "RSA_2048_BIT"
  }
}

resource "aws_sesv2_email_identity_mail_from_attributes" "this" {
  email_identity         = aws_sesv2_email_identity.this.email_identity
  mail_from_domain       = "bounce.${var.domain}"
  behavior_on_mx_failure = "USE_DEFAULT_VALUE"
}

resource "aws_route53_record" "dkim" {
  count = 3

  zone_id = var.zone_id
  name    = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[count.index]}._domainkey.${var.domain}"
  type    = "CNAME"
  ttl     = 3600
  records = ["${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[count.index]}.dkim.amazonses.com"]
}

resource "aws_route53_record" "mail_from" {
  for_each = {
    MX  = "10 feedback-smtp.${data.aws_region.current.name}.amazonses.com"
    TXT = "v=spf1 include:amazonses.com -all"
  }

  zone_id = var.zone_id
  name    = "bounce.${var.domain}"
  type    = each.key
  ttl     = 3600
  records = [each.value]
}

resource "aws_route53_record" "dmarc" {
  zone_id = var.zone_id
  name    = "_dmarc.${var.domain}"
  type    = "TXT"
  ttl     = 3600
  records = ["v=DMARC1; p=${var.dmarc_policy}; adkim=r; aspf=r"]
}

resource "aws_sns_topic" "feedback" {
  #checkov:skip=CKV_AWS_26:SES cannot publish to a topic under the key of AWS; it names addresses that bounced, for a short while.
  name = "${var.name}-mail-feedback"
}

data "aws_iam_policy_document" "feedback" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.feedback.arn]

    principals {
      type        = "Service"
      identifiers = ["ses.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "feedback" {
  arn    = aws_sns_topic.feedback.arn
  policy = data.aws_iam_policy_document.feedback.json
}

resource "aws_sns_topic_subscription" "feedback" {
  count = var.feedback_email == null ? 0 : 1

  topic_arn = aws_sns_topic.feedback.arn
  protocol  = "email"
  endpoint  = var.feedback_email
}

resource "aws_sesv2_configuration_set_event_destination" "feedback" {
  configuration_set_name = aws_sesv2_configuration_set.this.configuration_set_name
  event_destination_name = "feedback"

  event_destination {
    enabled              = true
    matching_event_types = ["BOUNCE", "COMPLAINT", "REJECT"]

    sns_destination {
      topic_arn = aws_sns_topic.feedback.arn
    }
  }

  depends_on = [aws_sns_topic_policy.feedback]
}

# SMTP knows users alone. Its access key is made by hand and entered as smtp_url, so that no state holds it.
data "aws_iam_policy_document" "send" {
  statement {
    actions   = ["ses:SendRawEmail"]
    resources = [aws_sesv2_email_identity.this.arn, aws_sesv2_configuration_set.this.arn]
  }
}

resource "aws_iam_user" "smtp" {
  #checkov:skip=CKV_AWS_273:SES takes SMTP passwords of IAM users alone; this one may send mails of the shop and nothing else.
  name = "${var.name}-smtp"
}

resource "aws_iam_user_policy" "smtp" {
  #checkov:skip=CKV_AWS_40:A group for a single user would be one more part.
  name   = "send"
  user   = aws_iam_user.smtp.name
  policy = data.aws_iam_policy_document.send.json
}
