output "pipeline_arn" {
  description = "What builds an image: aws imagebuilder start-image-pipeline-execution --image-pipeline-arn …"
  value       = aws_imagebuilder_image_pipeline.this.arn
}
