//! Behaviour over HTTP: the router is driven as a client would, with a clock that stands still.

mod call_log;
mod client;
mod company;
mod control;
mod described;
mod drive;
mod google_sign_in;
mod limits;
mod persist;
mod ringcentral_sign_in;
mod shape;
mod sheets;
mod sheets_batches;
mod webhooks;
