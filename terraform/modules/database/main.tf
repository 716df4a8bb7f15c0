resource "aws_db_subnet_group" "this" {
  name        = "${var.name}-db"
  description = "Private subnets of the database"
  subnet_ids  = var.subnet_ids
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  description = "What the shop asks of MySQL"
  family      = "mysql${join(".", slice(split(".", var.engine_version), 0, 2))}"

  dynamic "parameter" {
    for_each = {
      max_connections = var.max_connections
      # A connection of the shop keeps up to a hundred statements prepared; the default is 16382 for all.
      max_prepared_stmt_count  = min(100 * var.max_connections, 1048576)
      innodb_buffer_pool_size  = "{DBInstanceClassMemory*${var.buffer_pool_percent}/100}"
      slow_query_log           = 1
      long_query_time          = var.slow_query_seconds
      general_log              = var.general_log ? 1 : 0
      require_secure_transport = 1
      # Logs in tables cannot be exported.
      log_output = "FILE"
    }

    content {
      name  = parameter.key
      value = parameter.value
      # The size of the buffer pool is read at start.
      apply_method = parameter.key == "innodb_buffer_pool_size" ? "pending-reboot" : "immediate"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Made here, not by RDS, which would keep logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts with its own key; the architecture asks for no customer key.
  #checkov:skip=CKV_AWS_338:The architecture keeps logs for seven days; log_days keeps them longer.
  for_each = var.log_exports

  name              = "/aws/rds/instance/${var.name}-db/${each.key}"
  retention_in_days = var.log_days
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_353:Performance Insights is not to be had on small instances with MySQL.
  #checkov:skip=CKV2_AWS_69:require_secure_transport is set in the parameter group, in a form that the check does not read.
  #checkov:skip=CKV_AWS_157:multi_az is true unless a profile says otherwise.
  identifier = "${var.name}-db"

  engine         = "mysql"
  engine_version = var.engine_version
  instance_class = var.instance_class

  storage_type          = "gp3"
  allocated_storage     = var.storage_gb
  max_allocated_storage = var.max_storage_gb
  storage_encrypted     = true

  db_name  = "greenleaf"
  username = "greenleaf"
  # RDS makes the password, keeps it in Secrets Manager and changes it every seven days: nobody sees
  # it, no state holds it, and no function of ours has to run.
  manage_master_user_password = true

  multi_az               = var.multi_az
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [var.security_group_id]
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.this.name

  iam_database_authentication_enabled = true

  backup_retention_period = var.backup_days
  backup_window           = var.backup_window
  maintenance_window      = var.maintenance_window
  copy_tags_to_snapshot   = true

  auto_minor_version_upgrade = true

  enabled_cloudwatch_logs_exports = var.log_exports
  monitoring_interval             = var.monitoring_seconds
  monitoring_role_arn             = var.monitoring_seconds > 0 ? aws_iam_role.monitoring[0].arn : null

  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = var.deletion_protection ? "${var.name}-db-last" : null

  depends_on = [aws_cloudwatch_log_group.this]
}
