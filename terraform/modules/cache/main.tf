resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:It is attached to the cache below, which the check does not know.
  name        = "${var.name}-cache"
  description = "Cache: from the instances alone"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-cache" }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  description                  = "Valkey from the instances"
  referenced_security_group_id = var.app_group_id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id            = var.app_group_id
  description                  = "Valkey"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_elasticache_subnet_group" "this" {
  name        = "${var.name}-cache"
  description = "Private subnets of the cache"
  subnet_ids  = var.subnet_ids
}

resource "aws_elasticache_replication_group" "this" {
  #checkov:skip=CKV_AWS_31:The security group lets in the instances alone, and TLS is on; a token would be in the state.
  #checkov:skip=CKV_AWS_191:It is encrypted with the key of AWS; what it holds can be made again.
  replication_group_id = "${var.name}-cache"
  description          = "Cache of ${var.name}"

  engine         = "valkey"
  engine_version = "8.0"
  node_type      = var.node_type
  port           = 6379

  num_cache_clusters         = var.nodes
  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auto_minor_version_upgrade = true
}
