//! The figures of a run: as JSON for the next run to compare with, as Markdown for people.

use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::figure::{Figure, Goal, shown};
use crate::machine::Machine;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) date: String,
    pub(crate) machine: Machine,
    pub(crate) shops: Vec<Measured>,
}

/// A shop and what was measured of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) shop: String,
    pub(crate) figures: Vec<Figure>,
}

/// A ratio that became worse.
#[derive(Clone, Debug)]
pub(crate) struct Fall {
    shop: String,
    row: String,
    old: f64,
    new: f64,
}

impl Fall {
    pub(crate) fn is_of_the_row_of(&self, other: &Self) -> bool {
        (&self.shop, &self.row) == (&other.shop, &other.row)
    }
}

impl fmt::Display for Fall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { shop, row, old, new } = self;
        let (old, new) = (shown(*old), shown(*new));
        write!(f, "{shop}: the ratio of {row} fell from {old} to {new}")
    }
}

/// By how much a ratio may fall before `--check` complains. What disturbs a round only ever makes it
/// slower, so that of the new rounds the best is compared.
const TOLERANCE: f64 = 0.2;

impl Report {
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("{}: there is nothing to compare with", file.display()))?;
        Ok(serde_json::from_str(&text)?)
    }

    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        Ok(fs::write(file, serde_json::to_string_pretty(self)? + "\n")?)
    }

    /// What became worse since another run.
    pub(crate) fn falls_since(&self, before: &Self) -> Vec<Fall> {
        let mut falls = Vec::new();
        for Measured { shop, figures } in &self.shops {
            let known = before.shops.iter().filter(|known| known.shop == *shop);
            let known: Vec<&Figure> = known.flat_map(|known| &known.figures).collect();
            for figure in figures {
                let old = known.iter().find(|known| known.row == figure.row);
                let new = figure.best_ratio.or(figure.ratio);
                let (Some(old), Some(new)) = (old.and_then(|old| old.ratio), new) else {
                    continue;
                };
                if new < old * (1.0 - TOLERANCE) {
                    falls.push(Fall { shop: shop.clone(), row: figure.row.clone(), old, new });
                }
            }
        }
        falls
    }

    /// When and on what the figures were measured, and how to read them.
    fn origin(&self) -> String {
        let Machine { cores, cpu, memory_gb, rustc, load_before } = &self.machine;
        format!(
            "Measured on {}, on {cores} cores of {cpu} with {memory_gb} GB, database and load \
             generator included; load of the machine before the run: {load_before}; {rustc}.\n\n\
             Each value is the median of several rounds, that of memory apart. The ratio says how \
             the value compares with the baseline measured beside it, or else with what is to be \
             reached: the higher, the better.\n",
            self.date
        )
    }

    /// The page on the demo shop.
    pub(crate) fn of_demo(&self) -> String {
        let mut page = format!(
            "# The demo shop, measured\n\nWritten by `cargo xtask bench`. {}",
            self.origin()
        );
        for shop in &self.shops {
            page.push('\n');
            page.push_str(&table(&shop.figures));
        }
        page
    }

    /// The page on generated shops: one table for each row, and the pictures.
    pub(crate) fn of_sizes(&self) -> String {
        let names: Vec<&str> = self.shops.iter().map(|shop| &*shop.shop).collect();
        let mut rows: Vec<&str> = Vec::new();
        for figure in self.shops.iter().flat_map(|shop| &shop.figures) {
            if !rows.contains(&&*figure.row) {
                rows.push(&figure.row);
            }
        }
        let mut page = format!(
            "# Measured\n\nWritten by `cargo xtask bench --skus …`; [demo.md](demo.md) has the \
             demo shop, `sizes.json` all that was measured. {}\nIn each cell: the value, and the \
             ratio in parentheses. What misses its goal is bold.\n\n| what | {} | to reach |\n\
             |---|{}---|\n",
            self.origin(),
            names.join(" | "),
            "--:|".repeat(names.len())
        );
        for row in rows {
            let of_shops =
                || self.shops.iter().map(|shop| shop.figures.iter().find(|it| it.row == row));
            let unit = of_shops().flatten().next().map_or("", |figure| &*figure.unit);
            let mut goals: Vec<String> = of_shops().flatten().filter_map(goal).collect();
            goals.dedup();
            let cells: Vec<String> =
                of_shops().map(|it| it.map_or_else(String::new, cell)).collect();
            let (cells, goals) = (cells.join(" | "), goals.join(", "));
            writeln!(page, "| {row}, {unit} | {cells} | {goals} |")
                .expect("a string takes any text");
        }
        for (row, file) in PLOTS {
            writeln!(page, "\n![{row}]({file})").expect("a string takes any text");
        }
        page
    }
}

