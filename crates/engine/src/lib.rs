//! What happens next in a run: the decision is pure, the loop that carries it out is in one place.
//!
//! A [`plan::Plan`] is a workflow made ready to run. A [`state::State`] is the fold of a run's events over its
//! plan. [`decide::decide`] looks at both and says what to do; [`runner::Runner`] does it, and journals it.

mod clip;
pub mod decide;
mod input;
pub mod limits;
pub mod plan;
pub mod port;
mod redact;
mod retry;
pub mod runner;
pub mod schedule;
pub mod state;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
