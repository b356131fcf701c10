//! The runner in the whole, over a world in memory.
