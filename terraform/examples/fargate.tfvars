# The shop as containers: two to four tasks, and no instance.

name   = "greenleaf-prod"
domain = "shop.example"

ecs = {
  enabled = true
  image   = "123456789012.dkr.ecr.eu-west-3.amazonaws.com/greenleaf:1.0"
}

compute = {
  min_size     = 0
  desired_size = 0
  max_size     = 0
}
