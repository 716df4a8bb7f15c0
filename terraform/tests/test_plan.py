"""What is planned with all switches on: real policies and real wiring, though nothing is applied."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

import drawn
import priced
from workspace import EMULATOR_OVERRIDE, Emulator, Workspace

SHOP = ["-var=domain=shop.example", "-var=alarm_email=ops@shop.example"]
REPOSITORY = Path(__file__).resolve().parents[2]
# Where both ways of running the shop find the authorities that sign what RDS shows.
CERTIFICATES = "/etc/greenleaf/rds-ca.pem"
ORIGIN_SECRET = "0123456789abcdef0123456789abcdef"


class Plan:
    """The resources of a plan by address."""

    def __init__(self, workspace, *variables):
        workspace.terraform("plan", "-input=false", "-out=plan", *variables)
        _, text = workspace.terraform("show", "-json", "plan")
        plan = json.loads(text)
        self.priced = priced.text(plan)
        changes = plan["resource_changes"]
        self.resources = {it["address"]: it["change"]["after"] for it in changes if it["mode"] == "managed"}
        # Documents that name what does not stand yet are read during the apply, the others before.
        self.documents = {
            it["address"]: it["change"]["after"] for it in changes if it["type"] == "aws_iam_policy_document"
        }
        modules = [plan["prior_state"]["values"]["root_module"]]
        while modules:
            module = modules.pop()
            modules += module.get("child_modules", [])
            for it in module.get("resources", []):
                if it["type"] == "aws_iam_policy_document":
                    self.documents[it["address"]] = it["values"]

    def of(self, kind):
        return {address: it for address, it in self.resources.items() if f"{kind}." in address}

    def one(self, kind):
        (found,) = self.of(kind).values()
        return found


@pytest.fixture(scope="module")
def emulated(tmp_path_factory, cli_config):
    folder = tmp_path_factory.mktemp("plans")
    emulator = Emulator(folder / "emulator.log")
    image = emulator.client("ec2").describe_images()["Images"][0]["ImageId"]
    for name in ["greenleaf-prod", "greenleaf-lean"]:
        emulator.client("ssm").put_parameter(Name=f"/{name}/image", Value=image, Type="String")
    workspace = Workspace(folder / "terraform", cli_config)
    (workspace.folder / "emulator_override.tf").write_text(EMULATOR_OVERRIDE)
    workspace.environment |= {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "TF_VAR_origin_secret": ORIGIN_SECRET,
    }
    workspace.terraform("init", "-input=false")
    yield workspace
    emulator.stop()


@pytest.fixture(scope="module")
def document(emulated):
    return Plan(emulated, "-var-file=profiles/document.tfvars", *SHOP)


@pytest.fixture(scope="module")
def lean(emulated):
    return Plan(emulated, "-var-file=profiles/lean.tfvars", *SHOP)


@pytest.fixture(scope="module")
def everything(emulated):
    return Plan(emulated, "-var-file=examples/everything.tfvars")


@pytest.fixture(scope="module")
def fargate(emulated):
    return Plan(emulated, "-var-file=examples/fargate.tfvars", SHOP[1])


@pytest.mark.parametrize("name", ["document", "lean", "everything", "fargate"])
def test_what_is_priced_is_what_is_planned(name, request):
    """`greenleaf cost` prices these files, and a type that it does not know fails the Rust tests."""
    file = priced.PLANS / f"{name}.json"
    planned = request.getfixturevalue(name).priced
    if os.environ.get("GREENLEAF_WRITE_PLANS"):
        file.write_text(planned)
        drawn.write()

    assert file.read_text() == planned, "run `cargo xtask plans`, then look at the cost"


def test_pictures_come_from_the_bucket_and_pages_from_the_shop(everything):
    distribution = everything.one("aws_cloudfront_distribution")
    origins = {it["origin_id"]: it for it in distribution["origin"]}
    (default,) = distribution["default_cache_behavior"]
    paths = {it["path_pattern"]: it["target_origin_id"] for it in distribution["ordered_cache_behavior"]}

    assert distribution["aliases"] == ["shop.example"]
    assert default["target_origin_id"] == "shop"
    assert paths == {"/media/*": "pictures", "/assets/*": "shop"}
    assert origins["shop"]["domain_name"] == "origin.shop.example"
    assert origins["shop"]["custom_origin_config"][0]["origin_protocol_policy"] == "https-only"
    assert origins["shop"]["custom_header"] == [{"name": "X-Origin-Secret", "value": ORIGIN_SECRET}]


def test_the_load_balancer_refuses_whoever_goes_around_cloudfront(everything):
    listeners = everything.of("aws_lb_listener")
    https = next(it for it in listeners.values() if it.get("port") == 443)
    rule = everything.one("aws_lb_listener_rule")
    rules = everything.of("module.security.aws_vpc_security_group_ingress_rule")
    doors = [it for address, it in rules.items() if ".alb[" in address]

    assert https["default_action"][0]["fixed_response"][0]["status_code"] == "403"
    assert rule["action"][0]["type"] == "forward"
    assert rule["condition"][0]["http_header"][0]["values"] == [ORIGIN_SECRET]
    assert len(doors) == 1
    assert all(it["cidr_ipv4"] is None and it["from_port"] == 443 for it in doors)


def test_a_warm_pool_waits(everything):
    group = everything.one("aws_autoscaling_group")

    assert group["warm_pool"][0]["pool_state"] == "Stopped"
    assert group["warm_pool"][0]["min_size"] == 1
    refresh = group["instance_refresh"][0]["preferences"][0]
    assert refresh["auto_rollback"] is True
    assert refresh["min_healthy_percentage"] == 100


def test_copies_lie_in_the_second_region(everything):
    backups = everything.one("aws_db_instance_automated_backups_replication")
    replication = everything.one("aws_s3_bucket_replication_configuration")

    assert backups["retention_period"] == 7
    assert replication["rule"][0]["status"] == "Enabled"
    assert everything.one("aws_kms_key")["enable_key_rotation"] is True


def test_the_firewall_counts_shoppers_and_not_cloudfront(everything):
    rules = everything.one("aws_wafv2_web_acl")["rule"]
    rates = [it["statement"][0]["rate_based_statement"] for it in rules if it["name"].startswith("rate")]

    assert len(rates) == 4
    assert all(rate[0]["aggregate_key_type"] == "FORWARDED_IP" for rate in rates)


# What takes no resource: channels of Session Manager and the token of a registry.
WITHOUT_RESOURCE = {"SessionManager", "RegistryToken"}


@pytest.mark.parametrize("name", ["everything", "fargate"])
def test_no_policy_allows_everything_anywhere(name, request):
    documents = request.getfixturevalue(name).documents
    allowed = [
        (address, statement)
        for address, document in documents.items()
        for statement in document["statement"] or []
        if statement["effect"] != "Deny" and not address.endswith("dr_region[0].data.aws_iam_policy_document.key")
    ]

    assert len(allowed) > {"everything": 30, "fargate": 15}[name]
    for address, statement in allowed:
        assert not any("*" in action for action in statement["actions"]), (address, statement)
        if "*" in (statement.get("resources") or []) and not statement["condition"]:
            assert statement["sid"] in WITHOUT_RESOURCE, (address, statement)


def test_no_bucket_lacks_its_guards(everything):
    buckets = len(everything.of("aws_s3_bucket"))
    blocks = everything.of("aws_s3_bucket_public_access_block").values()

    assert buckets == 4
    assert len(blocks) == buckets
    assert all(
        it["block_public_acls"] and it["block_public_policy"] and it["ignore_public_acls"] and it["restrict_public_buckets"]
        for it in blocks
    )
    assert len(everything.of("aws_s3_bucket_policy")) == buckets
    assert len(everything.of("aws_s3_bucket_server_side_encryption_configuration")) == buckets


def test_containers_get_the_same_environment_as_instances(fargate):
    group = fargate.one("aws_autoscaling_group")
    service = fargate.one("aws_ecs_service")

    assert (group["min_size"], group["max_size"]) == (0, 0)
    assert service["desired_count"] == 2
    assert fargate.one("aws_appautoscaling_target")["max_capacity"] == 4
    assert service["network_configuration"][0]["assign_public_ip"] is False


def test_a_container_joins_user_and_password(tmp_path):
    script = Path(__file__).parents[1] / "modules/ecs/configure.sh"
    file = tmp_path / "greenleaf.toml"
    password = "a b/c@d:e?f#g%h[i]é\"'\\"
    place = "it.rds.example/greenleaf"
    subprocess.run(
        ["bash", "-c", script.read_text()],
        env=os.environ | {
            "DB_USER": "shop", "DB_PASSWORD": password, "DB_PLACE": place, "FILE": str(file),
            "OWNER": f"{os.getuid()}:{os.getgid()}",
        },
        check=True,
    )  # fmt: skip

    address = urlsplit(tomllib.loads(file.read_text())["database_url"])

    assert (address.username, unquote(address.password)) == ("shop", password)
    assert (address.hostname, address.path) == ("it.rds.example", "/greenleaf")
    assert parse_qs(address.query) == {"ssl-mode": ["VERIFY_IDENTITY"], "ssl-ca": [CERTIFICATES]}
    assert file.stat().st_mode & 0o777 == 0o600


def test_container_and_machine_trust_the_same_authorities_of_rds():
    tasks = (REPOSITORY / "ansible/roles/greenleaf/tasks/main.yml").read_text()
    defaults = (REPOSITORY / "ansible/roles/greenleaf/defaults/main.yml").read_text()
    user_data = (REPOSITORY / "terraform/modules/compute/user_data.sh.tftpl").read_text()
    image = (REPOSITORY / "Dockerfile").read_text()

    added = re.search(r"^ADD --chmod=644 (https://\S+) (\S+)$", image, re.MULTILINE)
    assert f"greenleaf_rds_certificates: {added[1]}\n" in defaults
    assert f"\nCOPY --from=build {added[2]} {CERTIFICATES}\n" in image
    assert f"    dest: {CERTIFICATES}\n" in tasks
    assert f"?ssl-mode=VERIFY_IDENTITY&ssl-ca={CERTIFICATES}" in user_data
