//! Chance that a seed repeats, on every machine and with every version of the crates we use.

use super::number::{float, whole};

/// `SplitMix64`.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Above 0 and at most 1.
    fn fraction(&mut self) -> f64 {
        float((self.next() >> 11) + 1) / float(1 << 53)
    }

    /// Whether something happens that happens `percent` times of a hundred.
    pub(super) fn happens(&mut self, percent: u32) -> bool {
        self.next() % 100 < u64::from(percent)
    }

    /// Below a hundred.
    pub(super) fn percent(&mut self) -> u32 {
        u32::try_from(self.next() % 100).unwrap_or_default()
    }

    /// A waiting time of that mean, at least one microsecond.
    pub(super) fn exponential(&mut self, mean: f64) -> u64 {
        whole(-self.fraction().ln() * mean).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_known_numbers() {
        let mut dice = Dice::new(1_234_567);
        assert_eq!(
            [dice.next(), dice.next()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]
        );
    }

    #[test]
    fn waiting_times_have_their_mean() {
        let mut dice = Dice::new(7);
        let sum: u64 = (0..100_000).map(|_| dice.exponential(1000.0)).sum();
        assert!((99_000_000..101_000_000).contains(&sum), "{sum}");
    }
}
