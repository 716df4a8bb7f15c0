"""What stands after an apply, seen by a client that knows nothing of Terraform."""

import base64
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote, urlsplit

from workspace import MAIL_PASSWORD, REGION

WORLD = ("0.0.0.0/0", "::/0")

# Where a profile differs from the architecture, and in nothing else.
EXPECTED = {
    "document": {
        "instance": ("t3.small", 50),
        "database": ("db.t3.small", 100, 200, 60),
        "gateways": 2,
        "nat_instances": 0,
        "log_exports": ["error", "general", "slowquery"],
    },
    "lean": {
        "instance": ("t4g.small", 10),
        "database": ("db.t4g.small", 20, 100, 0),
        "gateways": 0,
        "nat_instances": 2,
        "log_exports": ["error", "slowquery"],
    },
}


def by_name(tags):
    return {tag["Key"]: tag["Value"] for tag in tags}


def vpc(stack):
    filters = [{"Name": "tag:Name", "Values": [stack.name]}]
    (found,) = stack.client("ec2").describe_vpcs(Filters=filters)["Vpcs"]
    return found


def group(stack, part):
    filters = [{"Name": "group-name", "Values": [f"{stack.name}-{part}"]}]
    (found,) = stack.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    return found["GroupId"]


def rules(stack, part, egress=False):
    filters = [{"Name": "group-id", "Values": [group(stack, part)]}]
    found = stack.client("ec2").describe_security_group_rules(Filters=filters)
    return [rule for rule in found["SecurityGroupRules"] if rule["IsEgress"] == egress]


def launch_template(stack):
    groups = stack.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    (asg,) = [found for found in groups if found["AutoScalingGroupName"] == f"{stack.name}-app"]
    versions = stack.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=asg["LaunchTemplate"]["LaunchTemplateId"],
        Versions=[asg["LaunchTemplate"]["Version"]],
    )
    return versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]


def database(stack):
    (found,) = stack.client("rds").describe_db_instances()["DBInstances"]
    return found


def load_balancer(stack):
    (found,) = stack.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return found


def alarm(stack, name):
    found = stack.client("cloudwatch").describe_alarms(AlarmNames=[f"{stack.name}-{name}"])
    return found["MetricAlarms"][0]


def test_a_second_plan_is_empty(stack):
    code, text = stack.second_plan

    assert code == 0, text


def test_the_network_is_the_one_drawn(stack):
    ec2 = stack.client("ec2")
    here = [{"Name": "vpc-id", "Values": [vpc(stack)["VpcId"]]}]
    subnets = ec2.describe_subnets(Filters=here)["Subnets"]
    tables = ec2.describe_route_tables(Filters=here)["RouteTables"]
    ours = [table for table in tables if by_name(table["Tags"]).get("Name")]

    assert vpc(stack)["CidrBlock"] == "10.0.0.0/16"
    assert {(net["CidrBlock"], net["AvailabilityZone"]) for net in subnets} == {
        ("10.0.1.0/24", "eu-west-3a"),
        ("10.0.2.0/24", "eu-west-3b"),
        ("10.0.11.0/24", "eu-west-3a"),
        ("10.0.12.0/24", "eu-west-3b"),
    }
    assert not any(net["MapPublicIpOnLaunch"] for net in subnets)
    assert len(ours) == 3
    attached = [{"Name": "attachment.vpc-id", "Values": [vpc(stack)["VpcId"]]}]
    assert len(ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]) == 1


def test_each_private_subnet_leaves_through_its_own_zone(stack):
    ec2 = stack.client("ec2")
    here = [{"Name": "vpc-id", "Values": [vpc(stack)["VpcId"]]}]
    gateways = ec2.describe_nat_gateways(Filters=here)["NatGateways"]
    instances = [
        instance
        for reservation in ec2.describe_instances(Filters=here)["Reservations"]
        for instance in reservation["Instances"]
        if "-nat-" in by_name(instance.get("Tags", [])).get("Name", "")
    ]
    tables = ec2.describe_route_tables(Filters=here)["RouteTables"]
    ways_out = [
        route.get("NatGatewayId") or route.get("NetworkInterfaceId")
        for table in tables
        if "-private-" in by_name(table["Tags"]).get("Name", "")
        for route in table["Routes"]
        if route.get("DestinationCidrBlock") == "0.0.0.0/0"
    ]

    assert len(gateways) == EXPECTED[stack.profile]["gateways"]
    assert len(instances) == EXPECTED[stack.profile]["nat_instances"]
    assert len(set(ways_out)) == 2
    assert all(not instance["SourceDestCheck"] for instance in instances)


