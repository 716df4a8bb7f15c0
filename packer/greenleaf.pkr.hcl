# The image that instances start from: the same roles as any other machine of the shop.
#
#   packer build -var name=greenleaf-prod -var executable=target/release/greenleaf packer/greenleaf.pkr.hcl
#
# What it built goes into the SSM parameter /NAME/image; the next apply rolls it.

packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.2.8"
    }
  }
}

variable "name" {
  type        = string
  description = "Name of the deployment."
  default     = "greenleaf-prod"
}

variable "region" {
  type        = string
  description = "Region of AWS."
  default     = "eu-west-3"
}

variable "executable" {
  type        = string
  description = "The shop, built for the architecture of the image."
}

variable "architecture" {
  type        = string
  description = "Architecture of the image: amd64, or arm64 for Graviton."
  default     = "amd64"
}

locals {
  built_at = formatdate("YYYYMMDDhhmmss", timestamp())
}

source "amazon-ebs" "shop" {
  ami_name      = "${var.name}-${local.built_at}"
  region        = var.region
  instance_type = var.architecture == "arm64" ? "t4g.small" : "t3.small"
  ssh_username  = "ubuntu"
  encrypt_boot  = true

  source_ami_filter {
    owners      = ["099720109477"]
    most_recent = true

    filters = {
      name                = "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-${var.architecture}-server-*"
      virtualization-type = "hvm"
    }
  }

  metadata_options {
    http_tokens = "required"
  }

  launch_block_device_mappings {
    device_name           = "/dev/sda1"
    volume_type           = "gp3"
    volume_size           = 8
    delete_on_termination = true
  }

  tags     = { Name = var.name, Builder = var.name }
  run_tags = { Name = "${var.name}-builder", Builder = var.name }
}

build {
  sources = ["source.amazon-ebs.shop"]

  provisioner "file" {
    source      = "ansible"
    destination = "/tmp/ansible"
  }

  provisioner "file" {
    source      = var.executable
    destination = "/tmp/greenleaf"
  }

  provisioner "shell" {
    inline = [
      "sudo apt-get update -q",
      "sudo apt-get install -y -q --no-install-recommends ansible-core",
      "cd /tmp/ansible && sudo ansible-playbook playbooks/image.yml -e greenleaf_executable=/tmp/greenleaf -e monitoring_name=${var.name}",
      "sudo rm -rf /tmp/ansible /tmp/greenleaf",
    ]
  }

  post-processor "manifest" {
    output = "image.json"
  }
}
