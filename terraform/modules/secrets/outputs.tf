output "app_secret_arn" {
  description = "Secret whose keys are variables of the executable's environment."
  value       = aws_secretsmanager_secret.app.arn
}
