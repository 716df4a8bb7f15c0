# What the tests add to a profile: names, that everything may be destroyed again, and no budget, since
# moto does not know DescribeSubscribersForNotification.

domain              = "shop.example"
alarm_email         = "ops@shop.example"
deletion_protection = false
monthly_budget      = 0
secrets             = { recovery_days = 0 }
