//! Withdrawing from a contract online (C. conso. L221-21, D221-5).

use serde::Serialize;

use super::{Form, Layout};

/// Three steps, all at `/withdrawal`; no account and no reason needed.
#[derive(Clone, Debug, Serialize)]
pub struct WithdrawalPage {
    pub layout: Layout,
    pub form: Form,
    pub step: WithdrawalStep,
    pub terms_path: String,
}

/// Serialized with `step`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum WithdrawalStep {
    /// Fields: `number`, `email`.
    Identify,
    /// Fields: `token`, `name`, `email`, and `line` for each line kept ticked with its
    /// `quantity-<line>`. The button confirms.
    Choose { token: String, number: String, lines: Vec<WithdrawalLine> },
    /// The receipt, which also goes by mail.
    Done { number: String, received_at: i64, email: String, lines: Vec<WithdrawalLine> },
}

#[derive(Clone, Debug, Serialize)]
pub struct WithdrawalLine {
    pub id: String,
    pub name: String,
    pub quantity: u32,
    /// Whether it is ticked in the form, and how many units stand there.
    pub is_chosen: bool,
    pub chosen: String,
}
