//! What becomes of firings whose time passed while nobody was there.

use super::Schedule;

/// The most missed firings that are made up for.
const MOST: usize = 100;

/// What to do with firings that were missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missed {
    /// One run for all of them, for the last of their times.
    #[default]
    RunOnce,
    /// None.
    Skip,
    /// One for each, but for the last hundred at most.
    RunAll,
}

impl Missed {
    /// By its name in the trigger's inputs.
    pub fn named(name: &str) -> Self {
        match name {
            "skip" => Self::Skip,
            "run_all" => Self::RunAll,
            _ => Self::RunOnce,
        }
    }
}

/// What a schedule does whose time has come. Instants are unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The nominal time to run for.
    pub fire: Option<i64>,
    /// When it is due after that; this may have passed as well.
    pub next: Option<i64>,
}

/// What to do at `now` with a schedule that was to fire at `planned`, or none if that is still to come. Firings before
/// `present` were missed: nobody was there to start them.
pub fn due(
    schedule: &Schedule,
    planned: i64,
    now: i64,
    present: i64,
    missed: Missed,
) -> Option<Due> {
    if planned > now {
        return None;
    }
    let fire = |nominal| Due {
        fire: Some(nominal),
        next: schedule.next(nominal),
    };
    let last_missed = schedule
        .previous(present.min(now + 1))
        .filter(|last| *last >= planned && planned < present);
    let Some(last) = last_missed else {
        return Some(fire(planned));
    };
    Some(match missed {
        Missed::RunOnce => fire(last),
        Missed::Skip => match schedule.next(last) {
            Some(next) if next <= now => fire(next),
            next => Due { fire: None, next },
        },
        Missed::RunAll => {
            let earliest = std::iter::successors(Some(last), |at| {
                schedule.previous(*at).filter(|at| *at >= planned)
            })
            .take(MOST)
            .last();
            fire(earliest.unwrap_or(last))
        }
    })
}
