//! The stories, one file for each, in one binary.

mod api_bad_input;
mod api_debug;
mod api_flow;
mod api_people;
mod api_seed_job;
mod api_triggers;
mod authentication_dialog;
mod editing;
mod harness;
mod kill;
mod openapi;
mod pages;
mod ringcentral_trigger;
mod scaffold;
mod screen_editing;
mod screen_people;
mod screen_sign_in;
mod seed_job_by_keyboard;
mod seed_job_by_mouse;
mod support;
