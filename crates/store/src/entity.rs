//! One file per table, as the migrations made it.

pub mod api_tokens;
pub mod audit;
pub mod authentications;
pub mod authorisation_attempts;
pub mod deliveries;
pub mod environments;
pub mod events;
pub mod firings;
pub mod frontiers;
pub mod invitations;
pub mod last_runs;
pub mod memberships;
pub mod organisations;
pub mod people;
pub mod pins;
pub mod plans;
pub mod run_blobs;
pub mod runs;
pub mod sessions;
pub mod trigger_samples;
pub mod triggers;
pub mod workflow_authentications;
pub mod workflow_edits;
pub mod workflow_revisions;
pub mod workflows;
