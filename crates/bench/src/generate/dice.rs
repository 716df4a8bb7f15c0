//! Chance that falls the same way in each run.

/// A small generator: splitmix64, which any seed starts well.
#[derive(Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// Each thing has dice of its own, so that it does not matter in which order things are made.
    pub(super) fn of(seed: u64, thing: u64) -> Self {
        let mut dice = Self(seed ^ thing.wrapping_mul(0xd134_2543_de82_ef95));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to and without `sides`.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % sides).unwrap_or_default()
    }

    pub(super) fn percent(&mut self, share: usize) -> bool {
        self.roll(100) < share
    }

    pub(super) fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.roll(things.len())]
    }

    /// A place among `n`, of which the second comes half as often as the first, the third a third
    /// as often, and so on: words and brands are like that.
    pub(super) fn zipf(&mut self, n: usize) -> usize {
        // The inverse of the continuous law: n^u with u uniform.
        let n = n.max(1);
        let bits = usize::BITS - n.leading_zeros();
        loop {
            // A size at random, then a place within that size.
            let size = self.roll(usize::try_from(bits).unwrap_or(1));
            let place = (1 << size) - 1 + self.roll(1 << size);
            if place < n {
                return place;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same_way() {
        let rolls = |seed, thing| {
            let mut dice = Dice::of(seed, thing);
            (0..20).map(|_| dice.roll(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(rolls(1, 7), rolls(1, 7));
        assert_ne!(rolls(1, 7), rolls(1, 8));
        assert_ne!(rolls(1, 7), rolls(2, 7));
    }

    #[test]
    fn the_first_words_are_by_far_the_most_frequent() {
        let mut dice = Dice::of(1, 1);
        let mut counts = [0_u32; 1_000];
        for _ in 0..100_000 {
            counts[dice.zipf(1_000)] += 1;
        }
        assert!(counts[0] > 8_000 && counts[0] < 12_000, "{}", counts[0]);
        let tail: u32 = counts[500..].iter().sum();
        assert!(tail > 5_000 && tail < 12_000, "{tail}");
    }
}
