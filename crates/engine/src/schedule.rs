//! When a schedule fires: intervals, times of day, days of the week, cron. Pure: every instant is an argument.

mod clock;
mod cron;
mod missed;
mod rule;
mod zone;

pub use clock::{instant, parse_instant};
pub use cron::Cron;
pub use missed::{Due, Missed, due};
pub use rule::{Rule, Schedule, ScheduleError};
pub use zone::zone;

/// The most upcoming firings that anybody is shown.
pub const SHOWN: usize = 10;

#[cfg(test)]
mod tests;
