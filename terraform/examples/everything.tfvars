# All that can be switched on, except ECS, beside the instances of the architecture. Not a
# recommendation: docs/architecture-aws.md says what each part is for.

name   = "greenleaf-prod"
domain = "shop.example"

alarm_email    = "ops@shop.example"
monthly_budget = 400

# openssl rand -hex 32; given as TF_VAR_origin_secret rather than in a file.
# origin_secret = "…"

cdn    = { enabled = true }
waf    = { enabled = true }
cache  = { enabled = true }
backup = { enabled = true, locked_days = 14 }
mail   = { enabled = true }

monitoring = { connection_anomaly = true }
compute    = { warm_pool_size = 1 }

pipeline = {
  enabled         = true
  repository      = "greenleaf/greenleaf"
  deploy_role_arn = "arn:aws:iam::123456789012:role/deploy"
}

image = {
  enabled          = true
  artifacts_bucket = "greenleaf-prod-build"
}

dr_region = {
  enabled = true
  region  = "eu-west-1"
}
