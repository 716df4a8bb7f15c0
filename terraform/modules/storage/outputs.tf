output "media_bucket" {
  description = "Name of the bucket of pictures."
  value       = aws_s3_bucket.media.id
}

output "media_bucket_arn" {
  description = "ARN of the bucket of pictures."
  value       = aws_s3_bucket.media.arn
}

output "media_bucket_domain" {
  description = "Regional host name of the bucket of pictures, as an origin for CloudFront."
  value       = aws_s3_bucket.media.bucket_regional_domain_name
}

output "logs_bucket" {
  description = "Name of the bucket of access logs, ready to be written to."
  value       = aws_s3_bucket_policy.logs.bucket
}
