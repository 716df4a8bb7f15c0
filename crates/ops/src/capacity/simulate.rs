//! One run: from the first request to the last second.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::number::{count, float, whole};
use super::policy::Watch;
use super::random::Dice;
use super::{Disturbance, Policy, Scaling, Site, Traffic};

const SECOND: u64 = 1_000_000;
/// How often the state is written down.
const MOMENT: u64 = 10 * SECOND;

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub arrived: u64,
    pub served: u64,
    /// Answered 503 at once, since the instance held as many as it may.
    pub refused: u64,
    /// Sent to an instance or a database that was gone.
    pub failed: u64,
    /// Not answered when the run ended.
    pub waiting: u64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub mean_ms: f64,
    /// From the arrival at an instance until a core was free, on average.
    pub mean_wait_ms: f64,
    pub instance_hours: f64,
    pub usd: f64,
    pub moments: Vec<Moment>,
}

/// The ten seconds before `at_seconds`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    pub at_seconds: u64,
    pub requests_per_second: f64,
    /// Those that get requests.
    pub instances: u32,
    pub cpu: f64,
    pub p99_ms: f64,
    pub refused: u64,
    pub failed: u64,
}

impl Outcome {
    /// The share of requests that got no answer worth having.
    pub fn lost(&self) -> f64 {
        float(self.refused + self.failed) / float(self.arrived.max(1))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrive,
    Act(u64),
    AppDone { request: usize, instance: usize, took: u64 },
    DatabaseDone { request: usize },
    Boots { instance: usize },
    Serves { instance: usize },
    ZoneIsLost,
    LossIsSeen,
    DatabaseIsBack,
    Look,
    Write,
}

#[derive(Clone, Copy, Debug)]
struct Request {
    arrived: u64,
    instance: usize,
    app: u64,
    database: u64,
    user: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Starting,
    Serving,
    /// Gets no more requests, and finishes those it has.
    Leaving,
    /// Gone, though the load balancer does not know yet.
    Lost,
    Gone,
}

struct Instance {
    state: State,
    begin: u64,
    end: Option<u64>,
    busy: u32,
    held: u32,
    queue: VecDeque<usize>,
}

struct Run<'a> {
    site: &'a Site,
    policy: &'a Policy,
    traffic: &'a Traffic,
    disturbance: Disturbance,
    dice: Dice,
    now: u64,
    end: u64,
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    sequence: u64,
    instances: Vec<Instance>,
    requests: Vec<Request>,
    free: Vec<usize>,
    turn: usize,
    rate_at: usize,
    database_busy: u32,
    database_queue: VecDeque<usize>,
    database_is_away: bool,
    watch: Watch,
    /// Core time since the last look, since the last moment, and in all.
    busy: [u64; 3],
    latencies: Vec<u32>,
    since: usize,
    waits: u64,
    started: u64,
    arrived_before: u64,
    lost_before: (u64, u64),
    outcome: Outcome,
}

/// Runs the traffic through the site, the same way for the same seed.
pub fn simulate(
    site: &Site,
    policy: &Policy,
    traffic: &Traffic,
    disturbance: Disturbance,
    seed: u64,
) -> Outcome {
    let mut run = Run {
        site,
        policy,
        traffic,
        disturbance,
        dice: Dice::new(seed),
        now: 0,
        end: traffic.seconds() * SECOND,
        events: BinaryHeap::new(),
        sequence: 0,
        instances: Vec::new(),
        requests: Vec::new(),
        free: Vec::new(),
        turn: 0,
        rate_at: 0,
        database_busy: 0,
        database_queue: VecDeque::new(),
        database_is_away: false,
        watch: Watch::default(),
        busy: [0; 3],
        latencies: Vec::new(),
        since: 0,
        waits: 0,
        started: 0,
        arrived_before: 0,
        lost_before: (0, 0),
        outcome: Outcome::default(),
    };
    for _ in 0..policy.least {
        run.launch();
        let last = run.instances.len() - 1;
        run.instances[last].state = State::Serving;
    }
    run.begin();
    run.go();
    run.close()
}