/// The rows that are drawn, and the files that they are drawn into.
pub(crate) const PLOTS: [(&str, &str); 9] = [
    ("cached category page", "cached.svg"),
    ("uncached category page", "category.svg"),
    ("uncached search with facets", "search.svg"),
    ("uncached product page", "product.svg"),
    ("uncached `products` query", "products.svg"),
    ("guest orders by API", "api-orders.svg"),
    ("memory when idle", "memory.svg"),
    ("start to first page", "start.svg"),
    ("CPU of an order", "order.svg"),
];

fn cell(figure: &Figure) -> String {
    let ratio = figure.ratio.map_or_else(String::new, |ratio| format!(" ({})", shown(ratio)));
    let text = format!("{}{ratio}", shown(figure.value));
    if figure.is_reached() { text } else { format!("**{text}**") }
}

/// One shop's figures with their baselines.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut text = String::from(
        "| what | measured | beside it | baseline | ratio | to reach |\n\
         |---|--:|---|--:|--:|---|\n",
    );
    for figure in figures {
        let Figure { row, value, unit, note, baseline, ratio, .. } = figure;
        let baseline = baseline.as_ref().map_or_else(String::new, |baseline| {
            format!("{}: {} {unit}", baseline.what, shown(baseline.value))
        });
        let ratio = ratio.map_or_else(String::new, shown);
        let goal = verdict(figure);
        writeln!(
            text,
            "| {row} | {} {unit} | {note} | {baseline} | {ratio} | {goal} |",
            shown(*value)
        )
        .expect("a string takes any text");
    }
    text
}

/// The goal in words.
fn goal(figure: &Figure) -> Option<String> {
    Some(match figure.goal? {
        Goal::AtMost(most) => format!("≤ {most} {}", figure.unit).trim_end().to_owned(),
        Goal::AtLeast(least) => format!("≥ {least} {}", figure.unit),
        Goal::Ratio(least) => format!("ratio ≥ {least}"),
    })
}

/// The goal, and whether it is reached.
fn verdict(figure: &Figure) -> String {
    match goal(figure) {
        None => String::new(),
        Some(goal) if figure.is_reached() => format!("{goal}: reached"),
        Some(goal) => format!("**{goal}: missed**"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(shop: &str, ratios: [f64; 3]) -> Report {
        let figure = Figure::new("a page", 10.0, "µs").against("bare", 5.0, ratios);
        Report {
            date: String::new(),
            machine: Machine::look(),
            shops: vec![Measured { shop: shop.to_owned(), figures: vec![figure] }],
        }
    }

    #[test]
    fn a_ratio_may_fall_by_a_fifth_and_no_more() {
        let before = report("demo", [0.6, 0.5, 0.5]);

        let falls = |shop, ratios| report(shop, ratios).falls_since(&before);

        assert!(falls("demo", [0.9, 0.9, 0.9]).is_empty());
        assert!(falls("demo", [0.41, 0.3, 0.2]).is_empty());
        assert!(falls("another", [0.1, 0.1, 0.1]).is_empty());
        let fallen = falls("demo", [0.39, 0.39, 0.39]);
        assert_eq!(fallen.len(), 1);
        assert_eq!(fallen[0].to_string(), "demo: the ratio of a page fell from 0.500 to 0.390");
        assert!(fallen[0].is_of_the_row_of(&falls("demo", [0.2, 0.2, 0.2])[0]));
    }

    #[test]
    fn a_missed_goal_stands_out() {
        let figure = Figure::new("memory", 160.0, "MB").at_most(Some(150.0));

        let table = table(&[figure]);

        let last = table.lines().last().unwrap();
        assert_eq!(last, "| memory | 160 MB |  |  | 0.938 | **≤ 150 MB: missed** |");
    }
}
