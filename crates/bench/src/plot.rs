//! Bars for the figures of one row, as SVG.

use std::fmt::Write as _;

use crate::figure::{Figure, Goal, shown};
use crate::float;
use crate::report::Measured;

const BAR: f64 = 46.0;
const GAP: f64 = 10.0;
const HEIGHT: f64 = 180.0;
const TOP: f64 = 44.0;
const LEFT: f64 = 16.0;
const COLORS: [&str; 2] = ["#5b7f5a", "#b9855b"];

/// Draws a row for all shops, and its goal where the goal is a value. Every other bar has the
/// other color, since shops come in pairs: one for each engine.
pub(crate) fn bars(row: &str, shops: &[Measured]) -> Option<String> {
    let bars: Vec<(&str, &Figure)> = shops
        .iter()
        .filter_map(|shop| {
            Some((shop.shop.as_str(), shop.figures.iter().find(|figure| figure.row == row)?))
        })
        .collect();
    let unit = &bars.first()?.1.unit;
    let goals: Vec<f64> = bars
        .iter()
        .filter_map(|(_, figure)| match figure.goal {
            Some(Goal::AtMost(most)) => Some(most),
            _ => None,
        })
        .collect();
    let highest = bars.iter().map(|(_, figure)| figure.value).fold(0.0, f64::max);
    // A goal far above what was reached would make the bars vanish.
    let goal = goals.into_iter().fold(0.0, f64::max);
    let is_in_sight = goal > 0.0 && goal < highest * 2.0;
    let top = if is_in_sight { highest.max(goal) } else { highest };
    let width = LEFT * 2.0 + float(bars.len()) * (BAR + GAP);
    let (width, bottom) = (width.max(330.0), TOP + HEIGHT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"11\" fill=\"#444\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"20\" font-size=\"13\">{row}, {unit}</text>\n",
        bottom + 44.0
    );
    let scale = |value: f64| value / top * (HEIGHT - 14.0);
    for (at, (shop, figure)) in bars.iter().enumerate() {
        let (x, height) = (LEFT + float(at) * (BAR + GAP), scale(figure.value));
        let (y, middle, color) = (bottom - height, x + BAR / 2.0, COLORS[at % 2]);
        let (size, engine) = shop.split_once(", ").unwrap_or((shop, ""));
        let value = shown(figure.value);
        writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{BAR}\" height=\"{height:.1}\" \
             fill=\"{color}\"/>\n\
             <g text-anchor=\"middle\"><text x=\"{middle:.1}\" y=\"{:.1}\">{value}</text>\
             <text x=\"{middle:.1}\" y=\"{:.1}\">{size}</text>\
             <text x=\"{middle:.1}\" y=\"{:.1}\">{engine}</text></g>",
            y - 4.0,
            bottom + 16.0,
            bottom + 30.0
        )
        .expect("a string takes any text");
    }
    if is_in_sight {
        let y = bottom - scale(goal);
        writeln!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#a33\" \
             stroke-dasharray=\"4 3\"/>",
            width - LEFT
        )
        .expect("a string takes any text");
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shop_has_a_bar_as_high_as_its_value() {
        let shop = |name: &str, value: f64| Measured {
            shop: name.to_owned(),
            figures: vec![Figure::new("memory", value, "MB").at_most(Some(150.0))],
        };
        let shops = [shop("1k SKUs, SQLite", 100.0), shop("1k SKUs, MariaDB", 50.0)];

        let svg = bars("memory", &shops).unwrap();

        assert_eq!(svg.matches("<rect x=").count(), 2);
        assert!(svg.contains("height=\"110.7\"") && svg.contains("height=\"55.3\""), "{svg}");
        assert!(svg.contains("stroke-dasharray"), "the goal is in sight");
        assert_eq!(bars("no such row", &shops), None);
    }
}
