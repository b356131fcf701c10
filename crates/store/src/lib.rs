//! The only crate that speaks SQL: everything Patchbay remembers, behind finders that start from a scope.
//!
//! Every function is free, lives in the module of its noun, and begins `(store: &Store, scope, …)`. The scope says who
//! asks: [`Scope`] for a person in an organisation, [`RunScope`] for a run that acts for one, [`System`] for sign-in,
//! start-up and workers. What a scope may not see is [`StoreError::NotFound`], never "forbidden". Instants are unix
//! milliseconds. Secrets arrive and leave as [`SealedText`]; sealing is the vault's.
//!
//! # The functions
//!
//! ```text
//! Store::open(Options { place: Place::Folder(path) | Place::Url(url), durability, clock }) -> Store   runs the migrations
//! DataDir::create(path)? .lock()? -> LockedDataDir          serve holds it; StoreError::Locked when another one does
//! store.now() · store.fresh_id("wf_") · store.journal() -> Arc<SqlJournal> (engine::port::Journal) · store.ping() · store.close()
//!
//! organisations  found(&System, Founding) -> (OrganisationId, PersonId)   first organisation and its owner; Exists when there is one
//!                first_owner(&System) -> Option<(OrganisationId, PersonId)> · get(&Scope) · rename(&Scope, name)
//! people         any(&System) -> bool · by_email(&System, email) -> Option<Account> · list(&Scope) -> Vec<Member>
//!                set_role(&Scope, person, Role) · remove(&Scope, person) · rename(&Scope, name) · set_password(&Scope, hash)
//! sessions       create(&System, NewSession) -> id · open(&System, token_hash) -> Option<SignedIn> · end(&System, token_hash)
//!                end_others(&Scope, keep_token_hash) · sweep(&System) -> u64
//! api_tokens     create(&Scope, name, token_hash) -> ApiToken · create_for(&System, org, person, name, token_hash)
//!                open(&System, token_hash) -> Option<SignedIn> · list(&Scope) · revoke(&Scope, id)
//! invitations    create(&Scope, NewInvitation) -> Invitation · list(&Scope) · revoke(&Scope, id)
//!                find(&System, token_hash) -> Invitation · accept(&System, token_hash, NewPerson) -> (OrganisationId, PersonId)
//! environments   fresh_id(store) · list(&Scope, service?) · get(&Scope, id) · create(&Scope, id, NewEnvironment)
//!                change(&Scope, id, NewEnvironment) · delete(&Scope, id) -> InUse when authentications stand on it
//!                put_built_in(&System, id, NewEnvironment, demo) · for_run(&RunScope, id) · for_worker(&System, id)
//! authentications list(&Scope, service?) · get(&Scope, id) · fresh_id(store) · create(&Scope, NewAuthentication)
//!                reconnect(&Scope, id, requested_scopes, Connected) · rename(&Scope, id, name)
//!                delete(&Scope, id) -> StoredCredential
//!                credential(&Scope, id) · credential_for_run(&RunScope, id) · credential_for_worker(&System, id)
//!                save_credential(&System, id, version, SealedText, expires_at) -> bool · needs_reconnect(&System, id, reason)
//!                touch(&System, id)
//! attempts       create(&Scope, NewAttempt) -> id · take(&System, state_hash, session_hash) -> Result<Taken, TakeError>
//!                finish(&System, id, Outcome) · get(&Scope, id) -> Attempt · sweep(&System)
//! workflows      create(&Scope, &Change) -> Saved · save(&Scope, id, expected: Option<i64>, &Change) -> Saved   Conflict{current}
//!                list(&Scope, search?) · get(&Scope, id) -> Workflow · revision(&Scope, id, number) · revisions(&Scope, id, limit)
//!                restore(&Scope, id, number, expected) -> Saved · edits_since(&Scope, id, base) -> Option<Vec<LoggedEdits>>
//!                enable(&Scope, id, Enable) -> Publication · disable(&Scope, id) · delete(&Scope, id)
//!                using_authentication(&Scope, auth) -> Vec<UsedBy> · names(&Scope, ids) -> HashMap
//!                enabled(&System) -> Vec<Published> · by_webhook_key(&System, key) -> Option<Published>
//!                published_for_worker(&System, id) -> Option<(OrganisationId, revision, Document)>
//! runs           fresh_id(store) -> RunId · list(&Scope, &RunFilter, cursor?, limit) -> Page<Run> · get(&Scope, id)
//!                steps(&Scope, run, &StepFilter, offset, limit) -> StepPage · events(&Scope, run, after, limit)
//!                progress(&Scope, run) -> Progress · latest_outputs(&Scope, workflow, &[step]) -> LatestOutputs
//!                latest_by_workflow(&Scope, &[workflow]) -> HashMap · delete(&Scope, id) · prune(&System, &Retention) -> u64
//! triggers       start(&Scope, workflow, &Start) · stop(&Scope, workflow) · get(&Scope, workflow) -> Option<Trigger>
//!                last_run_at(&RunScope, workflow) -> Option<i64> · is_open(&System, run) · failed(&System, since, run?, limit)
//!                sweep(&System)
//!                listed(&System) · due(&System, kind, now, limit) · earliest(&System, kind, after) -> Option<i64>
//!                skip(&System, workflow, planned, next) · postpone(&System, workflow, next) · well(&System, workflow)
//!                save_registration(&System, workflow, sealed?, renew_at) · save_trouble(&System, workflow, message, failing)
//!                save_sample(&System, workflow, output) · sample(&Scope, workflow) · forget_sample(&Scope, workflow)
//!                plan(&Scope, run) -> Json · input(&Scope, run) -> Json                      what it was started with, to do it again
//! pins           list(&Scope, workflow) -> Vec<Pin> · put(&Scope, workflow, step, output) · remove(&Scope, workflow, step)
//! storage        usage(&System) -> Usage
//! backup         copy(store, &System, folder) -> consistent copies of the SQLite files and of the blobs that they name
//! blobs          usage(&System) -> BlobUsage · sweep(&System, untouched) -> bytes freed
//! audit          record(&Scope, action, target) · list(&Scope, cursor?, limit) -> Page<AuditEntry>
//! secrets        all(&System) -> Vec<SealedSecret> · replace(&System, &SealedSecret, SealedText) -> bool      for key rotation
//! ```

pub mod api_tokens;
pub mod attempts;
pub mod audit;
pub mod authentications;
pub mod backup;
pub mod blobs;
mod data_dir;
mod database;
#[expect(
    unreachable_pub,
    reason = "the derives of sea-orm make public items; the module is private"
)]
mod entity;
pub mod environments;
mod error;
mod ids;
pub mod invitations;
pub mod journal;
pub mod organisations;
pub mod people;
pub mod pins;
pub mod runs;
mod scope;
pub mod secrets;
pub mod sessions;
pub mod storage;
mod store;
mod text;
pub mod triggers;
pub mod workflows;

pub use data_dir::{DataDir, LockedDataDir};
pub use error::{StoreError, StoreResult};
pub use journal::SqlJournal;
pub use scope::{Role, RunScope, Scope, SignedIn, System};
pub use store::{Clock, Durability, Options, Page, Place, Store};
pub use text::SealedText;

#[cfg(test)]
mod tests;
