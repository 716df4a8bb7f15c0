# Made anew in each run and written only when content_version rises: it is in no plan and no state.
ephemeral "aws_secretsmanager_random_password" "key" {
  password_length     = 64
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "app" {
  #checkov:skip=CKV_AWS_149:Secrets Manager encrypts with its own key; a customer key would add cost and a way to lose everything.
  #checkov:skip=CKV2_AWS_57:The key of the shop opens second factors, so it changes when somebody decides so. The database's password does rotate.
  name                    = "${var.name}/app"
  description             = "Key and mail server of the shop, by the name of the variable"
  recovery_window_in_days = var.recovery_days
}

resource "aws_secretsmanager_secret_version" "app" {
  secret_id = aws_secretsmanager_secret.app.id
  secret_string_wo = jsonencode({
    GREENLEAF_SECRET_KEY = ephemeral.aws_secretsmanager_random_password.key.random_password
    GREENLEAF_SMTP_URL   = var.smtp_url
  })
  secret_string_wo_version = var.content_version
}
