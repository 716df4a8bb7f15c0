resource "aws_s3_bucket" "media" {
  #checkov:skip=CKV_AWS_21:Versions are switched on below for both buckets, which the check does not follow.
  #checkov:skip=CKV2_AWS_6:Public access is blocked below for both buckets, which the check does not follow.
  #checkov:skip=CKV_AWS_144:The second region is a switch, dr_region; without it versions are the safeguard.
  #checkov:skip=CKV_AWS_145:The architecture encrypts with SSE-S3; a customer key would add cost and a way to lose everything.
  #checkov:skip=CKV2_AWS_62:Nothing acts on new objects: the shop knows what it has stored.
  bucket_prefix = "${var.name}-media-"
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_21:Versions are switched on below for both buckets, which the check does not follow.
  #checkov:skip=CKV2_AWS_6:Public access is blocked below for both buckets, which the check does not follow.
  #checkov:skip=CKV_AWS_144:Access logs are not worth a second region.
  #checkov:skip=CKV_AWS_145:Load balancers can write only to buckets with SSE-S3.
  #checkov:skip=CKV_AWS_18:A bucket that logged into itself would grow without end.
  #checkov:skip=CKV2_AWS_62:Nothing acts on new log files.
  bucket_prefix = "${var.name}-logs-"
  force_destroy = !var.deletion_protection
}

locals {
  buckets = { media = aws_s3_bucket.media, logs = aws_s3_bucket.logs }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets

  bucket = each.value.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = local.buckets

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "media" {
  bucket = aws_s3_bucket.media.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_transition {
      noncurrent_days = var.infrequent_after_days
      storage_class   = "STANDARD_IA"
    }
    noncurrent_version_transition {
      noncurrent_days = var.glacier_after_days
      storage_class   = "GLACIER"
    }
    noncurrent_version_expiration {
      noncurrent_days = var.delete_after_days
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.access_log_days
    }
    noncurrent_version_expiration {
      noncurrent_days = 1
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_cors_configuration" "media" {
  bucket = aws_s3_bucket.media.id

  cors_rule {
    allowed_origins = var.cors_origins
    allowed_methods = ["GET", "HEAD"]
    allowed_headers = ["*"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_logging" "media" {
  bucket        = aws_s3_bucket.media.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "s3/"

  depends_on = [aws_s3_bucket_policy.logs]
}
