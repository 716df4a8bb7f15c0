//! The simulation beside formulas, and what it says of known cases.

use super::super::{Service, TrafficError};
use super::*;

/// One instance of `cores` whose requests all take 1 ms on average, and nothing else.
fn queue(cores: u32) -> Site {
    Site {
        cores,
        speed: 1.0,
        max_in_flight: u32::MAX,
        service: Service { page: 1000.0, cart_percent: 0, order_percent: 0, ..Service::MEASURED },
        ..Site::DOCUMENT
    }
}

/// Erlang C: the mean wait of M/M/c in milliseconds, at so many requests a second of 1 ms each.
fn erlang_c_wait_ms(cores: u32, rate: f64) -> f64 {
    let load = rate / 1000.0;
    let (mut term, mut sum) = (1.0, 0.0);
    for n in 0..cores {
        sum += term;
        term *= load / f64::from(n + 1);
    }
    let c = f64::from(cores);
    let all_busy = term * c / (c - load);
    all_busy / (sum + all_busy) / (c - load)
}

#[test]
fn waits_are_those_of_erlang() {
    for (cores, load) in [(1, 0.5), (1, 0.8), (2, 0.5), (2, 0.9), (4, 0.8), (8, 0.95)] {
        let rate = load * 1000.0 * f64::from(cores);
        let traffic = Traffic::steady(rate, 300);

        let outcome =
            simulate(&queue(cores), &Policy::fixed(1), &traffic, Disturbance::default(), 11);

        let expected = erlang_c_wait_ms(cores, rate);
        let off = (outcome.mean_wait_ms / expected - 1.0).abs();
        assert!(off < 0.05, "c={cores} load={load}: {} beside {expected}", outcome.mean_wait_ms);
        assert!((outcome.mean_ms - outcome.mean_wait_ms - 1.0).abs() < 0.02);
    }
    // The formula itself: one server at half load waits as long as it serves.
    assert!((erlang_c_wait_ms(1, 500.0) - 1.0).abs() < 1e-9);
    assert!((erlang_c_wait_ms(2, 1000.0) - 1.0 / 3.0).abs() < 1e-9);
}

#[test]
fn what_arrives_is_served_refused_failed_or_waiting() {
    let flood = Traffic::steady(6000.0, 20);
    let loss = Disturbance { zone_lost_at: Some(7), database_away_seconds: 5 };
    for (traffic, disturbance) in [
        (flood.clone(), Disturbance::default()),
        (flood, loss),
        (Traffic::People { users: 500, think_seconds: 1.0, seconds: 20 }, loss),
    ] {
        for seed in 0..5 {
            let it = simulate(&Site::DOCUMENT, &Policy::fixed(2), &traffic, disturbance, seed);

            assert_eq!(it.arrived, it.served + it.refused + it.failed + it.waiting, "seed {seed}");
            assert_eq!(it.failed > 0, disturbance.zone_lost_at.is_some(), "seed {seed}");
        }
    }
}

/// The seconds at which the number of instances changed, and to what.
fn steps(outcome: &Outcome) -> Vec<(u64, u32)> {
    let mut steps = Vec::new();
    for moment in &outcome.moments {
        if steps.last().is_none_or(|(_, n)| *n != moment.instances) {
            steps.push((moment.at_seconds, moment.instances));
        }
    }
    steps
}

#[test]
fn the_documents_policy_takes_its_time() {
    let busy = Traffic::steady(5000.0, 1200);

    let outcome = simulate(&Site::DOCUMENT, &Policy::DOCUMENT, &busy, Disturbance::default(), 1);

    // Two looks of 120 s, 90 s to boot, two checks of 30 s: 390 s. It rests until 330 + 300 s, the
    // next look is at 720 s, and the fourth comes 150 s later.
    assert_eq!(steps(&outcome), [(10, 2), (390, 3), (870, 4)]);
}

#[test]
fn it_shrinks_one_by_one_when_it_is_idle() {
    let mut policy = Policy::DOCUMENT;
    policy.least = 4;
    let traffic = Traffic::steady(1.0, 1300);
    let mut site = Site::DOCUMENT;
    site.boot_seconds = 0;

    assert_eq!(
        steps(&simulate(&site, &policy, &traffic, Disturbance::default(), 1)),
        [(10, 4)],
        "not below the least"
    );
    // It grows under load, then the load goes.
    let rates = vec![(0, 5000.0), (900, 1.0)];
    let wave = Traffic::Trace { rates, seconds: 2400 };
    let outcome = simulate(&Site::DOCUMENT, &Policy::DOCUMENT, &wave, Disturbance::default(), 1);
    assert_eq!(steps(&outcome), [(10, 2), (390, 3), (870, 4), (1200, 3), (1560, 2)]);
}

#[test]
fn a_seed_gives_exact_values() {
    let traffic = Traffic::flash_sale(5.0);
    let run =
        |seed| simulate(&Site::DOCUMENT, &Policy::DOCUMENT, &traffic, Disturbance::default(), seed);

    let once = run(42);

    assert_eq!(once, run(42));
    assert_ne!(once, run(43));
    assert_eq!((once.arrived, once.served, once.refused), (SEEN.0, SEEN.0, 0));
    assert_eq!(format!("{:.3} {:.3}", once.p50_ms, once.p99_ms), SEEN.1);
}

/// What the run with seed 42 gave when the model was last changed on purpose.
const SEEN: (u64, &str) = (47_521, "1.046 7.698");

#[test]
fn a_lost_zone_costs_its_share_until_it_is_seen() {
    let traffic = Traffic::steady(100.0, 600);
    let loss = Disturbance { zone_lost_at: Some(100), database_away_seconds: 60 };

    let outcome = simulate(&Site::DOCUMENT, &Policy::DOCUMENT, &traffic, loss, 3);

    // One of two is gone: half of 100 a second for three checks of 30 s, and a tenth of the rest
    // needs the database for 60 s of them.
    let expected = 50.0 * 90.0 + 50.0 * 0.1 * 60.0;
    assert!((float(outcome.failed) / expected - 1.0).abs() < 0.05, "{}", outcome.failed);
    // Seen after 90 s, it is replaced 150 s later.
    assert_eq!(steps(&outcome), [(10, 2), (100, 1), (340, 2)]);
}

#[test]
fn a_trace_of_nothing_is_no_division_by_zero() -> Result<(), TrafficError> {
    let traffic = Traffic::read("at_seconds,requests_per_second\n0,0\n60,0\n")?;

    let outcome = simulate(&Site::DOCUMENT, &Policy::DOCUMENT, &traffic, Disturbance::default(), 1);

    assert_eq!((outcome.arrived, outcome.lost().to_bits()), (0, 0.0_f64.to_bits()));
    assert!(outcome.p99_ms.abs() < f64::EPSILON && outcome.mean_ms.abs() < f64::EPSILON);
    Ok(())
}
