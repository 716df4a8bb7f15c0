"""Diagrams of what is planned, from the plans that crates/ops/plans keeps, for docs/architecture-aws.md."""

import json
from pathlib import Path

import priced

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/architecture-aws.md"
DRAWN = ["document", "lean", "everything"]
BEGIN = "<!-- Drawn by terraform/tests/drawn.py from here on -->\n"
END = "<!-- to here -->\n"

# Where a module stands that is one box, what it says, and what it leads to.
BOXES = {
    "dns_tls": ("outside", "Route 53<br>names and certificate", ["entry"]),
    "cdn": ("outside", "CloudFront", ["alb", "storage"]),
    "waf": ("region", "firewall", ["alb"]),
    "storage": ("region", "S3<br>pictures, access logs", []),
    "secrets": ("region", "Secrets Manager", ["instances"]),
    "cache": ("region", "Valkey", []),
    "backup": ("region", "AWS Backup", ["database"]),
    "mail": ("region", "SES<br>mails", []),
    "monitoring": ("region", "CloudWatch, SNS<br>alarms, mails, dashboard", []),
    "ecs": ("region", "Fargate<br>tasks", []),
    "pipeline": ("region", "CodePipeline", ["image"]),
    "image": ("region", "Image Builder", ["instances"]),
    "dr_region": ("outside", "second region<br>copies of backups and pictures", []),
}
# What is drawn piece by piece.
DRAWN_APART = {"compute", "database", "security", "vpc"}
# What instances, or tasks, call.
CALLED = ["cache", "mail", "monitoring", "storage"]
COPIED = ["database", "storage"]


class Plan:
    def __init__(self, name):
        kept = json.loads((priced.PLANS / f"{name}.json").read_text())
        self.resources = kept["planned_values"]["root_module"]["resources"]

    def of(self, kind):
        return [it for it in self.resources if it["type"] == kind]

    def values(self, kind):
        (it,) = self.of(kind)
        return it.get("values", {})

    def modules(self):
        names = {it["address"].split(".")[1].split("[")[0] for it in self.resources if it["address"].startswith("module.")}
        unknown = names - BOXES.keys() - DRAWN_APART
        assert not unknown, f"nobody has said how {unknown} are drawn"
        return [name for name in BOXES if name in names]


def box(name, text):
    return f'{name}["{text}"]'


def zones(plan):
    """The network: a zone each, with what stands in its subnets."""
    database, group = plan.values("aws_db_instance"), plan.values("aws_autoscaling_group")
    machine = plan.values("aws_launch_template")["instance_type"]
    subnets = {(it["values"]["availability_zone"], kind): it["values"]["cidr_block"]
               for it in plan.of("aws_subnet") for kind in ["public", "private"] if f".{kind}[" in it["address"]}  # fmt: skip
    ways_out = {kind: [it["address"] for it in plan.of(kind)] for kind in ["aws_nat_gateway", "aws_instance"]}
    names = {"aws_nat_gateway": "NAT gateway", "aws_instance": "NAT instance"}
    for zone in sorted({zone for zone, _ in subnets}):
        letter = zone[-1]
        yield f'subgraph zone_{letter}["{zone}"]'
        yield f'subgraph public_{letter}["public {subnets[zone, "public"]}"]'
        yield box(f"alb_{letter}", "load balancer")
        for kind, addresses in ways_out.items():
            if any(f'["{zone}"]' in address for address in addresses):
                yield box(f"nat_{letter}", names[kind])
        yield "end"
        yield f'subgraph private_{letter}["private {subnets[zone, "private"]}"]'
        if group["max_size"]:
            yield box(f"instances_{letter}", f"instances, {machine}")
        if letter == "a" or database.get("multi_az"):
            role = "primary" if letter == "a" else "standby"
            yield box(f"database_{letter}", f"MySQL {role}, {database['instance_class']}<br>{database['allocated_storage']} GB")
        yield "end"
        yield "end"
    if database.get("multi_az"):
        yield "database_a -- synchronous --- database_b"


def diagram(name):
    plan = Plan(name)
    modules = plan.modules()
    group = plan.values("aws_autoscaling_group")
    network = f"network {plan.values('aws_vpc')['cidr_block']}"
    size = f"{group['min_size']} to {group['max_size']} instances"
    lines = ["flowchart TB", box("shoppers", "shoppers")]
    lines += [box(it, BOXES[it][1]) for it in modules if BOXES[it][0] == "outside"]
    lines += ['subgraph region["region"]', f'subgraph vpc["{network}, {size}"]']
    lines += [*zones(plan), "end"]
    lines += [box(it, BOXES[it][1]) for it in modules if BOXES[it][0] == "region"]
    lines += ["end"]

    stands = {it: it for it in modules} | dict.fromkeys(["alb", "database", "instances"], "vpc")
    entry = stands["entry"] = "cdn" if "cdn" in modules else "vpc"
    edges = [("shoppers", "-->", "dns_tls" if "dns_tls" in modules else entry)]
    edges += [(it, "-->", stands[end]) for it in modules for end in BOXES[it][2] if end in stands]
    edges += [("vpc", "-->", it) for it in modules if it in CALLED]
    edges += [(stands[it], "-->", "dr_region") for it in COPIED if "dr_region" in modules]
    return indented(lines + [" ".join(edge) for edge in edges])


def indented(lines):
    depth, text = 0, ""
    for line in lines:
        depth -= line == "end"
        text += "  " * depth + line + "\n"
        depth += line.startswith(("subgraph", "flowchart"))
    return text


def text():
    def drawing(name):
        return f"`{name}`, {len(Plan(name).resources)} resources:\n\n```mermaid\n{diagram(name)}```\n\n"

    return "\n" + "".join(drawing(name) for name in DRAWN)


def committed():
    document = DOCUMENT.read_text()
    return document.split(BEGIN)[1].split(END)[0]


def write():
    document = DOCUMENT.read_text()
    DOCUMENT.write_text(document.replace(BEGIN + committed() + END, BEGIN + text() + END))
