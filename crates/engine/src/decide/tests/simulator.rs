//! Random plans under random faults: a process that dies and drops what is not durable, answers that are late, lost
//! or come twice, a clock that jumps. Whatever happens, a run ends like in the reference interpreter.

use super::reference::{Failing, answer, ends_early, interpret, nodes, outputs, write};
use crate::{
    decide::{Command, Invocation, decide, settle, time_out},
    limits::Limits,
    plan::{Plan, compile},
    state::State,
    testing::{Bench, catalog},
};
use patchbay_model::{
    Json,
    event::{Event, EventKind, RunStatus},
};
use proptest::{
    prelude::Strategy,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Random plans per run of the tests.
const SEEDS: u64 = 400;

/// A mistake that the simulator has to notice.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Planted {
    Nothing,
    /// A batch counts as durable and is not.
    LostCommit,
    /// After a death, the end of a step is overlooked.
    RepeatedStep,
    /// Whoever watches is told before it is durable.
    EarlyTelling,
    /// A call leaves before its start is durable.
    EarlyCall,
    /// Steps in a loop see the first item again and again.
    WrongScope,
}

/// Numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.roll() % count.max(1) as u64) as usize
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.roll().is_multiple_of(count)
    }
}

/// The service behind the calls: it outlives the process.
#[derive(Default)]
struct Service {
    /// Inputs of every request, by idempotency key.
    seen: BTreeMap<String, Vec<Json>>,
}

/// One run and everything around it.
struct Simulation<'a> {
    plan: &'a Plan,
    fails: &'a Failing,
    planted: Planted,
    dice: Dice,
    now: i64,
    epoch: u64,
    durable: Vec<Event>,
    /// The last checkpoint, taken when so many events were durable.
    checkpoint: Option<(usize, Json)>,
    /// What whoever watches has been told.
    told: Vec<Event>,
    service: Service,
    // What dies with the process:
    state: State,
    batch: Vec<Event>,
    leaving: Vec<Invocation>,
    flying: Vec<Invocation>,
    /// Inputs of the first call of each step, for a planted mistake.
    first: BTreeMap<String, Json>,
}

type Check<T = ()> = Result<T, String>;

impl<'a> Simulation<'a> {
    fn new(plan: &'a Plan, fails: &'a Failing, planted: Planted, seed: u64) -> Self {
        let accepted = Event {
            ord: 1,
            at: 1_000,
            kind: EventKind::RunAccepted { input: json!({}) },
        };
        Self {
            plan,
            fails,
            planted,
            dice: Dice(seed),
            now: 1_000,
            epoch: 0,
            durable: vec![accepted],
            checkpoint: None,
            told: Vec::new(),
            service: Service::default(),
            state: State::new(&Bench::facts()),
            batch: Vec::new(),
            leaving: Vec::new(),
            flying: Vec::new(),
            first: BTreeMap::new(),
        }
    }

    /// Runs to the end; gives all durable events, or what is wrong.
    fn run(mut self) -> Check<Vec<Event>> {
        self.begin()?;
        for _ in 0..20_000 {
            if self.state.outcome().is_some() && self.batch.is_empty() {
                return self.finish();
            }
            let wake = self.advance()?;
            if self.dice.one_in(9) {
                self.die()?;
                continue;
            }
            self.commit();
            if self.dice.one_in(9) {
                self.die()?;
                continue;
            }
            let leaving = std::mem::take(&mut self.leaving);
            self.flying.extend(leaving);
            if self.dice.one_in(12) {
                // The clock is set, forwards or backwards.
                let jump = i64::try_from(self.dice.below(7_200_000)).unwrap_or(0) - 3_600_000;
                self.now = (self.now + jump).max(0);
            }
            self.world(wake)?;
        }
        Err("the run does not end".to_owned())
    }

