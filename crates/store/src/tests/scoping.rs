//! Another organisation sees nothing and changes nothing: every function that takes a scope, one by one.

use super::bench::{Bench, MINUTE, change, connected, document};
use super::journal::accepted;
use super::on_every_backend;
use crate::{
    Role, RunScope, SealedText, StoreError, StoreResult, api_tokens, attempts, audit,
    authentications::{self, Ownership},
    environments::{self, NewEnvironment},
    invitations::{self, NewInvitation},
    organisations, people,
    runs::{self, RunFilter, StepFilter},
    workflows::{self, Enable},
};
use std::fmt::Debug;

#[track_caller]
fn hidden<T: Debug>(result: StoreResult<T>) {
    assert!(matches!(result, Err(StoreError::NotFound(_))), "{result:?}");
}

on_every_backend! {
    async fn a_stranger_sees_and_changes_nothing(bench: &Bench) {
        let owner = bench.owner().await;
        let member = bench.member(&owner, Role::Builder).await;
        let stranger = bench.stranger().await;
        let store = &bench.store;
        let shared = bench.authentication(&owner, Ownership::Organisational).await;
        let personal = bench.authentication(&owner, Ownership::Personal).await;
        let workflow = bench.workflow(&owner, &document("Mine", &[&shared])).await;
        let run = accepted(bench, &owner).await;
        let environment = environments::fresh_id(store).unwrap();
        let new_environment = || NewEnvironment { service: "google".to_owned(), ..NewEnvironment::default() };
        environments::create(store, &owner, environment.clone(), new_environment()).await.unwrap();
        let token = api_tokens::create(store, &owner, "t", "digest").await.unwrap().id;
        let invitation = NewInvitation { token_hash: "i".to_owned(), role: Role::Viewer, email: None, expires_at: store.now() + MINUTE };
        let invitation = invitations::create(store, &owner, invitation).await.unwrap().id;
        let attempt = attempts::NewAttempt {
            state_hash: "s".to_owned(),
            session_hash: "x".to_owned(),
            verifier: SealedText(String::new()),
            request: serde_json::json!({}),
            expires_at: store.now() + MINUTE,
        };
        let attempt = attempts::create(store, &owner, attempt).await.unwrap();
        audit::record(store, &owner, "workflow.created", workflow.as_str()).await.unwrap();

        // Finders of one thing.
        hidden(workflows::get(store, &stranger, &workflow).await);
        hidden(workflows::revision(store, &stranger, &workflow, 1).await);
        hidden(workflows::revisions(store, &stranger, &workflow, 9).await);
        hidden(workflows::edits_since(store, &stranger, &workflow, 1).await);
        hidden(authentications::get(store, &stranger, &shared).await);
        hidden(authentications::credential(store, &stranger, &shared).await);
        hidden(authentications::credential_for_run(store, &stranger.of_run(), &shared).await);
        hidden(environments::get(store, &stranger, &environment).await);
        hidden(environments::for_run(store, &stranger.of_run(), &environment).await);
        hidden(attempts::get(store, &stranger, &attempt).await);
        hidden(runs::get(store, &stranger, &run).await);
        hidden(runs::events(store, &stranger, &run, 0, 9).await);
        hidden(runs::progress(store, &stranger, &run).await);
        hidden(runs::steps(store, &stranger, &run, &StepFilter::default(), 0, 9).await);

        // Lists.
        assert_eq!(workflows::list(store, &stranger, None).await.unwrap(), []);
        assert_eq!(workflows::using_authentication(store, &stranger, &shared).await.unwrap(), []);
        assert!(workflows::names(store, &stranger, [workflow.clone()]).await.unwrap().is_empty());
        assert_eq!(authentications::list(store, &stranger, None).await.unwrap(), []);
        assert_eq!(environments::list(store, &stranger, None).await.unwrap(), []);
        assert_eq!(api_tokens::list(store, &stranger).await.unwrap(), []);
        assert_eq!(invitations::list(store, &stranger).await.unwrap(), []);
        assert_eq!(audit::list(store, &stranger, None, 9).await.unwrap().items, []);
        assert_eq!(runs::list(store, &stranger, &RunFilter::default(), None, 9).await.unwrap().items, []);
        let workflow_of_run = runs::get(store, &owner, &run).await.unwrap().workflow;
        assert!(runs::latest_by_workflow(store, &stranger, std::slice::from_ref(&workflow_of_run)).await.unwrap().is_empty());
        let steps = ["trigger".to_owned()];
        assert_eq!(runs::latest_outputs(store, &stranger, &workflow_of_run, &steps).await.unwrap().run, None);
        assert_eq!(people::list(store, &stranger).await.unwrap().len(), 1);
        assert_eq!(organisations::get(store, &stranger).await.unwrap().name, "Other");

        // Changes.
        let other = document("Stolen", &[]);
        hidden(workflows::save(store, &stranger, &workflow, None, &change(&other)).await);
        hidden(workflows::restore(store, &stranger, &workflow, 1, None).await);
        hidden(workflows::enable(store, &stranger, &workflow, Enable { revision: None, webhook: true }).await);
        hidden(workflows::disable(store, &stranger, &workflow).await);
        hidden(workflows::delete(store, &stranger, &workflow).await);
        for id in [&shared, &personal] {
            hidden(authentications::rename(store, &stranger, id, "x").await);
            hidden(authentications::reconnect(store, &stranger, id, &[], connected("x")).await);
            hidden(authentications::delete(store, &stranger, id).await);
        }
        hidden(environments::change(store, &stranger, &environment, new_environment()).await);
        hidden(environments::delete(store, &stranger, &environment).await);
        hidden(api_tokens::revoke(store, &stranger, &token).await);
        hidden(invitations::revoke(store, &stranger, &invitation).await);
        hidden(people::set_role(store, &stranger, &member.person, Role::Viewer).await);
        hidden(people::remove(store, &stranger, &member.person).await);
        hidden(runs::delete(store, &stranger, &run).await);
        organisations::rename(store, &stranger, "Renamed").await.unwrap();
        assert_eq!(organisations::get(store, &owner).await.unwrap().name, "Acme");

        // And everything is as it was.
        assert_eq!(workflows::get(store, &owner, &workflow).await.unwrap().summary.revision, 1);
        assert_eq!(authentications::list(store, &owner, None).await.unwrap().len(), 2);
        assert_eq!(people::list(store, &owner).await.unwrap().len(), 2);
        runs::get(store, &owner, &run).await.unwrap();
    }

    async fn a_member_does_not_reach_what_is_personal(bench: &Bench) {
        let owner = bench.owner().await;
        let member = bench.member(&owner, Role::Admin).await;
        let store = &bench.store;
        let personal = bench.authentication(&owner, Ownership::Personal).await;
        let token = api_tokens::create(store, &owner, "t", "digest").await.unwrap().id;
        hidden(authentications::get(store, &member, &personal).await);
        hidden(authentications::credential(store, &member, &personal).await);
        hidden(authentications::delete(store, &member, &personal).await);
        hidden(authentications::credential_for_run(store, &member.of_run(), &personal).await);
        let nobody = RunScope { organisation: owner.organisation.clone(), person: None };
        hidden(authentications::credential_for_run(store, &nobody, &personal).await);
        hidden(api_tokens::revoke(store, &member, &token).await);
        assert_eq!(api_tokens::list(store, &member).await.unwrap(), []);
    }

    async fn an_authentication_cannot_stand_on_a_foreign_environment(bench: &Bench) {
        let owner = bench.owner().await;
        let stranger = bench.stranger().await;
        let environment = environments::fresh_id(&bench.store).unwrap();
        environments::create(&bench.store, &owner, environment.clone(), NewEnvironment::default()).await.unwrap();
        let new = authentications::NewAuthentication {
            id: authentications::fresh_id(&bench.store).unwrap(),
            ownership: Ownership::Personal,
            name: "x".to_owned(),
            service: "google".to_owned(),
            environment: Some(environment),
            base_url: None,
            method: patchbay_model::spec::MethodKind::Token,
            requested_scopes: Vec::new(),
            connected: connected("x"),
        };
        hidden(authentications::create(&bench.store, &stranger, new).await);
    }
}