def test_only_the_web_ports_are_open_to_the_world(stack):
    found = stack.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
    ours = {
        group["GroupId"]
        for group in stack.client("ec2").describe_security_groups()["SecurityGroups"]
        if group["VpcId"] == vpc(stack)["VpcId"]
    }
    open_to_world = {
        (rule["GroupId"], rule["FromPort"], rule["ToPort"])
        for rule in found
        if rule["GroupId"] in ours
        and not rule["IsEgress"]
        and (rule.get("CidrIpv4") in WORLD or rule.get("CidrIpv6") in WORLD)
    }

    assert open_to_world == {(group(stack, "alb"), 80, 80), (group(stack, "alb"), 443, 443)}


def test_instances_hear_the_load_balancer_alone(stack):
    heard = {
        (rule["ReferencedGroupInfo"]["GroupId"], rule["FromPort"], rule["ToPort"])
        for rule in rules(stack, "app")
    }

    assert heard == {(group(stack, "alb"), 80, 80), (group(stack, "alb"), 443, 443)}


def test_the_database_hears_the_instances_alone(stack):
    heard = [
        (rule["ReferencedGroupInfo"]["GroupId"], rule["FromPort"], rule["ToPort"])
        for rule in rules(stack, "database")
    ]

    assert heard == [(group(stack, "app"), 3306, 3306)]
    assert rules(stack, "database", egress=True) == []
    groups = [member["VpcSecurityGroupId"] for member in database(stack)["VpcSecurityGroups"]]
    assert groups == [group(stack, "database")]
    assert database(stack)["PubliclyAccessible"] is False


