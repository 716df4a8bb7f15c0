# Somebody must open this connection once, in the console: GitHub asks a person.
resource "aws_codestarconnections_connection" "this" {
  name          = substr(var.name, 0, 32)
  provider_type = "GitHub"
}

resource "aws_s3_bucket" "artifacts" {
  #checkov:skip=CKV_AWS_144:Artifacts can be built again.
  #checkov:skip=CKV_AWS_145:Artifacts are encrypted with SSE-S3, as all buckets of the architecture are.
  #checkov:skip=CKV_AWS_18:Only the pipeline reads and writes here, and CodePipeline tells what it did.
  #checkov:skip=CKV2_AWS_62:The pipeline knows what it has written.
  #checkov:skip=CKV_AWS_21:Artifacts of a run are never overwritten, so versions would keep nothing.
  bucket_prefix = "${var.name}-build-"
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_public_access_block" "artifacts" {
  bucket                  = aws_s3_bucket.artifacts.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = 90
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

data "aws_iam_policy_document" "tls_only" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.artifacts.arn, "${aws_s3_bucket.artifacts.arn}/*"]

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

resource "aws_s3_bucket_policy" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  policy = data.aws_iam_policy_document.tls_only.json

  depends_on = [aws_s3_bucket_public_access_block.artifacts]
}

resource "aws_cloudwatch_log_group" "build" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts with its own key; the architecture asks for no customer key.
  #checkov:skip=CKV_AWS_338:Logs of builds are of no use after a month.
  for_each = local.projects

  name              = "/${var.name}/${each.key}"
  retention_in_days = var.log_days
}

locals {
  # What the projects do is in the repository, beside what they do it to.
  projects = {
    build  = { text = "Tests the shop and makes an image of it", buildspec = ".ci/build.yml" }
    deploy = { text = "Plans and applies, which rolls the new image through", buildspec = ".ci/deploy.yml" }
  }
}

resource "aws_codebuild_project" "this" {
  #checkov:skip=CKV_AWS_147:Artifacts are encrypted with SSE-S3, as all buckets of the architecture are.
  for_each = local.projects

  name          = "${var.name}-${each.key}"
  description   = each.value.text
  service_role  = aws_iam_role.this[each.key].arn
  build_timeout = 60

  source {
    type      = "CODEPIPELINE"
    buildspec = each.value.buildspec
  }

  artifacts {
    type = "CODEPIPELINE"
  }

  environment {
    compute_type = "BUILD_GENERAL1_MEDIUM"
    image        = var.build_image
    type         = "LINUX_CONTAINER"

    environment_variable {
      name  = "NAME"
      value = var.name
    }
    environment_variable {
      name  = "DEPLOY_ROLE_ARN"
      value = var.deploy_role_arn
    }
  }

  logs_config {
    cloudwatch_logs {
      group_name = aws_cloudwatch_log_group.build[each.key].name
    }
  }
}

resource "aws_codepipeline" "this" {
  #checkov:skip=CKV_AWS_219:Artifacts are encrypted with SSE-S3, as all buckets of the architecture are.
  name          = var.name
  role_arn      = aws_iam_role.this["pipeline"].arn
  pipeline_type = "V2"

  artifact_store {
    type     = "S3"
    location = aws_s3_bucket.artifacts.bucket
  }

  stage {
    name = "Source"

    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = "CodeStarSourceConnection"
      version          = "1"
      output_artifacts = ["source"]

      configuration = {
        ConnectionArn    = aws_codestarconnections_connection.this.arn
        FullRepositoryId = var.repository
        BranchName       = var.branch
      }
    }
  }

  stage {
    name = "Build"

    action {
      name             = "Build"
      category         = "Build"
      owner            = "AWS"
      provider         = "CodeBuild"
      version          = "1"
      input_artifacts  = ["source"]
      output_artifacts = ["plan"]
      configuration    = { ProjectName = aws_codebuild_project.this["build"].name }
    }
  }

  stage {
    name = "Approve"

    action {
      name     = "Approve"
      category = "Approval"
      owner    = "AWS"
      provider = "Manual"
      version  = "1"
    }
  }

  stage {
    name = "Deploy"

    action {
      name            = "Deploy"
      category        = "Build"
      owner           = "AWS"
      provider        = "CodeBuild"
      version         = "1"
      input_artifacts = ["source"]
      configuration   = { ProjectName = aws_codebuild_project.this["deploy"].name }
    }
  }
}