impl Run<'_> {
    fn begin(&mut self) {
        match *self.traffic {
            Traffic::Trace { .. } => self.schedule_arrival(),
            Traffic::People { users, think_seconds, .. } => {
                for user in 0..users {
                    let first = self.dice.exponential(think_seconds * 1e6);
                    self.at(first, Event::Act(user));
                }
            }
        }
        if let Some(second) = self.disturbance.zone_lost_at {
            self.at(second * SECOND, Event::ZoneIsLost);
        }
        if let Some(period) = Watch::period(&self.policy.scaling) {
            self.at(period * SECOND, Event::Look);
        }
        self.at(MOMENT, Event::Write);
    }

    fn go(&mut self) {
        while let Some(Reverse((at, _, event))) = self.events.pop() {
            if at > self.end {
                break;
            }
            self.now = at;
            match event {
                Event::Arrive => {
                    self.arrive(None);
                    self.schedule_arrival();
                }
                Event::Act(user) => self.arrive(Some(user)),
                Event::AppDone { request, instance, took } => {
                    self.app_done(request, instance, took);
                }
                Event::DatabaseDone { request } => self.database_done(request),
                Event::Boots { instance } => self.boots(instance),
                Event::Serves { instance } => {
                    if self.instances[instance].state == State::Starting {
                        self.instances[instance].state = State::Serving;
                    }
                }
                Event::ZoneIsLost => self.zone_is_lost(),
                Event::LossIsSeen => self.loss_is_seen(),
                Event::DatabaseIsBack => self.database_is_away = false,
                Event::Look => self.look(),
                Event::Write => self.write(),
            }
        }
        self.now = self.end;
    }

    fn at(&mut self, time: u64, event: Event) {
        self.sequence += 1;
        self.events.push(Reverse((time, self.sequence, event)));
    }

    /// The next arrival, by the rate of the moment; a new rate begins a new wait, which is right for
    /// waits that remember nothing.
    fn schedule_arrival(&mut self) {
        let Traffic::Trace { rates, .. } = self.traffic else { return };
        let mut from = self.now;
        loop {
            while rates.get(self.rate_at + 1).is_some_and(|(second, _)| second * SECOND <= from) {
                self.rate_at += 1;
            }
            let Some(&(_, rate)) = rates.get(self.rate_at) else { return };
            let until = rates.get(self.rate_at + 1).map(|(second, _)| second * SECOND);
            if rate > 0.0 {
                let next = from + self.dice.exponential(1e6 / rate);
                if until.is_none_or(|until| next < until) {
                    return self.at(next, Event::Arrive);
                }
            }
            let Some(until) = until else { return };
            from = until;
        }
    }

    fn launch(&mut self) {
        self.instances.push(Instance {
            state: State::Starting,
            begin: self.now,
            end: None,
            busy: 0,
            held: 0,
            queue: VecDeque::new(),
        });
    }

    fn arrive(&mut self, user: Option<u64>) {
        self.outcome.arrived += 1;
        let Some(instance) = self.next_instance() else {
            self.outcome.failed += 1;
            return self.leaves(user);
        };
        if self.instances[instance].state == State::Lost {
            self.outcome.failed += 1;
            return self.leaves(user);
        }
        if self.instances[instance].held >= self.site.max_in_flight {
            self.outcome.refused += 1;
            return self.leaves(user);
        }
        let (app, database) = self.work();
        let request = Request { arrived: self.now, instance, app, database, user };
        let at = if let Some(at) = self.free.pop() {
            self.requests[at] = request;
            at
        } else {
            self.requests.push(request);
            self.requests.len() - 1
        };
        self.instances[instance].held += 1;
        if self.instances[instance].busy < self.site.cores {
            self.start(at);
        } else {
            self.instances[instance].queue.push_back(at);
        }
    }

    /// In turn, among those that the load balancer takes for well.
    fn next_instance(&mut self) -> Option<usize> {
        let n = self.instances.len();
        (0..n)
            .map(|step| (self.turn + step) % n)
            .find(|at| matches!(self.instances[*at].state, State::Serving | State::Lost))
            .inspect(|at| self.turn = at + 1)
    }

    /// Microseconds of the instance and of the database for the next request.
    fn work(&mut self) -> (u64, u64) {
        let service = self.site.service;
        let kind = self.dice.percent();
        let (app, database) = if kind < service.order_percent {
            service.order
        } else if kind < service.order_percent + service.cart_percent {
            service.cart
        } else if self.dice.happens(service.kept_percent) {
            (service.kept_page, 0.0)
        } else {
            (service.page, 0.0)
        };
        let mut draw = |mean: f64| match mean / self.site.speed {
            0.0 => 0,
            mean if service.varies => self.dice.exponential(mean),
            mean => whole(mean),
        };
        (draw(app), draw(database))
    }

    fn start(&mut self, request: usize) {
        let Request { instance, app, arrived, .. } = self.requests[request];
        self.waits += self.now - arrived;
        self.started += 1;
        self.instances[instance].busy += 1;
        self.at(self.now + app, Event::AppDone { request, instance, took: app });
    }

    fn app_done(&mut self, request: usize, instance: usize, took: u64) {
        if matches!(self.instances[instance].state, State::Lost | State::Gone) {
            // It failed with its instance, and was counted then.
            return;
        }
        for busy in &mut self.busy {
            *busy += took;
        }
        self.instances[instance].busy -= 1;
        if let Some(next) = self.instances[instance].queue.pop_front() {
            self.start(next);
        }
        if self.requests[request].database == 0 {
            return self.answer(request);
        }
        if self.database_is_away {
            self.outcome.failed += 1;
            return self.release(request);
        }
        if self.database_busy < self.site.database_cores {
            self.ask_database(request);
        } else {
            self.database_queue.push_back(request);
        }
    }

    fn ask_database(&mut self, request: usize) {
        self.database_busy += 1;
        self.at(self.now + self.requests[request].database, Event::DatabaseDone { request });
    }

    fn database_done(&mut self, request: usize) {
        self.database_busy -= 1;
        if let Some(next) = self.database_queue.pop_front() {
            self.ask_database(next);
        }
        if matches!(
            self.instances[self.requests[request].instance].state,
            State::Lost | State::Gone
        ) {
            self.free.push(request);
            return;
        }
        self.answer(request);
    }

    fn answer(&mut self, request: usize) {
        let took = self.now - self.requests[request].arrived;
        self.outcome.served += 1;
        self.latencies.push(u32::try_from(took).unwrap_or(u32::MAX));
        self.release(request);
    }

    fn release(&mut self, request: usize) {
        let Request { instance, user, .. } = self.requests[request];
        self.free.push(request);
        let it = &mut self.instances[instance];
        it.held -= 1;
        if it.state == State::Leaving && it.held == 0 {
            it.state = State::Gone;
        }
        self.leaves(user);
    }

    /// Who got an answer of whatever kind thinks, and acts again.
    fn leaves(&mut self, user: Option<u64>) {
        if let (Some(user), Traffic::People { think_seconds, .. }) = (user, self.traffic) {
            let next = self.now + self.dice.exponential(think_seconds * 1e6);
            self.at(next, Event::Act(user));
        }
    }

    fn boots(&mut self, instance: usize) {
        if self.instances[instance].state == State::Starting {
            if let Scaling::Alarms { cooldown_seconds, .. } = self.policy.scaling {
                self.watch.rests_until = self.now + cooldown_seconds * SECOND;
            }
            let checks = self.site.check_seconds * self.site.checks_to_serve * SECOND;
            self.at(self.now + checks, Event::Serves { instance });
        }
    }

    fn serving(&self) -> u32 {
        let serving = self.instances.iter().filter(|it| it.state == State::Serving).count();
        u32::try_from(serving).unwrap_or(u32::MAX)
    }

    /// Those that the group counts: on their way or at work, and lost as long as nobody has seen it.
    fn counted(&self) -> u32 {
        let counts =
            |it: &&Instance| matches!(it.state, State::Starting | State::Serving | State::Lost);
        u32::try_from(self.instances.iter().filter(counts).count()).unwrap_or(u32::MAX)
    }

    fn cpu(&self, busy: u64, span: u64) -> f64 {
        let cores = u64::from(self.serving().max(1) * self.site.cores);
        float(busy) / float(span * cores)
    }

    fn look(&mut self) {
        let Some(period) = Watch::period(&self.policy.scaling) else { return };
        let busy = std::mem::take(&mut self.busy[0]);
        let cpu = self.cpu(busy, period * SECOND);
        let now = self.counted();
        let wanted = self.watch.wanted(self.policy, cpu, now, self.now);
        self.grow_to(wanted);
        if wanted < now {
            for _ in wanted..now {
                self.shrink();
            }
            if let Scaling::Alarms { cooldown_seconds, .. } = self.policy.scaling {
                self.watch.rests_until = self.now + cooldown_seconds * SECOND;
            }
        }
        self.at(self.now + period * SECOND, Event::Look);
    }

    fn grow_to(&mut self, wanted: u32) {
        for _ in self.counted()..wanted {
            self.launch();
            let instance = self.instances.len() - 1;
            self.at(self.now + self.site.boot_seconds * SECOND, Event::Boots { instance });
            // Until it has come, no other alarm is heard.
            if matches!(self.policy.scaling, Scaling::Alarms { .. }) {
                self.watch.rests_until = self.now + self.site.boot_seconds * SECOND + 1;
            }
        }
    }

    /// The oldest goes.
    fn shrink(&mut self) {
        let now = self.now;
        if let Some(it) = self.instances.iter_mut().find(|it| it.state == State::Serving) {
            it.state = if it.held == 0 { State::Gone } else { State::Leaving };
            it.end = Some(now);
        }
    }

    fn zone_is_lost(&mut self) {
        let serving: Vec<usize> = (0..self.instances.len())
            .filter(|at| matches!(self.instances[*at].state, State::Serving | State::Leaving))
            .collect();
        for &at in serving.iter().step_by(2) {
            let it = &mut self.instances[at];
            self.outcome.failed += u64::from(it.held);
            it.state = State::Lost;
            it.end = Some(self.now);
            it.queue.clear();
            (it.held, it.busy) = (0, 0);
        }
        self.database_is_away = self.disturbance.database_away_seconds > 0;
        let back = self.now + self.disturbance.database_away_seconds * SECOND;
        self.at(back, Event::DatabaseIsBack);
        let seen = self.now + self.site.check_seconds * self.site.checks_to_leave * SECOND;
        self.at(seen, Event::LossIsSeen);
    }

    fn loss_is_seen(&mut self) {
        let wanted = self.counted();
        for it in self.instances.iter_mut().filter(|it| it.state == State::Lost) {
            it.state = State::Gone;
        }
        self.grow_to(wanted);
    }

    fn write(&mut self) {
        let arrived = self.outcome.arrived
            - std::mem::replace(&mut self.arrived_before, self.outcome.arrived);
        let before =
            std::mem::replace(&mut self.lost_before, (self.outcome.refused, self.outcome.failed));
        let busy = std::mem::take(&mut self.busy[1]);
        let moment = Moment {
            at_seconds: self.now / SECOND,
            requests_per_second: float(arrived) / float(MOMENT / SECOND),
            instances: self.serving(),
            cpu: self.cpu(busy, MOMENT),
            p99_ms: percentile(&mut self.latencies[self.since..], 99),
            refused: self.outcome.refused - before.0,
            failed: self.outcome.failed - before.1,
        };
        self.since = self.latencies.len();
        self.outcome.moments.push(moment);
        self.at(self.now + MOMENT, Event::Write);
    }

    fn close(mut self) -> Outcome {
        let hour = float(3600 * SECOND);
        let span = |it: &Instance| float(it.end.unwrap_or(self.end) - it.begin);
        let hours: f64 = self.instances.iter().map(span).sum::<f64>() / hour;
        let busy_hours = float(self.busy[2]) / hour;
        let baseline = hours * f64::from(self.site.cores * self.site.baseline_percent) / 100.0;
        let surplus = (busy_hours - baseline).max(0.0);
        self.outcome.instance_hours = hours;
        self.outcome.usd =
            hours * self.site.usd_per_hour + surplus * self.site.usd_per_surplus_hour;
        let counted = self.outcome.served + self.outcome.refused + self.outcome.failed;
        self.outcome.waiting = self.instances.iter().map(|it| u64::from(it.held)).sum();
        debug_assert_eq!(self.outcome.arrived, counted + self.outcome.waiting);
        let sum: u64 = self.latencies.iter().map(|us| u64::from(*us)).sum();
        self.outcome.mean_ms = float(sum) / float(count(self.latencies.len()).max(1)) / 1000.0;
        self.outcome.mean_wait_ms = float(self.waits) / float(self.started.max(1)) / 1000.0;
        self.outcome.p50_ms = percentile(&mut self.latencies, 50);
        self.outcome.p99_ms = percentile(&mut self.latencies, 99);
        self.outcome
    }
}

/// Milliseconds that so many of a hundred do not exceed.
fn percentile(latencies: &mut [u32], percent: usize) -> f64 {
    if latencies.is_empty() {
        return 0.0;
    }
    let at = (latencies.len() * percent / 100).min(latencies.len() - 1);
    let (_, value, _) = latencies.select_nth_unstable(at);
    f64::from(*value) / 1000.0
}

#[cfg(test)]
mod tests;
