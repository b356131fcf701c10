//! The outside world in memory, for the tests of the engine and of whoever stands on it.

mod bench;
mod catalog;
mod clock;
mod invoke;
mod journal;

pub use bench::Bench;
pub use catalog::{catalog, workflow};
pub use clock::ManualClock;
pub use invoke::{Answering, FakeInvoke};
pub use journal::MemoryJournal;
