# Rules are resources of their own, since groups that name each other would be a cycle.

resource "aws_security_group" "alb" {
  #checkov:skip=CKV2_AWS_5:It is attached in another module, which the check does not follow.
  name        = "${var.name}-alb"
  description = "Load balancer: HTTP and HTTPS from shoppers, onwards to the instances"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-alb" }
}

resource "aws_security_group" "app" {
  #checkov:skip=CKV2_AWS_5:It is attached in another module, which the check does not follow.
  name        = "${var.name}-app"
  description = "Instances: from the load balancer alone"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-app" }
}

resource "aws_security_group" "database" {
  #checkov:skip=CKV2_AWS_5:It is attached in another module, which the check does not follow.
  name        = "${var.name}-database"
  description = "Database: from the instances alone"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-database" }
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  count = var.behind_cdn ? 1 : 0

  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_vpc_security_group_ingress_rule" "alb" {
  #checkov:skip=CKV_AWS_260:Port 80 answers with a redirect to HTTPS and nothing else.
  for_each = var.behind_cdn ? { https = 443 } : { http = 80, https = 443 }

  security_group_id = aws_security_group.alb.id
  description       = "Shoppers, ${each.key}"
  cidr_ipv4         = var.behind_cdn ? null : "0.0.0.0/0"
  prefix_list_id    = var.behind_cdn ? data.aws_ec2_managed_prefix_list.cloudfront[0].id : null
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_egress_rule" "alb_to_app" {
  security_group_id            = aws_security_group.alb.id
  description                  = "Requests and health checks to the instances"
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = var.target_port
  to_port                      = var.target_port
}

resource "aws_vpc_security_group_ingress_rule" "app_from_alb" {
  #checkov:skip=CKV_AWS_260:It is open to the group of the load balancer, not to the world.
  for_each = { http = 80, https = 443 }

  security_group_id            = aws_security_group.app.id
  description                  = "Requests from the load balancer, ${each.key}"
  referenced_security_group_id = aws_security_group.alb.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_ingress_rule" "app_ssh" {
  for_each = var.ssh_from

  security_group_id = aws_security_group.app.id
  description       = "SSH from ${each.key}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}

resource "aws_vpc_security_group_egress_rule" "app" {
  for_each = { https = 443, smtps = 465, submission = 587 }

  security_group_id = aws_security_group.app.id
  description       = "AWS services, payment providers and the mail server, ${each.key}"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_egress_rule" "app_to_database" {
  security_group_id            = aws_security_group.app.id
  description                  = "MySQL"
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  description                  = "MySQL from the instances"
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}