def test_http_is_sent_to_https(stack):
    elb = stack.client("elbv2")
    balancer = load_balancer(stack)
    listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    http, https = sorted(listeners, key=lambda listener: listener["Port"])

    assert balancer["Type"] == "application"
    assert len(balancer["AvailabilityZones"]) == 2
    (redirect,) = http["DefaultActions"]
    assert http["Port"] == 80
    assert redirect["RedirectConfig"]["Protocol"] == "HTTPS"
    assert redirect["RedirectConfig"]["StatusCode"] == "HTTP_301"
    assert (https["Port"], https["Protocol"]) == (443, "HTTPS")
    assert https["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    (certificate,) = https["Certificates"]
    detail = stack.client("acm").describe_certificate(CertificateArn=certificate["CertificateArn"])
    assert detail["Certificate"]["DomainName"] == "shop.example"
    assert detail["Certificate"]["Status"] == "ISSUED"


def test_the_target_group_checks_and_sticks(stack):
    elb = stack.client("elbv2")
    (target,) = elb.describe_target_groups()["TargetGroups"]
    found = elb.describe_target_group_attributes(TargetGroupArn=target["TargetGroupArn"])
    attributes = {it["Key"]: it["Value"] for it in found["Attributes"]}

    assert (target["Protocol"], target["Port"]) == ("HTTP", 80)
    assert target["HealthCheckPath"] == "/health.php"
    assert target["HealthCheckTimeoutSeconds"] == 5
    assert target["HealthCheckIntervalSeconds"] == 30
    assert (target["HealthyThresholdCount"], target["UnhealthyThresholdCount"]) == (2, 3)
    assert attributes["stickiness.type"] == "lb_cookie"
    assert attributes["stickiness.enabled"] == "true"
    assert attributes["stickiness.lb_cookie.duration_seconds"] == "86400"
    # The executable's default of drain_seconds is 25.
    assert attributes["deregistration_delay.timeout_seconds"] == "30"


def test_load_moves_the_group_by_one(stack):
    autoscaling = stack.client("autoscaling")

    def size():
        groups = autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        (asg,) = [found for found in groups if found["AutoScalingGroupName"] == f"{stack.name}-app"]
        return asg["MinSize"], asg["DesiredCapacity"], asg["MaxSize"]

    high, low = alarm(stack, "app-cpu-high"), alarm(stack, "app-cpu-low")
    policies = autoscaling.describe_policies()["ScalingPolicies"]
    by_arn = {policy["PolicyARN"]: policy for policy in policies}
    up, down = by_arn[high["AlarmActions"][0]], by_arn[low["AlarmActions"][0]]

    # Before anything is moved, since moto keeps a stopped instance among the targets.
    (target,) = stack.client("elbv2").describe_target_groups()["TargetGroups"]
    health = stack.client("elbv2").describe_target_health(TargetGroupArn=target["TargetGroupArn"])
    states = [it["TargetHealth"]["State"] for it in health["TargetHealthDescriptions"]]
    assert states == ["healthy", "healthy"]
    assert size() == (2, 2, 4)
    assert (high["Threshold"], high["Period"], high["EvaluationPeriods"]) == (70, 120, 2)
    assert (low["Threshold"], low["Period"], low["EvaluationPeriods"]) == (30, 120, 2)
    assert high["ComparisonOperator"] == "GreaterThanThreshold"
    assert low["ComparisonOperator"] == "LessThanThreshold"
    assert {policy["PolicyType"] for policy in policies} == {"SimpleScaling"}
    assert (up["Cooldown"], down["Cooldown"]) == (300, 300)
    autoscaling.execute_policy(PolicyName=up["PolicyName"])
    assert size() == (2, 3, 4)
    autoscaling.execute_policy(PolicyName=down["PolicyName"])
    assert size() == (2, 2, 4)


def test_an_instance_is_encrypted_and_guards_its_keys(stack):
    template = launch_template(stack)
    instance_type, volume = EXPECTED[stack.profile]["instance"]
    (disk,) = template["BlockDeviceMappings"]

    assert template["InstanceType"] == instance_type
    assert template["MetadataOptions"]["HttpTokens"] == "required"
    assert template["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert template["Monitoring"]["Enabled"] is True
    assert disk["Ebs"]["VolumeType"] == "gp3"
    assert disk["Ebs"]["VolumeSize"] == volume
    assert disk["Ebs"]["Encrypted"] is True
    assert "KeyName" not in template


# Stands in for the AWS CLI that an instance has: the two calls of the user data, the same words.
AWS = """#!{python}
import os, sys
import boto3
service, call, *rest = sys.argv[1:]
options = dict(zip(rest[::2], rest[1::2]))
client = boto3.client(service, endpoint_url={url!r}, aws_access_key_id="t", aws_secret_access_key="t")
if (service, call, options["--query"]) == ("ssm", "get-parameter", "Parameter.Value"):
    print(client.get_parameter(Name=options["--name"])["Parameter"]["Value"])
elif (service, call, options["--query"]) == ("secretsmanager", "get-secret-value", "SecretString"):
    print(client.get_secret_value(SecretId=options["--secret-id"])["SecretString"])
else:
    sys.exit("unknown call")
"""


def boot(stack, folder):
    """Runs the user data of an instance in a folder, and gives what it configured and started."""
    script = base64.b64decode(launch_template(stack)["UserData"]).decode()
    programs = folder / "bin"
    etc = folder / "etc"
    for place in (programs, etc):
        place.mkdir(exist_ok=True)
    (programs / "aws").write_text(AWS.format(python=sys.executable, url=stack.emulator.url))
    (programs / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {folder}/started\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    subprocess.run(
        ["bash", "-c", script.replace("/etc/greenleaf/greenleaf.env", str(etc / "greenleaf.env"))],
        env={"PATH": f"{programs}:{os.environ['PATH']}"},
        check=True,
    )
    return script, etc / "greenleaf.env"


def test_an_instance_configures_itself_in_twenty_lines(stack, tmp_path):
    script, file = boot(stack, tmp_path)
    variables = dict(line.split("=", 1) for line in file.read_text().splitlines())
    secret = json.loads(
        stack.client("secretsmanager").get_secret_value(
            SecretId=database(stack)["MasterUserSecret"]["SecretArn"]
        )["SecretString"]
    )
    address = urlsplit(variables.pop("GREENLEAF_DATABASE_URL"))
    key = variables.pop("GREENLEAF_SECRET_KEY")

    assert len(script.strip().splitlines()) <= 20
    assert variables.pop("GREENLEAF_MEDIA_URL").startswith(f"s3://{stack.name}-media-")
    assert variables.pop("GREENLEAF_SMTP_URL") == f"smtps://shop:{MAIL_PASSWORD}@mail.example"
    assert variables == {
        "AWS_REGION": REGION,
        "GREENLEAF_BASE_URL": "https://shop.example",
        "GREENLEAF_CLOUDWATCH_NAMESPACE": "GreenLeaf",
        "GREENLEAF_DRAIN_SECONDS": "25",
        "GREENLEAF_LISTEN": "127.0.0.1:8080",
        "GREENLEAF_LOG_FORMAT": "json",
        "GREENLEAF_TRUSTED_PROXIES": "127.0.0.1/32,10.0.1.0/24,10.0.2.0/24",
    }
    assert len(key) == 64
    assert (address.scheme, address.path) == ("mysql", "/greenleaf")
    assert address.hostname == database(stack)["Endpoint"]["Address"]
    assert "ssl-mode=VERIFY_IDENTITY" in address.query
    assert address.username == secret["username"]
    assert unquote(address.password) == secret["password"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "started").read_text().splitlines() == [
        "enable greenleaf nginx",
        "restart greenleaf nginx",
    ]


def test_the_same_configuration_restarts_nothing(stack, tmp_path):
    boot(stack, tmp_path)
    (tmp_path / "started").unlink()

    boot(stack, tmp_path)

    assert not (tmp_path / "started").exists()


def test_the_executable_knows_each_variable(stack, tmp_path):
    _, file = boot(stack, tmp_path)
    documented = (Path(__file__).parents[2] / "docs/configuration.md").read_text()

    for line in file.read_text().splitlines():
        name = line.split("=", 1)[0]
        assert name == "AWS_REGION" or f"`{name}`" in documented


def test_the_database_has_a_standby_and_backups(stack):
    found = database(stack)
    instance_class, gigabytes, most, monitoring = EXPECTED[stack.profile]["database"]

    assert found["DBInstanceIdentifier"] == f"{stack.name}-db"
    assert found["Engine"] == "mysql"
    assert found["EngineVersion"].startswith("8.4")
    assert found["DBInstanceClass"] == instance_class
    assert (found["AllocatedStorage"], found["MaxAllocatedStorage"]) == (gigabytes, most)
    assert found["StorageType"] == "gp3"
    assert found["StorageEncrypted"] is True
    assert found["MultiAZ"] is True
    assert found["BackupRetentionPeriod"] == 7
    assert found["PreferredBackupWindow"] == "03:00-04:00"
    assert found["PreferredMaintenanceWindow"] == "mon:04:00-mon:05:00"
    assert found.get("MonitoringInterval", 0) == monitoring
    assert sorted(found["EnabledCloudwatchLogsExports"]) == EXPECTED[stack.profile]["log_exports"]


def test_the_database_is_set_as_drawn_and_speaks_tls(stack):
    (group,) = database(stack)["DBParameterGroups"]
    found = stack.client("rds").describe_db_parameters(
        DBParameterGroupName=group["DBParameterGroupName"]
    )
    values = {it["ParameterName"]: it["ParameterValue"] for it in found["Parameters"]}

    assert values == {
        "max_connections": "500",
        "max_prepared_stmt_count": "50000",
        "innodb_buffer_pool_size": "{DBInstanceClassMemory*75/100}",
        "slow_query_log": "1",
        "long_query_time": "2",
        "general_log": "0",
        "require_secure_transport": "1",
        "log_output": "FILE",
    }


def bucket(stack, part):
    names = [it["Name"] for it in stack.client("s3").list_buckets()["Buckets"]]
    (name,) = [name for name in names if name.startswith(f"{stack.name}-{part}-")]
    return name


def test_pictures_keep_their_old_versions_for_half_a_year(stack):
    s3, name = stack.client("s3"), bucket(stack, "media")
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    (cors,) = s3.get_bucket_cors(Bucket=name)["CORSRules"]

    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert rule["NoncurrentVersionTransitions"] == [
        {"NoncurrentDays": 30, "StorageClass": "STANDARD_IA"},
        {"NoncurrentDays": 90, "StorageClass": "GLACIER"},
    ]
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == 180
    assert cors["AllowedOrigins"] == ["https://shop.example"]
    assert sorted(cors["AllowedMethods"]) == ["GET", "HEAD"]
    assert cors["AllowedHeaders"] == ["*"]


def test_no_bucket_is_public_or_read_without_tls(stack):
    s3 = stack.client("s3")
    for name in (bucket(stack, "media"), bucket(stack, "logs")):
        block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        policy = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])
        encryption = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]

        assert set(block.values()) == {True}
        (denied,) = [it for it in policy["Statement"] if it["Effect"] == "Deny"]
        assert denied["Principal"] == "*"
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert sorted(denied["Resource"]) == [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
        rule = encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]
        assert rule["SSEAlgorithm"] == "AES256"


