# The architecture as it was written down, with its own recommendations: HTTPS, SSH closed, secrets
# in Secrets Manager. All its figures are the defaults of the modules, so little is left to say.

name   = "greenleaf-prod"
region = "eu-west-3"

network = {
  nat_mode = "one_per_az"
}

compute = {
  instance_type = "t3.small"
  min_size      = 2
  desired_size  = 2
  max_size      = 4
}

database = {
  instance_class = "db.t3.small"
  storage_gb     = 100
  max_storage_gb = 200
  multi_az       = true
}

monthly_budget = 273
