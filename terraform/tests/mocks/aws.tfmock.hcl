# Values that the provider's own checks accept where an address of AWS is asked for.

mock_data "aws_iam_policy_document" {
  defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
}

mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_region" {
  defaults = { name = "eu-west-3" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_ssm_parameter" {
  defaults = { insecure_value = "ami-0123456789abcdef0" }
}

mock_resource "aws_lb" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:loadbalancer/app/it/0123456789abcdef"
    arn_suffix = "app/it/0123456789abcdef"
  }
}

mock_resource "aws_lb_target_group" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/it/0123456789abcdef"
    arn_suffix = "targetgroup/it/0123456789abcdef"
  }
}

mock_resource "aws_lb_listener" {
  defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/it/0123456789abcdef/0123456789abcdef" }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:eu-west-3:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
    domain_validation_options = [{
      domain_name           = "shop.example"
      resource_record_name  = "_it.shop.example."
      resource_record_type  = "CNAME"
      resource_record_value = "_it.acm-validations.aws."
    }]
  }
}

mock_resource "aws_acm_certificate_validation" {
  defaults = { certificate_arn = "arn:aws:acm:eu-west-3:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/it" }
}

mock_resource "aws_iam_instance_profile" {
  defaults = { arn = "arn:aws:iam::123456789012:instance-profile/it" }
}

mock_resource "aws_launch_template" {
  defaults = { id = "lt-0123456789abcdef0" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-west-3:123456789012:log-group:it" }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-west-3:123456789012:it" }
}

mock_resource "aws_autoscaling_policy" {
  defaults = { arn = "arn:aws:autoscaling:eu-west-3:123456789012:scalingPolicy:it" }
}

mock_resource "aws_secretsmanager_secret" {
  defaults = { arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:it" }
}

mock_resource "aws_s3_bucket" {
  defaults = { arn = "arn:aws:s3:::it" }
}

mock_resource "aws_ssm_parameter" {
  defaults = { arn = "arn:aws:ssm:eu-west-3:123456789012:parameter/it" }
}

mock_resource "aws_db_instance" {
  defaults = {
    arn                = "arn:aws:rds:eu-west-3:123456789012:db:it"
    address            = "it.rds.example"
    master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds", kms_key_id = "it", secret_status = "active" }]
  }
}

mock_resource "aws_ecs_cluster" {
  defaults = { arn = "arn:aws:ecs:eu-west-3:123456789012:cluster/it", id = "arn:aws:ecs:eu-west-3:123456789012:cluster/it" }
}

mock_resource "aws_ecs_task_definition" {
  defaults = { arn = "arn:aws:ecs:eu-west-3:123456789012:task-definition/it:1" }
}

mock_resource "aws_codestarconnections_connection" {
  defaults = { arn = "arn:aws:codestar-connections:eu-west-3:123456789012:connection/it" }
}

mock_resource "aws_codebuild_project" {
  defaults = { arn = "arn:aws:codebuild:eu-west-3:123456789012:project/it" }
}

mock_resource "aws_imagebuilder_component" {
  defaults = { arn = "arn:aws:imagebuilder:eu-west-3:123456789012:component/it/1.0.0/1" }
}

mock_resource "aws_imagebuilder_image_recipe" {
  defaults = { arn = "arn:aws:imagebuilder:eu-west-3:123456789012:image-recipe/it/1.0.0" }
}

mock_resource "aws_imagebuilder_infrastructure_configuration" {
  defaults = { arn = "arn:aws:imagebuilder:eu-west-3:123456789012:infrastructure-configuration/it" }
}

mock_resource "aws_imagebuilder_distribution_configuration" {
  defaults = { arn = "arn:aws:imagebuilder:eu-west-3:123456789012:distribution-configuration/it" }
}

mock_resource "aws_sesv2_email_identity" {
  defaults = { arn = "arn:aws:ses:eu-west-3:123456789012:identity/shop.example" }
}

mock_resource "aws_sesv2_configuration_set" {
  defaults = { arn = "arn:aws:ses:eu-west-3:123456789012:configuration-set/it" }
}

mock_resource "aws_wafv2_web_acl" {
  defaults = { arn = "arn:aws:wafv2:eu-west-3:123456789012:regional/webacl/it/0123456789abcdef" }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:eu-west-1:123456789012:key/0123456789abcdef" }
}
