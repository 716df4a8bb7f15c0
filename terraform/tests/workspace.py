"""Terraform in folders of their own, with mocked providers or against the emulator."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import boto3

ROOT = Path(__file__).resolve().parents[1]
REGION = "eu-west-3"
PROVIDER = "registry.terraform.io/hashicorp/aws"

# What must never be read in a plan, a state or an output.
MAIL_PASSWORD = "plain-mail-password"
SMTP_URL = f"smtps://shop:{MAIL_PASSWORD}@mail.example"

EMULATOR_OVERRIDE = """
terraform {
  backend "local" {}
}

provider "aws" {
  max_retries       = 4
  s3_use_path_style = true
}

provider "aws" {
  alias       = "us_east_1"
  max_retries = 4
}

provider "aws" {
  alias             = "dr"
  max_retries       = 4
  s3_use_path_style = true
}
"""


def plugin_mirror():
    """A folder that holds the provider on this machine; without one the registry serves."""
    if named := os.environ.get("TF_PLUGIN_MIRROR"):
        return Path(named)
    homes = [Path.home() / ".terraform.d/plugins", Path.home() / ".local/share/terraform/plugins"]
    shares = [Path("/usr/local/share/terraform/plugins"), Path("/usr/share/terraform/plugins")]
    candidates = [*homes, *shares, *sorted(Path("/opt").glob("*"))]
    return next((folder for folder in candidates if (folder / PROVIDER).is_dir()), None)


def write_cli_config(folder):
    """Terraform reads this instead of what the machine's user has configured."""
    if mirror := plugin_mirror():
        text = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
    else:
        cache = folder / "plugins"
        cache.mkdir()
        text = f'plugin_cache_dir = "{cache}"\n'
    file = folder / "cli.tfrc"
    file.write_text(text)
    return file


MOCKED_OVERRIDE = """
module "secrets" {
  source = "./tests/stubs/secrets"
}
"""


class Workspace:
    """A copy of terraform/ in which Terraform may write."""

    def __init__(self, folder, cli_config):
        self.folder = folder
        ignored = shutil.ignore_patterns(".terraform", "*.tfstate*", "__pycache__")
        shutil.copytree(ROOT, folder, ignore=ignored)
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))
        } | {"TF_CLI_CONFIG_FILE": str(cli_config), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}

    def terraform(self, *arguments, accept=(0,)):
        """Runs to the end and gives what was printed; fails with all of it."""
        # What is not in the lock file is refused rather than written there.
        locked = ["-lockfile=readonly"] if "init" in arguments else []
        command = ["terraform", *arguments, *locked]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if done.returncode not in accept:
            raise AssertionError(f"{' '.join(command)}\n{done.stdout}")
        return done.returncode, done.stdout


class Emulator:
    """AWS's API in a process of its own, which ends with this one."""

    def __init__(self, log, *options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, str(ROOT / "tests/emulator.py"), str(self.port), *options]
        with open(log, "w") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out)
        self.url = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"the emulator did not start:\n{Path(log).read_text()}")

    def client(self, service, region=REGION):
        return boto3.client(
            service, region_name=region, endpoint_url=self.url,
            aws_access_key_id="test", aws_secret_access_key="test",
        )  # fmt: skip

    def stop(self):
        # It holds nothing that is worth an orderly end.
        self.process.kill()
        self.process.wait()


class Stack:
    """One profile, planned, applied and planned again against an emulator of its own."""

    def __init__(self, profile, folder, cli_config):
        folder.mkdir()
        self.profile = profile
        self.name = {"document": "greenleaf-prod", "lean": "greenleaf-lean"}[profile]
        self.seconds = {}
        self.failure = None
        self.emulator = Emulator(folder / "emulator.log")
        self.workspace = Workspace(folder / "terraform", cli_config)
        (self.workspace.folder / "emulator_override.tf").write_text(EMULATOR_OVERRIDE)
        self.workspace.environment |= {
            "AWS_ENDPOINT_URL": self.emulator.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "TF_VAR_smtp_url": SMTP_URL,
        }
        self.variables = [
            f"-var-file=profiles/{profile}.tfvars",
            "-var-file=tests/emulated.tfvars",
        ]
        self.client = self.emulator.client

    def stand_up(self):
        try:
            return self._stand_up()
        except BaseException as failure:
            self.failure = str(failure)
            raise

    def _stand_up(self):
        # The image that a deployment starts from was built before.
        image = self.client("ec2").describe_images()["Images"][0]["ImageId"]
        self.client("ssm").put_parameter(Name=f"/{self.name}/image", Value=image, Type="String")

        self._timed("init", "init", "-input=false")
        self._timed("plan", "plan", "-input=false", "-out=plan", *self.variables)
        self.plan_text = self.workspace.terraform("show", "-json", "plan")[1]
        self.plan = json.loads(self.plan_text)
        self._timed("apply", "apply", "-input=false", "-parallelism=20", "plan")
        self.state_text = (self.workspace.folder / "terraform.tfstate").read_text()
        self.outputs = json.loads(self.workspace.terraform("output", "-json")[1])
        self.second_plan = self._timed(
            "second plan", "plan", "-input=false", "-detailed-exitcode", *self.variables, accept=(0, 2)
        )
        return self

    def tear_down(self):
        self._timed(
            "destroy", "destroy", "-input=false", "-auto-approve", "-parallelism=20", *self.variables
        )

    def _timed(self, step, *arguments, accept=(0,)):
        begin = time.monotonic()
        result = self.workspace.terraform(*arguments, accept=accept)
        self.seconds[step] = round(time.monotonic() - begin, 1)
        return result
