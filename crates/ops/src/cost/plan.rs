//! What `terraform show -json` says of a plan, as far as it costs something.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::CostError;

/// The resources that stand once the plan is applied.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub resources: Vec<Resource>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Resource {
    pub address: String,
    #[serde(default)]
    mode: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    values: Map<String, Value>,
}

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("this is not what `terraform show -json PLAN` prints")]
    Json(#[from] serde_json::Error),
    #[error("the plan holds no resource")]
    Empty,
}

#[derive(Deserialize)]
struct Shown {
    planned_values: Values,
}

#[derive(Deserialize)]
struct Values {
    root_module: Module,
}

#[derive(Deserialize)]
struct Module {
    #[serde(default)]
    resources: Vec<Resource>,
    #[serde(default)]
    child_modules: Vec<Module>,
}

impl Plan {
    pub fn read(text: &str) -> Result<Self, PlanError> {
        let shown: Shown = serde_json::from_str(text)?;
        let mut plan = Self::default();
        let mut modules = vec![shown.planned_values.root_module];
        while let Some(module) = modules.pop() {
            plan.resources.extend(module.resources.into_iter().filter(|it| it.mode != "data"));
            modules.extend(module.child_modules);
        }
        if plan.resources.is_empty() {
            return Err(PlanError::Empty);
        }
        plan.resources.sort_by(|one, other| one.address.cmp(&other.address));
        Ok(plan)
    }

    pub(super) fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.resources.iter().filter(move |it| it.kind == kind)
    }
}

impl Resource {
    /// The first module of the address: `module.cdn[0].aws_…` is of `cdn`.
    pub fn module(&self) -> &str {
        let name = self.address.strip_prefix("module.").unwrap_or_default();
        name.split(['.', '[']).next().unwrap_or_default()
    }

    pub(super) fn text(&self, attribute: &'static str) -> Result<&str, CostError> {
        self.values.get(attribute).and_then(Value::as_str).ok_or_else(|| self.missing(attribute))
    }

    pub(super) fn number(&self, attribute: &'static str) -> Result<f64, CostError> {
        self.values.get(attribute).and_then(number).ok_or_else(|| self.missing(attribute))
    }

    pub(super) fn is(&self, attribute: &str) -> bool {
        self.values.get(attribute).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A value inside of blocks, each of which is a list of one.
    pub(super) fn within(&self, path: &[&'static str]) -> Result<f64, CostError> {
        let last = path.last().copied().unwrap_or_default();
        self.inside(path).and_then(number).ok_or_else(|| self.missing(last))
    }

    pub(super) fn is_within(&self, path: &[&str]) -> bool {
        self.inside(path).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(super) fn count(&self, attribute: &str) -> usize {
        self.values.get(attribute).and_then(Value::as_array).map_or(0, Vec::len)
    }

    pub(super) fn inside_text(&self, path: &[&str]) -> Option<&str> {
        self.inside(path)?.as_str()
    }

    /// Whether a list has a block with these texts.
    pub(super) fn has_entry(&self, attribute: &str, wanted: &[(&str, &str)]) -> bool {
        let list = self.values.get(attribute).and_then(Value::as_array);
        list.into_iter().flatten().any(|entry| {
            wanted
                .iter()
                .all(|(name, text)| entry.get(*name).and_then(Value::as_str) == Some(*text))
        })
    }

    fn inside(&self, path: &[&str]) -> Option<&Value> {
        let mut value = self.values.get(*path.first()?)?;
        for name in &path[1..] {
            value = value.as_array()?.first()?.get(name)?;
        }
        Some(value)
    }

    fn missing(&self, attribute: &'static str) -> CostError {
        CostError::Missing { address: self.address.clone(), attribute }
    }
}

/// Terraform writes some numbers as texts.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_inside_of_modules_are_read_and_data_are_not() {
        let text = r#"{"planned_values": {"root_module": {"child_modules": [{
            "resources": [{"address": "module.a[0].aws_eip.x", "mode": "managed", "type": "aws_eip"}],
            "child_modules": [{"resources": [
                {"address": "module.a[0].module.b.aws_lb.y", "mode": "managed", "type": "aws_lb",
                 "values": {"n": "1024", "block": [{"size": 8, "on": true}]}},
                {"address": "module.a[0].data.aws_region.z", "mode": "data", "type": "aws_region"}
            ]}]
        }]}}}"#;

        let plan = Plan::read(text).unwrap();

        let addresses: Vec<&str> = plan.resources.iter().map(|it| it.address.as_str()).collect();
        assert_eq!(addresses, ["module.a[0].aws_eip.x", "module.a[0].module.b.aws_lb.y"]);
        let lb = plan.of("aws_lb").next().unwrap();
        assert_eq!(lb.module(), "a");
        assert_eq!(lb.number("n"), Ok(1024.0));
        assert_eq!(lb.within(&["block", "size"]), Ok(8.0));
        assert!(lb.is_within(&["block", "on"]));
        assert!(lb.number("m").is_err());
    }

    #[test]
    fn what_is_no_plan_is_refused() {
        assert!(matches!(Plan::read("{}"), Err(PlanError::Json(_))));
        assert!(matches!(
            Plan::read(r#"{"planned_values": {"root_module": {}}}"#),
            Err(PlanError::Empty)
        ));
    }
}
