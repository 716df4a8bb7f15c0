data "aws_region" "current" {}

locals {
  environment = join("\n", [for key, value in var.environment : "${key}=${value}"])

  # The digest makes a new configuration a new launch template, which rolls through the group.
  user_data = templatefile("${path.module}/user_data.sh.tftpl", {
    digest         = substr(sha256(local.environment), 0, 12)
    region         = data.aws_region.current.name
    parameter      = aws_ssm_parameter.environment.name
    app_secret_arn = var.app_secret_arn
    database       = var.database
  })
}

resource "aws_ssm_parameter" "environment" {
  #checkov:skip=CKV2_AWS_34:It holds no secret; those are in Secrets Manager.
  #checkov:skip=CKV_AWS_337:It holds no secret; those are in Secrets Manager.
  name        = "/${var.name}/environment"
  description = "Environment of the executable, without secrets"
  type        = "String"
  value       = local.environment
}

resource "aws_cloudwatch_log_group" "app" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts with its own key; the architecture asks for no customer key.
  #checkov:skip=CKV_AWS_338:The architecture keeps logs for seven days; log_days keeps them longer.
  name              = "/${var.name}/app"
  retention_in_days = var.log_days
}
