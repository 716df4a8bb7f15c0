output "media_bucket" {
  description = "Copy of the pictures."
  value       = aws_s3_bucket.media.id
}

output "backups_arn" {
  description = "Copied backups, to restore the database from."
  value       = aws_db_instance_automated_backups_replication.this.id
}
