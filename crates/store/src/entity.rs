//! One file per table, as the migrations made it.

pub mod api_tokens;
pub mod audit;
pub mod authentications;
pub mod authorisation_attempts;
pub mod environments;
pub mod events;
pub mod frontiers;
pub mod invitations;
pub mod memberships;
pub mod organisations;
pub mod people;
pub mod plans;
pub mod runs;
pub mod sessions;
pub mod workflow_authentications;
pub mod workflow_edits;
pub mod workflow_revisions;
pub mod workflows;