def as_list(value):
    return value if isinstance(value, list) else [value]


def test_no_role_may_do_everything_anywhere(stack):
    iam = stack.client("iam")
    roles = [role["RoleName"] for role in iam.list_roles()["Roles"]]
    seen = 0
    for role in roles:
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for statement in policy["Statement"]:
                seen += 1
                actions = as_list(statement["Action"])
                assert not any("*" in action for action in actions), (role, statement)
                if "*" in as_list(statement["Resource"]) and "Condition" not in statement:
                    # Actions that take no resource.
                    assert statement["Sid"] == "SessionManager", (role, statement)
    assert seen >= 6


def test_the_shop_reaches_its_own_data_alone(stack):
    policy = stack.client("iam").get_role_policy(RoleName=f"{stack.name}-app", PolicyName="app")
    statements = {it["Sid"]: it for it in policy["PolicyDocument"]["Statement"]}

    assert statements["Media"]["Resource"] == f"arn:aws:s3:::{bucket(stack, 'media')}/*"
    assert len(as_list(statements["Secrets"]["Resource"])) == 2
    assert statements["Secrets"]["Action"] == "secretsmanager:GetSecretValue"
    assert statements["Parameters"]["Resource"].endswith(f":parameter/{stack.name}/environment")


def test_no_secret_is_in_plan_state_or_outputs(stack):
    secrets = stack.client("secretsmanager")
    (app,) = [it for it in secrets.list_secrets()["SecretList"] if it["Name"].endswith("/app")]
    kept = json.loads(secrets.get_secret_value(SecretId=app["ARN"])["SecretString"])
    managed = secrets.get_secret_value(SecretId=database(stack)["MasterUserSecret"]["SecretArn"])
    hidden = {
        "key of the shop": kept["GREENLEAF_SECRET_KEY"],
        "mail server": MAIL_PASSWORD,
        "password of the database": json.loads(managed["SecretString"])["password"],
    }
    told = {
        "plan": stack.plan_text,
        "state": stack.state_text,
        "outputs": json.dumps(stack.outputs),
        "log of the second plan": stack.second_plan[1],
    }

    assert kept["GREENLEAF_SMTP_URL"].endswith("@mail.example")
    for secret, value in hidden.items():
        for place, text in told.items():
            assert value not in text and json.dumps(value)[1:-1] not in text, (secret, place)


