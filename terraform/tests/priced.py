"""What pricing and drawing need of a plan, as crates/ops/plans/ keeps it: no secret, no text, little of the rest.

A type that is not in KEPT costs nothing by what it is set to, but is kept by its name, so that
`crates/ops` refuses those of which nobody has said what they cost.
"""

import json
from pathlib import Path

PLANS = Path(__file__).resolve().parents[2] / "crates/ops/plans"

KEPT = {
    "aws_appautoscaling_target": ["max_capacity"],
    "aws_autoscaling_group": ["desired_capacity", "max_size", "min_size", "warm_pool"],
    "aws_cloudwatch_log_group": ["name"],
    "aws_cloudwatch_metric_alarm": ["metric_query"],
    "aws_db_instance": [
        "allocated_storage", "engine_version", "instance_class", "manage_master_user_password", "max_allocated_storage", "multi_az",
    ],
    "aws_db_parameter_group": ["parameter"],
    "aws_ecs_service": ["desired_count"],
    "aws_ecs_task_definition": ["cpu", "memory", "runtime_platform"],
    "aws_elasticache_replication_group": ["node_type", "num_cache_clusters"],
    "aws_instance": ["instance_type", "root_block_device"],
    "aws_launch_template": ["block_device_mappings", "instance_type", "monitoring"],
    "aws_subnet": ["availability_zone", "cidr_block"],
    "aws_vpc": ["cidr_block"],
    "aws_vpc_endpoint": ["vpc_endpoint_type"],
    "aws_wafv2_web_acl": ["rule"],
}  # fmt: skip

# Of these only how many there are matters.
COUNTED = {"metric_query", "rule"}


def without_nothing(value):
    """Leaves out what is null or empty, in blocks too."""
    if isinstance(value, dict):
        kept = {key: without_nothing(it) for key, it in value.items()}
        return {key: it for key, it in kept.items() if it not in (None, "", [], {})}
    if isinstance(value, list):
        return [without_nothing(it) for it in value]
    return value


def resources(module):
    for it in module.get("resources", []):
        if it["mode"] == "managed":
            values = {key: it["values"].get(key) for key in KEPT.get(it["type"], [])}
            for key in COUNTED & values.keys():
                values[key] = [{} for _ in values[key] or []]
            for entry in values.get("parameter") or []:
                entry.pop("apply_method", None)
            if "parameter" in values:
                values["parameter"].sort(key=lambda entry: entry["name"])
            row = {"address": it["address"], "type": it["type"]}
            yield row | ({"values": kept} if (kept := without_nothing(values)) else {})
    for child in module.get("child_modules", []):
        yield from resources(child)


def text(plan):
    """The file of a plan: one resource a line."""
    rows = sorted(resources(plan["planned_values"]["root_module"]), key=lambda row: row["address"])
    lines = ",\n".join(json.dumps(row, sort_keys=True) for row in rows)
    return f'{{"planned_values": {{"root_module": {{"resources": [\n{lines}\n]}}}}}}\n'
