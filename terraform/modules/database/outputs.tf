output "identifier" {
  description = "Identifier of the database instance, as alarms name it."
  value       = aws_db_instance.this.identifier
}

output "arn" {
  description = "ARN of the database instance."
  value       = aws_db_instance.this.arn
}

output "address" {
  description = "Host name of the database."
  value       = aws_db_instance.this.address
}

output "db_name" {
  description = "Name of the schema."
  value       = aws_db_instance.this.db_name
}

output "secret_arn" {
  description = "Secret with user name and password, kept and rotated by RDS."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}
