//! A run as a picture: what came, who was there, how long it took, what was lost.

use std::fmt::Write as _;

use super::number::{count, float};
use super::{Moment, Outcome};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 64.0;
const BAND: f64 = 90.0;
const GAP: f64 = 34.0;
const TOP: f64 = 40.0;

type Read = fn(&Moment) -> f64;

const BANDS: [(&str, &str, Read); 4] = [
    ("requests a second", "#5b7f5a", |it| it.requests_per_second),
    ("instances that serve", "#4a6fa5", |it| f64::from(it.instances)),
    ("p99, ms", "#b9855b", |it| it.p99_ms),
    ("refused and failed in 10 s", "#a33333", |it| float(it.refused + it.failed)),
];

/// Four curves over the same time, each with its own height, as SVG.
pub fn plot(title: &str, outcome: &Outcome) -> String {
    let height = TOP + (BAND + GAP) * float(count(BANDS.len())) + 10.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"11\" fill=\"#444\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"20\" font-size=\"13\">{}</text>\n",
        escaped(title)
    );
    let last = outcome.moments.last().map_or(1, |moment| moment.at_seconds.max(1));
    let x = |second: u64| LEFT + float(second) / float(last) * (WIDTH - LEFT - 16.0);
    for (at, (name, color, read)) in (0..).zip(BANDS) {
        let top = TOP + float(at) * (BAND + GAP);
        let bottom = top + BAND;
        let highest = outcome.moments.iter().map(read).fold(0.0, f64::max);
        let scale = if highest > 0.0 { BAND / highest } else { 0.0 };
        let mut points = String::new();
        for moment in &outcome.moments {
            let y = bottom - read(moment) * scale;
            write!(points, "{:.1},{y:.1} ", x(moment.at_seconds)).expect("a string takes any text");
        }
        writeln!(
            svg,
            "<text x=\"{LEFT}\" y=\"{:.0}\">{name}</text>\n\
             <text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{highest:.0}</text>\n\
             <line x1=\"{LEFT}\" x2=\"{:.0}\" y1=\"{bottom:.0}\" y2=\"{bottom:.0}\" stroke=\"#bbb\"/>\n\
             <polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>",
            top - 4.0,
            LEFT - 6.0,
            top + 8.0,
            WIDTH - 16.0,
            points.trim_end()
        )
        .expect("a string takes any text");
    }
    writeln!(
        svg,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{last} s</text>\n</svg>",
        WIDTH - 16.0,
        height - 8.0
    )
    .expect("a string takes any text");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_band_reaches_its_own_highest_value() {
        let moment = |at_seconds, instances| Moment {
            at_seconds,
            requests_per_second: 10.0,
            instances,
            cpu: 0.1,
            p99_ms: 4.0,
            refused: 0,
            failed: 0,
        };
        let outcome = Outcome { moments: vec![moment(10, 2), moment(20, 4)], ..Outcome::default() };

        let svg = plot("2 < 4", &outcome);

        assert_eq!(svg.matches("<polyline").count(), 4);
        // Two of four instances are half of the height of the second band, four all of it.
        assert!(svg.contains("points=\"384.0,209.0 704.0,164.0\""), "{svg}");
        assert!(svg.contains("2 &lt; 4") && svg.contains("20 s"));
    }
}
