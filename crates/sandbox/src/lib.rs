//! A stateful stand-in for RingCentral and Google on one loopback address, for the demo and for tests.
//!
//! It keeps what it is told (rows stay in sheets, text messages in the message store, refresh tokens
//! rotate) and refuses what the real services refuse, with their error bodies, so that a program
//! which works here was not merely answered politely.
//!
//! One origin serves everything, since the paths of the services do not collide:
//!
//! | path | stands for |
//! |---|---|
//! | `/restapi/oauth/*`, `/restapi/v1.0/*` | `platform.ringcentral.com` |
//! | `/o/oauth2/v2/auth`, `/token`, `/revoke` | `accounts.google.com`, `oauth2.googleapis.com` |
//! | `/v4/spreadsheets*` | `sheets.googleapis.com` |
//! | `/drive/v3/*` | `www.googleapis.com` |
//! | `/`, `/sheets/{id}`, `/calls`, `/events` | pages for people |
//! | `/_sandbox/*` | the control interface for tests in other processes |
//!
//! Two people exist on both services: Ana Ruiz (extension 101, an administrator) and Ben Okafor
//! (extension 102, not an administrator).

mod clock;
mod config;
mod control;
mod dispatch;
mod faults;
mod google;
mod oauth;
mod pages;
mod people;
mod persist;
mod random;
mod request_log;
mod ringcentral;
mod sandbox;
mod state;
#[cfg(test)]
mod tests;
mod wire;

pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{Config, GoogleQuota, RateLimits, RedirectRule};
pub use faults::Fault;
pub use request_log::RequestLogEntry;
pub use sandbox::Sandbox;
