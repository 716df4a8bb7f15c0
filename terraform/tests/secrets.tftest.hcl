# Ephemeral resources cannot be mocked, so this file alone runs against the emulator.

run "the_key_is_in_no_output" {
  command = apply

  module {
    source = "./modules/secrets"
  }
  variables {
    name          = "it-test"
    recovery_days = 0
    smtp_url      = "smtps://shop:secret@mail.example"
  }

  assert {
    condition     = aws_secretsmanager_secret_version.app.secret_string_wo_version == 1 && aws_secretsmanager_secret_version.app.secret_string == ""
    error_message = "The secret is written, and not kept."
  }
}

run "secrets_refuse" {
  command = plan

  module {
    source = "./modules/secrets"
  }
  variables {
    name            = "it-test"
    smtp_url        = "http://mail.example"
    content_version = 0
    recovery_days   = 3
  }

  expect_failures = [var.smtp_url, var.content_version, var.recovery_days]
}
