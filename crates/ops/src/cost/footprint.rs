//! What the deployment emits, by the Software Carbon Intensity: (energy × grid + embodied) / unit.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::bill::HOURS;
use super::{CostError, Load, Plan, Range};

/// What one month emits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Footprint {
    pub kwh: f64,
    pub embodied_grams: f64,
    /// By a clean, a usual and a dirty grid.
    pub grams: Range,
}

impl Footprint {
    /// Grams for each of so many units.
    pub fn per(&self, units: f64) -> Range {
        self.grams.map(|grams| grams / units)
    }

    /// Grams for each thousand of so many units.
    pub fn per_thousand(&self, units: f64) -> Range {
        self.per(units / 1000.0)
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Input {
    pub(super) input: String,
    pub(super) value: f64,
    pub(super) unit: String,
    pub(super) source: String,
}

/// The inputs, as data beside the code.
pub(super) fn inputs() -> Vec<Input> {
    let text = include_str!("../../prices/footprint.csv");
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    rows.collect::<Result<_, _>>().expect("a test reads it")
}

/// Milliseconds of CPU that a page and an order take, measured; see docs/benchmarks.
const PAGE_MS: f64 = 0.94;
const ORDER_MS: f64 = 2.9;

/// A machine that runs all month.
struct Machine {
    vcpus: f64,
    gb: f64,
    is_graviton: bool,
}

/// Size of an instance, of EC2, RDS or `ElastiCache`.
fn machine(kind: &str) -> Option<Machine> {
    let size = kind.trim_start_matches("db.").trim_start_matches("cache.");
    let (family, size) = size.split_once('.')?;
    let gb = match size {
        "nano" => 0.5,
        "micro" => 1.0,
        "small" => 2.0,
        "medium" => 4.0,
        "large" => 8.0,
        _ => return None,
    };
    Some(Machine { vcpus: 2.0, gb, is_graviton: family.ends_with('g') })
}

/// What the plan emits in a month under the load.
///
/// Whole machines are counted though small ones share theirs, and standby and NAT as well: the value
/// is too high rather than too low. The CDN's and the shoppers' own devices are not counted.
pub fn footprint(plan: &Plan, load: &Load) -> Result<Footprint, CostError> {
    let values: BTreeMap<String, f64> =
        inputs().into_iter().map(|input| (input.input, input.value)).collect();
    let get = |name: &str| values.get(name).copied().ok_or(CostError::NoPrice(name.to_owned()));

    let (machines, ssd_gb) = machines(plan)?;
    let vcpus: f64 = machines.iter().map(|machine| machine.vcpus).sum();
    let busy_hours = (load.pages * PAGE_MS + load.orders * ORDER_MS) / 3_600_000.0;
    let mut watts = get("ssd")? * get("copies.ebs")? * ssd_gb / 1000.0;
    watts += get("ssd")? * get("copies.s3")? * load.pictures_gb / 1000.0;
    for machine in &machines {
        let idle = get("vcpu.idle")? * machine.vcpus;
        let factor = if machine.is_graviton { get("graviton")? } else { 1.0 };
        watts += idle * factor + get("memory")? * machine.gb;
    }
    let work_kwh = (get("vcpu.busy")? - get("vcpu.idle")?) * busy_hours / 1000.0;
    let sent_kwh = get("network")? * load.sent_gb().expected;
    let kwh = (watts * HOURS / 1000.0 + work_kwh + sent_kwh) * get("pue")?;

    let embodied_grams = get("embodied.vcpu")? * vcpus * 1000.0;
    let grid = Range::new(get("grid.low")?, get("grid")?, get("grid.high")?);
    Ok(Footprint { kwh, embodied_grams, grams: grid.map(|grid| grid * kwh + embodied_grams) })
}

/// The machines of a plan and the GB of their disks.
fn machines(plan: &Plan) -> Result<(Vec<Machine>, f64), CostError> {
    let (mut machines, mut ssd_gb) = (Vec::new(), 0.0);
    let mut add = |kind: &str, times: f64, gb: f64| {
        let one = machine(kind).ok_or(CostError::NoPrice(format!("the footprint of {kind}")))?;
        machines.push(Machine { vcpus: one.vcpus * times, gb: one.gb * times, ..one });
        ssd_gb += gb * times;
        Ok::<_, CostError>(())
    };
    for it in plan.of("aws_autoscaling_group") {
        if let Some(template) = plan.of("aws_launch_template").next() {
            let gb = template.within(&["block_device_mappings", "ebs", "volume_size"])?;
            add(template.text("instance_type")?, it.number("desired_capacity")?, gb)?;
        }
    }
    for it in plan.of("aws_instance") {
        add(it.text("instance_type")?, 1.0, it.within(&["root_block_device", "volume_size"])?)?;
    }
    // Nobody says what a managed gateway runs on: it is taken for the least that could do its work.
    for _ in plan.of("aws_nat_gateway") {
        add("t4g.nano", 1.0, 8.0)?;
    }
    for it in plan.of("aws_db_instance") {
        let copies = if it.is("multi_az") { 2.0 } else { 1.0 };
        add(it.text("instance_class")?, copies, it.number("allocated_storage")?)?;
    }
    for it in plan.of("aws_elasticache_replication_group") {
        add(it.text("node_type")?, it.number("num_cache_clusters")?, 0.0)?;
    }
    for it in plan.of("aws_ecs_service") {
        if let Some(task) = plan.of("aws_ecs_task_definition").next() {
            let tasks = it.number("desired_count")?;
            let is_arm =
                task.inside_text(&["runtime_platform", "cpu_architecture"]) == Some("ARM64");
            machines.push(Machine {
                vcpus: task.number("cpu")? / 1024.0 * tasks,
                gb: task.number("memory")? / 1024.0 * tasks,
                is_graviton: is_arm,
            });
        }
    }
    Ok((machines, ssd_gb))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::tests::plan;

    #[test]
    fn the_footprint_is_the_sum_of_its_stated_inputs() {
        let load = Load::DOCUMENT;

        let found = footprint(&plan("document"), &load).unwrap();

        // Two instances and two databases, 2 vCPUs and 2 GB each, two gateways as small Gravitons;
        // 100 GB of disks, 200 GB and 16 GB.
        let vcpus = 8.0 * 0.74 + 4.0 * 0.74 * 0.7;
        let idle = vcpus + 9.0 * 0.392 + 0.316 * 1.2 * 2.0 + 0.02 * 1.2 * 3.0;
        let work = (750_000.0 * 0.94 + 3000.0 * 2.9) / 3_600_000.0 * (3.5 - 0.74) / 1000.0;
        let kwh = (idle * 0.73 + work + 0.001 * 33.75) * 1.135;
        assert!((found.kwh - kwh).abs() < 1e-9, "{} beside {kwh}", found.kwh);
        assert!((found.embodied_grams - 3240.0).abs() < 1e-9);
        assert!((found.grams.expected - (kwh * 51.0 + 3240.0)).abs() < 1e-9);
        assert!((found.per(load.orders).expected * 3000.0 - found.grams.expected).abs() < 1e-9);
    }

    #[test]
    fn each_input_has_a_source() {
        assert!(inputs().iter().all(|input| input.value > 0.0 && input.source.len() > 3));
    }

    #[test]
    fn lean_emits_less_per_order_at_any_load() {
        for factor in [1.0, 10.0] {
            let load = Load::DOCUMENT.times(factor);
            let [document, lean] =
                ["document", "lean"].map(|name| footprint(&plan(name), &load).unwrap());
            assert!(lean.grams.expected < document.grams.expected);
        }
    }
}
