//! How many instances, and what changes that.

/// The group of instances, as Terraform sets it up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    pub least: u32,
    pub most: u32,
    pub scaling: Scaling,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scaling {
    Never,
    /// Two alarms on the CPU of all instances together; each moves the group by `step`.
    Alarms {
        up: f64,
        down: f64,
        period_seconds: u64,
        evaluations: u32,
        step: u32,
        /// After an instance came or went, before the next one does.
        cooldown_seconds: u64,
    },
    /// Holds the CPU near a value: out after three minutes above, in after fifteen below.
    Target {
        cpu: f64,
    },
}

impl Policy {
    /// Two to four; over 70 % for twice two minutes one more, under 30 % one less, 300 s between.
    pub const DOCUMENT: Self = Self {
        least: 2,
        most: 4,
        scaling: Scaling::Alarms {
            up: 0.7,
            down: 0.3,
            period_seconds: 120,
            evaluations: 2,
            step: 1,
            cooldown_seconds: 300,
        },
    };

    pub const fn fixed(instances: u32) -> Self {
        Self { least: instances, most: instances, scaling: Scaling::Never }
    }
}

impl std::fmt::Display for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { least, most, scaling } = self;
        match scaling {
            Scaling::Never => write!(f, "{least} instances"),
            Scaling::Alarms { up, period_seconds, evaluations, step, cooldown_seconds, .. } => {
                let percent = up * 100.0;
                write!(
                    f,
                    "{least} to {most}, {step:+} over {percent:.0} % for {evaluations} × \
                     {period_seconds} s, then {cooldown_seconds} s of rest"
                )
            }
            Scaling::Target { cpu } => {
                write!(f, "{least} to {most}, holding {:.0} % of CPU", cpu * 100.0)
            }
        }
    }
}

/// What the alarms have seen so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    high: u32,
    low: u32,
    /// Nothing moves before.
    pub(super) rests_until: u64,
}

impl Watch {
    /// How often the CPU is looked at, in seconds.
    pub(super) fn period(scaling: &Scaling) -> Option<u64> {
        match scaling {
            Scaling::Never => None,
            Scaling::Alarms { period_seconds, .. } => Some(*period_seconds),
            Scaling::Target { .. } => Some(60),
        }
    }

    /// How many instances there should be, of `now` that there are.
    pub(super) fn wanted(&mut self, policy: &Policy, cpu: f64, now: u32, at: u64) -> u32 {
        let (up, down, out_after, in_after) = match policy.scaling {
            Scaling::Never => return now,
            Scaling::Alarms { up, down, evaluations, .. } => (up, down, evaluations, evaluations),
            Scaling::Target { cpu } => (cpu, cpu * 0.9, 3, 15),
        };
        self.high = if cpu > up { self.high + 1 } else { 0 };
        self.low = if cpu < down { self.low + 1 } else { 0 };
        if at < self.rests_until {
            return now;
        }
        let wanted = match policy.scaling {
            Scaling::Alarms { step, .. } if self.high >= out_after => now + step,
            Scaling::Alarms { step, .. } if self.low >= in_after => now.saturating_sub(step),
            Scaling::Target { cpu: target } if self.high >= out_after => {
                let needed = (f64::from(now) * cpu / target).ceil();
                u32::try_from(super::number::whole(needed)).unwrap_or(u32::MAX)
            }
            Scaling::Target { .. } if self.low >= in_after => now.saturating_sub(1),
            _ => now,
        };
        wanted.clamp(policy.least, policy.most)
    }
}
