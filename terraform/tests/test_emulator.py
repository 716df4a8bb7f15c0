"""Each shim is still needed: without it, moto does what the shim says it does.

A failure here is good news: moto has closed the gap, and the shim goes.
"""

import json

import pytest
from botocore.exceptions import ClientError

import emulator
from workspace import Emulator


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    """Moto as it comes."""
    server = Emulator(tmp_path_factory.mktemp("moto") / "log", "--without-shims")
    yield server
    server.stop()


def test_each_shim_has_a_test():
    tested = {
        name.removeprefix("test_").removesuffix("_is_still_needed")
        for name in globals()
        if name.endswith("_is_still_needed")
    }

    assert tested == set(emulator.SHIMS)


def test_windows_may_touch_is_still_needed(moto):
    with pytest.raises(ClientError, match="must not overlap"):
        moto.client("rds").create_db_instance(
            DBInstanceIdentifier="it", Engine="mysql", DBInstanceClass="db.t3.small",
            AllocatedStorage=20, MasterUsername="it", MasterUserPassword="password",
            PreferredBackupWindow="03:00-04:00", PreferredMaintenanceWindow="mon:04:00-mon:05:00",
        )  # fmt: skip


def test_scaling_policies_are_enabled_is_still_needed(moto):
    autoscaling = moto.client("autoscaling")
    image = moto.client("ec2").describe_images()["Images"][0]["ImageId"]
    autoscaling.create_launch_configuration(
        LaunchConfigurationName="it", ImageId=image, InstanceType="t3.small"
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="it", LaunchConfigurationName="it", MinSize=0, MaxSize=1,
        AvailabilityZones=["eu-west-3a"],
    )  # fmt: skip
    autoscaling.put_scaling_policy(
        AutoScalingGroupName="it", PolicyName="it", PolicyType="SimpleScaling",
        AdjustmentType="ChangeInCapacity", ScalingAdjustment=1,
    )  # fmt: skip

    (policy,) = autoscaling.describe_policies()["ScalingPolicies"]

    assert "Enabled" not in policy or "PredictiveScalingConfiguration" in policy


def test_a_launch_template_keeps_its_own_tags_is_still_needed(moto):
    ec2 = moto.client("ec2")
    template = ec2.create_launch_template(
        LaunchTemplateName="its",
        LaunchTemplateData={"InstanceType": "t3.small"},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "b"}]}],
    )["LaunchTemplate"]

    versions = ec2.describe_launch_template_versions(LaunchTemplateId=template["LaunchTemplateId"])

    data = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    assert data["TagSpecifications"][0]["ResourceType"] == "launch-template"


def test_parameters_say_who_set_them_is_still_needed(moto):
    rds = moto.client("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="it", DBParameterGroupFamily="mysql8.0", Description="it"
    )
    parameter = {"ParameterName": "max_connections", "ParameterValue": "500", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="it", Parameters=[parameter])

    (found,) = rds.describe_db_parameters(DBParameterGroupName="it")["Parameters"]

    assert "Source" not in found


def test_bucket_policies_may_name_everybody_is_still_needed(moto):
    s3 = moto.client("s3")
    for name in ("some-media", "some-logs"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    denial = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::some-logs/*"}
    policy = {"Version": "2012-10-17", "Statement": [denial]}
    s3.put_bucket_policy(Bucket="some-logs", Policy=json.dumps(policy))
    logging = {"LoggingEnabled": {"TargetBucket": "some-logs", "TargetPrefix": "s3/"}}

    with pytest.raises(ClientError) as refused:
        s3.put_bucket_logging(Bucket="some-media", BucketLoggingStatus=logging)

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_rules_between_groups_have_descriptions_is_still_needed(moto):
    ec2 = moto.client("ec2")
    group = ec2.create_security_group(GroupName="it", Description="it")["GroupId"]
    pair = {"GroupId": group, "Description": "from its own"}
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [pair]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])

    filters = [{"Name": "group-id", "Values": [group]}]
    found = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]

    (rule,) = [it for it in found if not it["IsEgress"]]
    assert "Description" not in rule
