output "pipeline_name" {
  description = "Name of the pipeline."
  value       = aws_codepipeline.this.name
}

output "artifacts_bucket" {
  description = "Bucket of what builds make."
  value       = aws_s3_bucket.artifacts.id
}