    /// A process takes the run over, from the last checkpoint or from the first event.
    fn begin(&mut self) -> Check {
        self.epoch += 1;
        let facts = Bench::facts();
        let mut known = self.durable.clone();
        if self.planted == Planted::RepeatedStep
            && matches!(
                known.last().map(|event| &event.kind),
                Some(EventKind::StepSucceeded { .. })
            )
        {
            known.pop();
            self.checkpoint = None;
            self.durable = known.clone();
        }
        let (mut state, from) = match &self.checkpoint {
            Some((count, frozen)) if self.epoch.is_multiple_of(2) => {
                let mut state = State::thaw(&facts, frozen).map_err(|error| error.to_string())?;
                let named: Vec<Event> = state
                    .outstanding()
                    .into_iter()
                    .filter_map(|ord| {
                        known
                            .get(usize::try_from(ord).ok()?.checked_sub(1)?)
                            .cloned()
                    })
                    .collect();
                state
                    .hydrate(self.plan, &named)
                    .map_err(|error| error.to_string())?;
                (state, *count)
            }
            _ => (State::new(&facts), 0),
        };
        for event in known.iter().skip(from) {
            state
                .apply(self.plan, event)
                .map_err(|error| error.to_string())?;
        }
        self.state = state;
        if self.state.outcome().is_none() {
            self.record(EventKind::RunStarted { epoch: self.epoch })?;
        }
        Ok(())
    }

    fn die(&mut self) -> Check {
        self.batch.clear();
        self.leaving.clear();
        self.flying.clear();
        self.begin()
    }

    fn record(&mut self, kind: EventKind) -> Check {
        let event = Event {
            ord: self.state.ord() + 1,
            at: self.now,
            kind,
        };
        self.state
            .apply(self.plan, &event)
            .map_err(|error| error.to_string())?;
        if self.planted == Planted::EarlyTelling {
            self.told.push(event.clone());
        }
        self.batch.push(event);
        Ok(())
    }

    /// All that can be done without the outside world; gives when there is more.
    fn advance(&mut self) -> Check<Option<i64>> {
        loop {
            let mut wake: Option<i64> = None;
            let mut moved = false;
            for command in decide(self.plan, &self.state, self.now) {
                if let Command::Wait { until, .. } = command {
                    wake = Some(wake.map_or(until, |earliest| earliest.min(until)));
                    continue;
                }
                moved = true;
                for kind in command.events(self.now) {
                    self.record(kind)?;
                }
                if let Command::Invoke(call) = command {
                    match self.planted {
                        Planted::EarlyCall => self.flying.push(*call),
                        _ => self.leaving.push(*call),
                    }
                }
            }
            if !moved {
                return Ok(wake);
            }
            if self.planted == Planted::EarlyCall && !self.flying.is_empty() && self.dice.one_in(3)
            {
                let call = self.flying[0].clone();
                self.execute(&call)?;
            }
        }
    }

    fn commit(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        let lost = self.planted == Planted::LostCommit && self.dice.one_in(4);
        if self.planted != Planted::EarlyTelling {
            self.told.extend(batch.iter().cloned());
        }
        if !lost {
            self.durable.extend(batch);
        }
        if self.dice.one_in(5) && self.state.outcome().is_none() && !lost {
            self.checkpoint = Some((self.durable.len(), self.state.freeze()));
        }
    }

    /// A request arrives at the service.
    fn execute(&mut self, call: &Invocation) -> Check<Json> {
        let key = &call.idempotency_key;
        let same = |step: &str, iteration: &[u64]| step == call.step && iteration == call.iteration;
        let mut started = false;
        for event in &self.durable {
            match &event.kind {
                EventKind::StepStarted {
                    step,
                    iteration,
                    attempt,
                    ..
                } => {
                    started |= same(step, iteration) && *attempt == call.attempt;
                }
                EventKind::StepSucceeded {
                    step, iteration, ..
                }
                | EventKind::StepFailed {
                    step,
                    iteration,
                    retry_at: None,
                    ..
                } if same(step, iteration) => {
                    return Err(format!("{key} is called again after its end was durable"));
                }
                _ => {}
            }
        }
        if !started {
            return Err(format!("{key} is called before its start is durable"));
        }
        let inputs = match self.planted {
            Planted::WrongScope => self
                .first
                .entry(call.step.clone())
                .or_insert_with(|| call.inputs.clone())
                .clone(),
            _ => call.inputs.clone(),
        };
        let seen = self.service.seen.entry(key.clone()).or_default();
        seen.push(inputs.clone());
        if seen.iter().any(|other| *other != inputs) {
            return Err(format!("{key} came with other inputs the second time"));
        }
        Ok(inputs)
    }

