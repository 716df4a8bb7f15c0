output "distribution_arn" {
  description = "ARN of the distribution, which the bucket of pictures lets in."
  value       = aws_cloudfront_distribution.this.arn
}

output "dns_name" {
  description = "Host name of the distribution."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "zone_id" {
  description = "Zone of the distribution's host name, for alias records."
  value       = aws_cloudfront_distribution.this.hosted_zone_id
}
