//! The stories, one file for each, in one binary.

mod harness;
mod scaffold;
