# Backups leave their region under a key of the other one.
resource "aws_kms_key" "this" {
  provider = aws.dr

  description             = "Backups of ${var.name} from the first region"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy                  = data.aws_iam_policy_document.key.json
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:The policy of a key speaks of that key alone, whatever its resource says.
  #checkov:skip=CKV_AWS_111:The policy of a key speaks of that key alone, whatever its resource says.
  #checkov:skip=CKV_AWS_356:The policy of a key speaks of that key alone, whatever its resource says.
  statement {
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

# Transaction logs follow every five minutes, so that much is lost at most. A replica is not to be
# had: RDS makes none of a database whose password it keeps.
resource "aws_db_instance_automated_backups_replication" "this" {
  provider = aws.dr

  source_db_instance_arn = var.database_arn
  kms_key_id             = aws_kms_key.this.arn
  retention_period       = var.backup_days
}

resource "aws_s3_bucket" "media" {
  #checkov:skip=CKV_AWS_144:It is the copy in the second region itself.
  #checkov:skip=CKV_AWS_145:Pictures are encrypted with SSE-S3, as in the first region.
  #checkov:skip=CKV_AWS_18:Nobody reads the copy before a disaster.
  #checkov:skip=CKV2_AWS_62:Nothing acts on new objects.
  provider = aws.dr

  bucket_prefix = "${var.name}-media-"
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_versioning" "media" {
  provider = aws.dr

  bucket = aws_s3_bucket.media.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "media" {
  provider = aws.dr

  bucket                  = aws_s3_bucket.media.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "media" {
  provider = aws.dr

  bucket = aws_s3_bucket.media.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "media" {
  provider = aws.dr

  bucket = aws_s3_bucket.media.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 180
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.media]
}

data "aws_iam_policy_document" "tls_only" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.media.arn, "${aws_s3_bucket.media.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "media" {
  provider = aws.dr

  bucket = aws_s3_bucket.media.id
  policy = data.aws_iam_policy_document.tls_only.json

  depends_on = [aws_s3_bucket_public_access_block.media]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "replication" {
  statement {
    sid       = "ReadConfiguration"
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [var.media_bucket_arn]
  }

  statement {
    sid       = "Read"
    actions   = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
    resources = ["${var.media_bucket_arn}/*"]
  }

  statement {
    sid       = "Copy"
    actions   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    resources = ["${aws_s3_bucket.media.arn}/*"]
  }
}

resource "aws_iam_role" "replication" {
  name               = "${var.name}-replication"
  description        = "What S3 may do to copy pictures into the second region"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "replication" {
  name   = "replicate"
  role   = aws_iam_role.replication.id
  policy = data.aws_iam_policy_document.replication.json
}

resource "aws_s3_bucket_replication_configuration" "media" {
  bucket = var.media_bucket
  role   = aws_iam_role.replication.arn

  rule {
    id     = "everything"
    status = "Enabled"

    filter {}

    delete_marker_replication {
      status = "Enabled"
    }

    destination {
      bucket        = aws_s3_bucket.media.arn
      storage_class = "STANDARD_IA"
    }
  }

  depends_on = [aws_s3_bucket_versioning.media]
}
