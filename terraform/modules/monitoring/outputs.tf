output "topic_arn" {
  description = "Topic that mails the alarms."
  value       = aws_sns_topic.alarms.arn
}
