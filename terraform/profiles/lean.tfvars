# What the shop needs when one small Graviton instance carries more than the architecture's four:
# still two zones, still a standby of the database.

name   = "greenleaf-lean"
region = "eu-west-3"

network = {
  nat_mode = "instance"
}

compute = {
  instance_type = "t4g.small"
  volume_gb     = 10
  min_size      = 2
  desired_size  = 2
  max_size      = 4
}

database = {
  instance_class     = "db.t4g.small"
  storage_gb         = 20
  max_storage_gb     = 100
  log_exports        = ["error", "slowquery"]
  monitoring_seconds = 0
}

monthly_budget = 150
