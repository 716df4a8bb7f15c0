"""AWS's API on this machine: moto, with the gaps closed that our configuration falls into.

Each shim says what moto does otherwise; test_emulator.py has a test for each that fails as soon as
moto does it by itself. Nothing in the Terraform code knows of this file.

    python emulator.py PORT [--without-shims]
"""

import json
import os
import sys
import threading
import time
from types import SimpleNamespace

# Moto's own switch: policies such as AmazonRDSEnhancedMonitoringRole exist.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

SHIMS = {}


def shim(function):
    SHIMS[function.__name__] = function


@shim
def windows_may_touch():
    """Moto takes a backup that ends when maintenance begins for an overlap."""
    from moto.rds import utils

    seconds_of_overlap = utils.get_overlap_between_two_date_ranges
    utils.get_overlap_between_two_date_ranges = lambda *ends: seconds_of_overlap(*ends) or -1


@shim
def scaling_policies_are_enabled():
    """Moto does not say that a scaling policy is enabled, and shows an empty prediction."""
    from moto.autoscaling.models import FakeScalingPolicy

    make = FakeScalingPolicy.__init__

    def init(self, *args, **kwargs):
        make(self, *args, **kwargs)
        self.enabled = True
        self.predictive_scaling_configuration = self.predictive_scaling_configuration or None

    FakeScalingPolicy.__init__ = init


@shim
def a_launch_template_keeps_its_own_tags():
    """Moto writes the tags of the template itself among those of the instances."""
    from moto.ec2.models.launch_templates import LaunchTemplate

    create_version = LaunchTemplate.create_version

    def create(self, data, description):
        specifications = data.get("TagSpecifications", [])
        kept = [tags for tags in specifications if tags["ResourceType"] != "launch-template"]
        return create_version(self, {**data, "TagSpecifications": kept}, description)

    LaunchTemplate.create_version = create


@shim
def parameters_say_who_set_them():
    """Moto does not tell set parameters of a group from those of the engine."""
    from moto.rds.models import DBParameterGroup

    update = DBParameterGroup.update_parameters

    def by_user(self, parameters):
        update(self, [{**parameter, "Source": "user"} for parameter in parameters])

    DBParameterGroup.update_parameters = by_user


@shim
def bucket_policies_may_name_everybody():
    """Moto answers 500 to access logging when a statement of the policy has the principal "*"."""
    from moto.s3.models import FakeBucket

    allows = FakeBucket._log_permissions_enabled_policy

    def check(target_bucket, target_prefix):
        policy = json.loads(target_bucket.policy or b'{"Statement": []}')
        named = [it for it in policy["Statement"] if isinstance(it.get("Principal"), dict)]
        bucket = SimpleNamespace(
            name=target_bucket.name,
            partition=target_bucket.partition,
            policy=json.dumps({"Statement": named}).encode(),
        )
        return allows(bucket, target_prefix)

    FakeBucket._log_permissions_enabled_policy = staticmethod(check)


@shim
def rules_between_groups_have_descriptions():
    """Moto shows the description of a rule only when its source is a network."""
    from moto.ec2.models.security_groups import SecurityGroupRule

    SecurityGroupRule.description = property(
        lambda rule: (rule.ip_range or {}).get("Description")
        or (rule.source_group or {}).get("Description")
    )


def end_with(parent):
    """A test run that is killed leaves no server behind."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main():
    if "--without-shims" not in sys.argv:
        for close_gap in SHIMS.values():
            close_gap()
    threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()

    from moto.server import main as serve

    serve(["--host", "127.0.0.1", "--port", sys.argv[1]])


if __name__ == "__main__":
    main()
