//! What a workflow is, and every question that can be answered by looking at it.
//!
//! Pure: no I/O, clock, randomness or threads; the server and the browser run the same code.

pub mod check;
pub mod compat;
pub mod condition;
pub mod document;
pub mod edit;
pub mod event;
pub mod id;
pub mod path;
pub mod problem;
pub mod progress;
pub mod reach;
pub mod schema;
pub mod scope;
pub mod spec;
pub mod suggest;
pub mod tree;
pub mod value;
mod words;

/// JSON as it travels and as it is stored; objects keep their key order.
pub type Json = serde_json::Value;
/// A JSON object; keeps its key order.
pub type JsonMap = serde_json::Map<String, serde_json::Value>;
