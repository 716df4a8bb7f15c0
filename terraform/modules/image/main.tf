data "aws_region" "current" {}
data "aws_partition" "current" {}

# The same roles as Packer runs, so that an image is the same whoever builds it.
resource "aws_imagebuilder_component" "shop" {
  #checkov:skip=CKV_AWS_180:The recipe is encrypted with the key of AWS and holds no secret.
  name        = "${var.name}-shop"
  description = "Fetches the executable and the roles, and converges"
  platform    = "Linux"
  version     = var.image_version

  data = yamlencode({
    schemaVersion = "1.0"
    phases = [
      {
        name = "build"
        steps = [{
          name   = "Converge"
          action = "ExecuteBash"
          inputs = { commands = [
            "set -eu",
            "apt-get update && apt-get install -y --no-install-recommends ansible-core jq awscli",
            "aws s3 cp s3://${var.artifacts_bucket}/images/ansible.tar.gz - | tar -xz -C /tmp",
            "aws s3 cp s3://${var.artifacts_bucket}/images/greenleaf.tar.gz - | tar -xz -C /usr/local/bin",
            "cd /tmp/ansible && ansible-playbook --connection local --inventory localhost, playbooks/image.yml",
          ] }
        }]
      },
      {
        name = "test"
        steps = [{
          name   = "Answers"
          action = "ExecuteBash"
          inputs = { commands = ["/usr/local/bin/greenleaf --version", "nginx -t"] }
        }]
      },
    ]
  })
}

resource "aws_imagebuilder_image_recipe" "this" {
  #checkov:skip=CKV_AWS_200:Images stay in this account and are encrypted with the key of AWS.
  name         = var.name
  parent_image = var.parent_image
  version      = var.image_version

  block_device_mapping {
    device_name = "/dev/sda1"

    ebs {
      volume_type           = "gp3"
      volume_size           = 8
      encrypted             = true
      delete_on_termination = true
    }
  }

  component {
    component_arn = "arn:${data.aws_partition.current.partition}:imagebuilder:${data.aws_region.current.name}:aws:component/update-linux/x.x.x"
  }
  component {
    component_arn = aws_imagebuilder_component.shop.arn
  }

  lifecycle {
    create_before_destroy = true
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "build" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${var.artifacts_bucket}/images/*"]
  }

  statement {
    sid       = "Log"
    actions   = ["s3:PutObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${var.logs_bucket}/images/*"]
  }
}

resource "aws_iam_role" "build" {
  name               = "${var.name}-image"
  description        = "What the machine that builds images may do"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "build" {
  name   = "build"
  role   = aws_iam_role.build.id
  policy = data.aws_iam_policy_document.build.json
}

resource "aws_iam_role_policy_attachment" "build" {
  for_each = toset(["EC2InstanceProfileForImageBuilder", "AmazonSSMManagedInstanceCore"])

  role       = aws_iam_role.build.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.key}"
}

resource "aws_iam_instance_profile" "build" {
  name = "${var.name}-image"
  role = aws_iam_role.build.name
}

resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = var.name
  instance_profile_name         = aws_iam_instance_profile.build.name
  instance_types                = [var.instance_type]
  subnet_id                     = var.subnet_id
  security_group_ids            = [var.security_group_id]
  terminate_instance_on_failure = true

  instance_metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  logging {
    s3_logs {
      s3_bucket_name = var.logs_bucket
      s3_key_prefix  = "images"
    }
  }
}

resource "aws_imagebuilder_distribution_configuration" "this" {
  #checkov:skip=CKV_AWS_199:Images stay in this account and are encrypted with the key of AWS.
  name = var.name

  distribution {
    region = data.aws_region.current.name

    ami_distribution_configuration {
      name = "${var.name}-{{ imagebuilder:buildDate }}"
    }

    ssm_parameter_configuration {
      parameter_name = var.image_parameter
      data_type      = "aws:ec2:image"
    }
  }
}

# Started by hand or by the pipeline: an image is a release, not a matter of the hour.
resource "aws_imagebuilder_image_pipeline" "this" {
  name                             = var.name
  image_recipe_arn                 = aws_imagebuilder_image_recipe.this.arn
  infrastructure_configuration_arn = aws_imagebuilder_infrastructure_configuration.this.arn
  distribution_configuration_arn   = aws_imagebuilder_distribution_configuration.this.arn

  image_tests_configuration {
    image_tests_enabled = true
    timeout_minutes     = 60
  }
}