def test_rds_keeps_the_password_of_the_database(stack):
    arn = database(stack)["MasterUserSecret"]["SecretArn"]

    secret = stack.client("secretsmanager").describe_secret(SecretId=arn)

    assert secret["OwningService"] == "rds"


def test_alarms_are_mailed_save_those_that_scale(stack):
    found = stack.client("cloudwatch").describe_alarms()["MetricAlarms"]
    mailed = {it["AlarmName"].removeprefix(f"{stack.name}-") for it in found if ":sns:" in it["AlarmActions"][0]}
    subscriptions = stack.client("sns").list_subscriptions()["Subscriptions"]

    assert {it["Endpoint"] for it in subscriptions} == {"ops@shop.example"}
    assert alarm(stack, "database-cpu")["Threshold"] == 80
    assert alarm(stack, "database-connections")["Threshold"] == 400
    assert mailed == {
        "balancer-errors",
        "certificate-end",
        "database-connections",
        "database-cpu",
        "database-memory",
        "database-storage",
        "latency",
        "queue-age",
        "server-errors",
        "unhealthy-hosts",
    }


def test_logs_are_kept_for_a_week(stack):
    groups = stack.client("logs").describe_log_groups()["logGroups"]
    kept = {it["logGroupName"]: it["retentionInDays"] for it in groups}
    exports = EXPECTED[stack.profile]["log_exports"]

    assert kept == {f"/{stack.name}/app": 7, f"/{stack.name}/flow": 7} | {
        f"/aws/rds/instance/{stack.name}-db/{log}": 7 for log in exports
    }


def test_the_metric_that_an_alarm_names_exists():
    sources = Path(__file__).parents[2] / "crates/greenleaf/src"
    named = '"jobs_oldest_seconds"'

    assert named in (Path(__file__).parents[1] / "modules/monitoring/main.tf").read_text()
    assert any(named in file.read_text() for file in sources.rglob("*.rs"))


def test_the_host_name_leads_to_the_load_balancer(stack):
    dns = stack.client("route53")
    (zone,) = dns.list_hosted_zones()["HostedZones"]
    records = dns.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    (shop,) = [it for it in records if it["Type"] == "A"]

    assert shop["Name"] == "shop.example."
    assert shop["AliasTarget"]["DNSName"].rstrip(".") == load_balancer(stack)["DNSName"]


def test_nothing_is_left_after_destroy(stacks):
    made = [future.result() for future in stacks.values()]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda stack: stack.tear_down(), made))

    for stack in made:
        assert json.loads((stack.workspace.folder / "terraform.tfstate").read_text())["resources"] == []
        assert stack.client("rds").describe_db_instances()["DBInstances"] == []
        assert stack.client("elbv2").describe_load_balancers()["LoadBalancers"] == []
        assert stack.client("s3").list_buckets()["Buckets"] == []
        assert stack.client("secretsmanager").list_secrets()["SecretList"] == []
