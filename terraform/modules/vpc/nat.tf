resource "aws_eip" "nat" {
  for_each = toset(local.nat_zones)

  domain = "vpc"

  tags = { Name = "${var.name}-nat-${each.key}" }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  for_each = local.gateway_zones

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_route" "nat_gateway" {
  for_each = length(local.gateway_zones) > 0 ? local.zones : {}

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat_mode == "single" ? var.zones[0] : each.key].id
}

data "aws_ssm_parameter" "nat_image" {
  count = var.nat_mode == "instance" ? 1 : 0

  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_security_group" "nat" {
  count = var.nat_mode == "instance" ? 1 : 0

  name        = "${var.name}-nat"
  description = "NAT instances: everything from the private subnets, onwards to the internet"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-nat" }
}

resource "aws_vpc_security_group_ingress_rule" "nat" {
  for_each = var.nat_mode == "instance" ? local.zones : {}

  security_group_id = aws_security_group.nat[0].id
  description       = "Whatever leaves the private subnet of ${each.key}"
  cidr_ipv4         = each.value.private
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_egress_rule" "nat" {
  #checkov:skip=CKV_AWS_382:What may leave is decided by the groups of the instances behind it; a NAT passes it on.
  count = var.nat_mode == "instance" ? 1 : 0

  security_group_id = aws_security_group.nat[0].id
  description       = "Onwards to the internet"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_instance" "nat" {
  #checkov:skip=CKV_AWS_88:A NAT instance has a public address by its nature.
  #checkov:skip=CKV_AWS_126:Metrics of each minute would cost as much as the instance.
  #checkov:skip=CKV2_AWS_41:It calls no AWS service, so it gets no role.
  for_each = local.instance_zones

  ami                    = data.aws_ssm_parameter.nat_image[0].insecure_value
  instance_type          = var.nat_instance_type
  subnet_id              = aws_subnet.public[each.key].id
  vpc_security_group_ids = [aws_security_group.nat[0].id]
  source_dest_check      = false
  ebs_optimized          = true

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = 8
    encrypted   = true
  }

  user_data = <<-EOT
    #!/bin/bash
    set -euo pipefail
    echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/90-nat.conf
    sysctl --system
    until dnf install -y nftables; do sleep 2; done
    cat > /etc/sysconfig/nftables.conf <<'NFT'
    table ip nat {
      chain postrouting {
        type nat hook postrouting priority srcnat;
        ip saddr ${var.cidr} ip daddr != ${var.cidr} masquerade
      }
    }
    NFT
    systemctl enable --now nftables
  EOT

  tags = { Name = "${var.name}-nat-${each.key}" }

  # A newer image is taken by replacing one instance at a time, on purpose.
  lifecycle {
    ignore_changes = [ami]
  }

  depends_on = [aws_route.internet]
}

resource "aws_eip_association" "nat" {
  for_each = local.instance_zones

  allocation_id        = aws_eip.nat[each.key].id
  network_interface_id = aws_instance.nat[each.key].primary_network_interface_id
}

resource "aws_route" "nat_instance" {
  for_each = local.instance_zones

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  network_interface_id   = aws_instance.nat[each.key].primary_network_interface_id
}

resource "aws_security_group" "endpoints" {
  count = var.nat_mode == "none" ? 1 : 0

  name        = "${var.name}-endpoints"
  description = "Interface endpoints: HTTPS and mail submission from the private subnets"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  for_each = var.nat_mode == "none" ? {
    for pair in setproduct(var.zones, [443, 465]) : "${pair[0]}-${pair[1]}" => { zone = pair[0], port = pair[1] }
  } : {}

  security_group_id = aws_security_group.endpoints[0].id
  description       = "AWS services for the private subnet of ${each.value.zone}"
  cidr_ipv4         = local.zones[each.value.zone].private
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_vpc_endpoint" "service" {
  for_each = var.nat_mode == "none" ? var.endpoint_services : []

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${data.aws_region.current.name}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = values(aws_subnet.private)[*].id
  security_group_ids  = [aws_security_group.endpoints[0].id]

  tags = { Name = "${var.name}-${each.key}" }
}
