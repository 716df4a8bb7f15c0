//! Which fields a selection asks of a type, with their arguments.

use std::sync::Arc;

use apollo_compiler::ast::Value;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};

use super::{Executor, input, string};

/// A field as one type is asked for it.
pub(super) struct Planned<'r> {
    /// Unique within the request.
    id: usize,
    /// `"name":`
    pub(super) key: Vec<u8>,
    pub(super) response_key: &'r str,
    pub(super) name: &'r str,
    /// The first of those that were merged.
    pub(super) field: &'r Node<Field>,
    /// What is asked of the field's own fields, by all that were merged.
    selections: Vec<&'r SelectionSet>,
    /// Or why they cannot be had.
    pub(super) args: Result<JsonMap, String>,
}

impl<'r> Executor<'r> {
    /// What a planned field's value is asked for when it turns out to be of this type.
    pub(super) fn plan_of(&mut self, of: &Planned<'r>, type_name: &str) -> Arc<Vec<Planned<'r>>> {
        let schema = &self.request.contract.schema;
        let name = schema.types.get_key_value(type_name).map_or("", |(name, _)| name.as_str());
        if let Some(&known) = self.known.get(&(of.id, name))
            && let Some(plan) = self.plans.get(known)
        {
            return Arc::clone(plan);
        }
        let plan = self.plan(&of.selections, type_name);
        self.known.insert((of.id, name), self.plans.len() - 1);
        plan
    }

    pub(super) fn plan(
        &mut self,
        selections: &[&'r SelectionSet],
        type_name: &str,
    ) -> Arc<Vec<Planned<'r>>> {
        let mut merged: IndexMap<&'r Name, Vec<&'r Node<Field>>> = IndexMap::default();
        let mut spread: Vec<&'r Name> = Vec::new();
        for set in selections {
            self.collect(&set.selections, type_name, &mut spread, &mut merged);
        }
        let first_id = self.plans.iter().map(|plan| plan.len()).sum::<usize>();
        let numbered = (first_id..).zip(merged);
        let planned = numbered.filter_map(|(id, (key, fields))| {
            let field: &'r Node<Field> = fields.first()?;
            let mut written = Vec::with_capacity(key.len() + 3);
            string(&mut written, key);
            written.push(b':');
            Some(Planned {
                id,
                key: written,
                response_key: key,
                name: &field.name,
                field,
                selections: fields.iter().map(|field| &field.selection_set).collect(),
                args: input::arguments(
                    &self.request.contract.schema,
                    field,
                    self.request.variables,
                ),
            })
        });
        let plan = Arc::new(planned.collect::<Vec<_>>());
        self.plans.push(Arc::clone(&plan));
        plan
    }

    fn collect(
        &self,
        selections: &'r [Selection],
        type_name: &str,
        spread: &mut Vec<&'r Name>,
        merged: &mut IndexMap<&'r Name, Vec<&'r Node<Field>>>,
    ) {
        for selection in selections {
            if !self.is_included(selection) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    merged.entry(field.response_key()).or_default().push(field);
                }
                Selection::InlineFragment(inline) => {
                    let applies = |on: &Name| self.applies(on, type_name);
                    if inline.type_condition.as_ref().is_none_or(applies) {
                        let inner = &inline.selection_set.selections;
                        self.collect(inner, type_name, spread, merged);
                    }
                }
                Selection::FragmentSpread(one) => {
                    if spread.contains(&&one.fragment_name) {
                        continue;
                    }
                    spread.push(&one.fragment_name);
                    let fragments = &self.request.document.fragments;
                    if let Some(fragment) = fragments.get(&one.fragment_name)
                        && self.applies(fragment.type_condition(), type_name)
                    {
                        let inner = &fragment.selection_set.selections;
                        self.collect(inner, type_name, spread, merged);
                    }
                }
            }
        }
    }

    /// Whether a fragment on `on` says something of this object type.
    fn applies(&self, on: &Name, type_name: &str) -> bool {
        let schema = &self.request.contract.schema;
        match schema.types.get(on) {
            Some(ExtendedType::Object(_)) => on == type_name,
            Some(ExtendedType::Interface(_)) => {
                let object = schema.get_object(type_name);
                object.is_some_and(|object| object.implements_interfaces.contains(on))
            }
            Some(ExtendedType::Union(union)) => union.members.contains(type_name),
            _ => false,
        }
    }

    /// What `@skip` and `@include` say.
    fn is_included(&self, selection: &Selection) -> bool {
        let says = |directive: &str| {
            let directive = selection.directives().get(directive)?;
            match &**directive.specified_argument_by_name("if")? {
                Value::Boolean(is_so) => Some(*is_so),
                Value::Variable(name) => self.request.variables.get(name.as_str())?.as_bool(),
                _ => None,
            }
        };
        says("skip") != Some(true) && says("include") != Some(false)
    }
}
