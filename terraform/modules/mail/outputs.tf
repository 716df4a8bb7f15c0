output "smtp_user" {
  description = "User whose access key becomes the password of SMTP."
  value       = aws_iam_user.smtp.name
}

output "smtp_host" {
  description = "Mail server."
  value       = "email-smtp.${data.aws_region.current.name}.amazonaws.com"
}

output "feedback_topic_arn" {
  description = "Topic of bounces and complaints."
  value       = aws_sns_topic.feedback.arn
}
