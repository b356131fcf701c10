//! The server behind the binary `patchbay`: wiring, HTTP, sessions, the command line.

#![recursion_limit = "512"]

mod attempts;
mod authorisation;
pub mod boot;
mod called;
pub mod catalog;
mod checking;
pub mod cli;
pub mod config;
mod cookies;
mod credentials;
mod debugging;
pub mod demo;
mod disk;
mod error;
mod extract;
mod housekeeping;
mod in_process;
mod invoke;
mod live;
mod merge;
mod pages;
mod passwords;
mod routes;
mod samples;
mod security;
mod setup;
mod shutdown;
mod site;
pub mod state;
mod summary;
mod telemetry;
mod templates;
mod time;
mod triggers;
