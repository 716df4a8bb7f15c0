locals {
  roles = {
    pipeline = "codepipeline.amazonaws.com"
    build    = "codebuild.amazonaws.com"
    deploy   = "codebuild.amazonaws.com"
  }
}

data "aws_iam_policy_document" "trust" {
  for_each = local.roles

  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.roles

  name               = "${var.name}-${each.key}"
  description        = "What the ${each.key} of releases may do"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
}

data "aws_iam_policy_document" "artifacts" {
  statement {
    sid       = "Artifacts"
    actions   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
    resources = ["${aws_s3_bucket.artifacts.arn}/*"]
  }
}

data "aws_iam_policy_document" "pipeline" {
  source_policy_documents = [data.aws_iam_policy_document.artifacts.json]

  statement {
    sid       = "Source"
    actions   = ["codestar-connections:UseConnection"]
    resources = [aws_codestarconnections_connection.this.arn]
  }

  statement {
    sid       = "Build"
    actions   = ["codebuild:BatchGetBuilds", "codebuild:StartBuild"]
    resources = values(aws_codebuild_project.this)[*].arn
  }
}

# Packer makes a machine, an image of it, and removes the machine; it marks what it makes.
data "aws_iam_policy_document" "build" {
  #checkov:skip=CKV_AWS_111:Descriptions and new machines have no name that a policy could hold; what is changed or removed carries Packer's tag.
  #checkov:skip=CKV_AWS_356:Descriptions and new machines have no name that a policy could hold; what is changed or removed carries Packer's tag.
  source_policy_documents = [data.aws_iam_policy_document.artifacts.json]

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.build["build"].arn}:*"]
  }

  statement {
    sid       = "Release"
    actions   = ["ssm:PutParameter", "ssm:GetParameter"]
    resources = [var.image_parameter_arn]
  }

  statement {
    sid = "Make"
    actions = [
      "ec2:CreateImage", "ec2:CreateKeyPair", "ec2:CreateSecurityGroup", "ec2:CreateTags", "ec2:DescribeImages",
      "ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeRegions", "ec2:DescribeSecurityGroups",
      "ec2:DescribeSnapshots", "ec2:DescribeSubnets", "ec2:DescribeTags", "ec2:DescribeVolumes", "ec2:DescribeVpcs",
      "ec2:RunInstances",
    ]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [data.aws_region.current.name]
    }
  }

  statement {
    sid = "Remove"
    actions = [
      "ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteKeyPair", "ec2:DeleteSecurityGroup", "ec2:ModifyImageAttribute",
      "ec2:StopInstances", "ec2:TerminateInstances",
    ]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Builder"
      values   = [var.name]
    }
  }
}

data "aws_iam_policy_document" "deploy" {
  source_policy_documents = [data.aws_iam_policy_document.artifacts.json]

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.build["deploy"].arn}:*"]
  }

  statement {
    sid       = "Deploy"
    actions   = ["sts:AssumeRole"]
    resources = [var.deploy_role_arn]
  }
}

data "aws_region" "current" {}

resource "aws_iam_role_policy" "this" {
  for_each = {
    pipeline = data.aws_iam_policy_document.pipeline.json
    build    = data.aws_iam_policy_document.build.json
    deploy   = data.aws_iam_policy_document.deploy.json
  }

  name   = "release"
  role   = aws_iam_role.this[each.key].id
  policy = each.value
}