    /// Something happens outside: a call is carried out, and its answer comes, twice perhaps, or is lost.
    fn world(&mut self, wake: Option<i64>) -> Check {
        if self.flying.is_empty() {
            if let Some(wake) = wake {
                self.now = self.now.max(wake);
            }
            return Ok(());
        }
        let call = self.flying.remove(self.dice.below(self.flying.len()));
        let inputs = self.execute(&call)?;
        let started_at = self.now;
        let result = if self.dice.one_in(6) {
            self.now += i64::try_from(call.timeout_ms).unwrap_or(0);
            Err(time_out(self.plan, &call))
        } else {
            self.now += i64::try_from(self.dice.below(50)).unwrap_or(0);
            answer(self.fails, &call.step, &call.iteration, &inputs)
        };
        let times = if self.dice.one_in(6) { 2 } else { 1 };
        for _ in 0..times {
            let expected =
                self.state
                    .is_attempting(self.plan, &call.step, &call.iteration, call.attempt);
            if expected {
                let kind = settle(
                    self.plan,
                    &Limits::default(),
                    &call,
                    result.clone(),
                    started_at,
                    self.now,
                );
                self.record(kind)?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Check<Vec<Event>> {
        let durable: BTreeSet<String> = self
            .durable
            .iter()
            .map(|event| format!("{event:?}"))
            .collect();
        if let Some(event) = self
            .told
            .iter()
            .find(|event| !durable.contains(&format!("{event:?}")))
        {
            return Err(format!(
                "somebody was told of {event:?}, which is not durable"
            ));
        }
        Ok(self.durable)
    }
}

/// The workflow of a seed, run under its faults and compared with the reference.
fn simulate(seed: u64, planted: Planted) -> Check {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let nodes = nodes()
        .new_tree(&mut runner)
        .map_err(|error| error.to_string())?
        .current();
    let concurrency = if ends_early(&nodes) { 1 } else { 1 + seed % 3 };
    let (workflow, fails) = write(&nodes, concurrency);
    let plan = compile(&workflow, &catalog()).map_err(|problems| format!("{problems:?}"))?;
    let events = Simulation::new(&plan, &fails, planted, seed).run()?;
    let expected = interpret(&workflow, &fails);
    let Some(EventKind::RunFinished { status, .. }) = events.last().map(|event| &event.kind) else {
        return Err("the last event does not end the run".to_owned());
    };
    if (*status == RunStatus::Succeeded) != expected.succeeds {
        return Err(format!("the run ended as {status:?}"));
    }
    let outputs = outputs(&events);
    for (key, output) in &expected.outputs {
        if outputs.get(key) != Some(output) {
            return Err(format!(
                "{key} gave {:?} and not {output}",
                outputs.get(key)
            ));
        }
    }
    match outputs.len() == expected.outputs.len() {
        true => Ok(()),
        false => Err("steps ended that should not have run".to_owned()),
    }
}

#[test]
fn every_run_ends_as_if_nothing_had_happened() {
    for seed in 0..SEEDS {
        if let Err(wrong) = simulate(seed, Planted::Nothing) {
            panic!("seed {seed}: {wrong}");
        }
    }
}

#[test]
fn a_planted_mistake_of_each_kind_is_noticed() {
    for planted in [
        Planted::LostCommit,
        Planted::RepeatedStep,
        Planted::EarlyTelling,
        Planted::EarlyCall,
        Planted::WrongScope,
    ] {
        let noticed = (0..SEEDS).any(|seed| simulate(seed, planted).is_err());
        assert!(noticed, "{planted:?} passes unnoticed");
    }
}
