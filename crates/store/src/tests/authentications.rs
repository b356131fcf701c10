//! Credentials: who sees them, how renewed tokens are saved, sign-ins that come back once.

use super::bench::{Bench, MINUTE, connected};
use super::on_every_backend;
use crate::{
    Role, RunScope, SealedText, StoreError,
    attempts::{self, NewAttempt, Outcome, Status, TakeError},
    authentications::{self, Ownership, State},
    environments::{self, NewEnvironment},
    secrets::{self, Holder},
};
use patchbay_model::id::EnvironmentId;
use serde_json::json;

fn environment() -> NewEnvironment {
    NewEnvironment {
        service: "ringcentral".to_owned(),
        title: "Production".to_owned(),
        client_id: "app".to_owned(),
        client_secret: Some(SealedText("sealed-secret".to_owned())),
        is_default: true,
        ..NewEnvironment::default()
    }
}

on_every_backend! {
    async fn a_personal_one_exists_for_its_owner_alone(bench: &Bench) {
        let owner = bench.owner().await;
        let member = bench.member(&owner, Role::Admin).await;
        let personal = bench.authentication(&owner, Ownership::Personal).await;
        let shared = bench.authentication(&owner, Ownership::Organisational).await;
        let ids = |list: Vec<authentications::Authentication>| list.into_iter().map(|one| one.id).collect::<Vec<_>>();
        assert_eq!(ids(authentications::list(&bench.store, &owner, None).await.unwrap()), [personal.clone(), shared.clone()]);
        assert_eq!(ids(authentications::list(&bench.store, &member, None).await.unwrap()), std::slice::from_ref(&shared));
        let found = authentications::get(&bench.store, &member, &personal).await;
        assert!(matches!(found, Err(StoreError::NotFound(_))), "{found:?}");
        let run = |person| RunScope { organisation: owner.organisation.clone(), person };
        for person in [None, Some(member.person.clone())] {
            let found = authentications::credential_for_run(&bench.store, &run(person.clone()), &personal).await;
            assert!(matches!(found, Err(StoreError::NotFound(_))), "{found:?}");
            authentications::credential_for_run(&bench.store, &run(person), &shared).await.unwrap();
        }
        let mine = run(Some(owner.person.clone()));
        let found = authentications::credential_for_run(&bench.store, &mine, &personal).await.unwrap();
        assert_eq!(found.credential, SealedText("sealed-1".to_owned()));
    }

    async fn an_organisational_one_is_managed_by_its_owner_and_administrators(bench: &Bench) {
        let owner = bench.owner().await;
        let maker = bench.member(&owner, Role::Builder).await;
        let builder = bench.member(&owner, Role::Builder).await;
        let id = bench.authentication(&maker, Ownership::Organisational).await;
        let refused = authentications::rename(&bench.store, &builder, &id, "Mine now").await;
        assert!(matches!(refused, Err(StoreError::Forbidden(_))), "{refused:?}");
        authentications::rename(&bench.store, &maker, &id, "Sales").await.unwrap();
        assert_eq!(authentications::rename(&bench.store, &owner, &id, "Support").await.unwrap().name, "Support");
        assert_eq!(authentications::delete(&bench.store, &owner, &id).await.unwrap().version, 1);
        assert!(authentications::list(&bench.store, &maker, None).await.unwrap().is_empty());
    }

    async fn renewed_tokens_are_saved_once_per_version(bench: &Bench) {
        let owner = bench.owner().await;
        let id = bench.authentication(&owner, Ownership::Personal).await;
        let save = |version, text: &'static str| {
            let sealed = SealedText(text.to_owned());
            authentications::save_credential(&bench.store, &bench.system, &id, version, sealed, Some(7))
        };
        assert!(save(1, "sealed-2").await.unwrap());
        assert!(!save(1, "sealed-3").await.unwrap(), "a second save at the same version was accepted");
        let stored = authentications::credential_for_worker(&bench.store, &bench.system, &id).await.unwrap().unwrap();
        assert_eq!((stored.version, stored.credential.0.as_str()), (2, "sealed-2"));
        assert_eq!(stored.authentication.expires_at, Some(7));
    }

    async fn reconnecting_ends_the_need_for_it(bench: &Bench) {
        let owner = bench.owner().await;
        let id = bench.authentication(&owner, Ownership::Personal).await;
        authentications::needs_reconnect(&bench.store, &bench.system, &id, "revoked").await.unwrap();
        let marked = authentications::get(&bench.store, &owner, &id).await.unwrap();
        assert_eq!((marked.state, marked.state_reason.as_deref()), (State::NeedsReconnect, Some("revoked")));
        let scopes = ["ReadAccounts".to_owned()];
        let again = authentications::reconnect(&bench.store, &owner, &id, &scopes, connected("sealed-9")).await.unwrap();
        assert_eq!((again.state, again.state_reason), (State::Connected, None));
        assert_eq!(again.requested_scopes, scopes);
        let stored = authentications::credential(&bench.store, &owner, &id).await.unwrap();
        assert_eq!((stored.version, stored.credential.0.as_str()), (2, "sealed-9"));
    }

    async fn a_use_is_noted_at_most_once_a_minute(bench: &Bench) {
        let owner = bench.owner().await;
        let id = bench.authentication(&owner, Ownership::Personal).await;
        let mut seen = Vec::new();
        for _ in 0..3 {
            authentications::touch(&bench.store, &bench.system, &id).await.unwrap();
            seen.push(authentications::get(&bench.store, &owner, &id).await.unwrap().last_used_at.unwrap());
            bench.advance(MINUTE / 2);
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[2], seen[0] + MINUTE);
    }

    async fn an_environment_in_use_stays(bench: &Bench) {
        let owner = bench.owner().await;
        let id = environments::fresh_id(&bench.store).unwrap();
        environments::create(&bench.store, &owner, id.clone(), environment()).await.unwrap();
        let new = authentications::NewAuthentication {
            id: authentications::fresh_id(&bench.store).unwrap(),
            ownership: Ownership::Personal,
            name: "a".to_owned(),
            service: "ringcentral".to_owned(),
            environment: Some(id.clone()),
            base_url: None,
            method: patchbay_model::spec::MethodKind::Oauth2,
            requested_scopes: Vec::new(),
            connected: connected("sealed"),
        };
        let authentication = authentications::create(&bench.store, &owner, new).await.unwrap();
        assert!(matches!(environments::delete(&bench.store, &owner, &id).await, Err(StoreError::InUse(_))));
        authentications::delete(&bench.store, &owner, &authentication.id).await.unwrap();
        environments::delete(&bench.store, &owner, &id).await.unwrap();
    }

    async fn a_change_without_a_secret_keeps_the_stored_one(bench: &Bench) {
        let owner = bench.owner().await;
        let id = environments::fresh_id(&bench.store).unwrap();
        environments::create(&bench.store, &owner, id.clone(), environment()).await.unwrap();
        let change = NewEnvironment { title: "Renamed".to_owned(), client_secret: None, ..environment() };
        let changed = environments::change(&bench.store, &owner, &id, change).await.unwrap();
        assert_eq!((changed.title.as_str(), changed.client_secret), ("Renamed", Some(SealedText("sealed-secret".to_owned()))));
    }

    async fn a_service_has_one_default_environment(bench: &Bench) {
        let owner = bench.owner().await;
        for _ in 0..2 {
            let id = environments::fresh_id(&bench.store).unwrap();
            environments::create(&bench.store, &owner, id, environment()).await.unwrap();
        }
        let list = environments::list(&bench.store, &owner, Some("ringcentral")).await.unwrap();
        assert_eq!(list.iter().map(|one| one.is_default).collect::<Vec<_>>(), [true, false]);
    }

    async fn a_built_in_environment_is_offered_to_all_and_changed_by_none(bench: &Bench) {
        let (owner, stranger) = (bench.owner().await, bench.stranger().await);
        let id = EnvironmentId::from("env_demo_ringcentral");
        for title in ["Demo", "Demo again"] {
            let new = NewEnvironment { title: title.to_owned(), ..environment() };
            environments::put_built_in(&bench.store, &bench.system, &id, new, true).await.unwrap();
        }
        for scope in [&owner, &stranger] {
            let found = environments::get(&bench.store, scope, &id).await.unwrap();
            assert_eq!((found.title.as_str(), found.built_in, found.demo), ("Demo again", true, true));
            assert!(matches!(environments::delete(&bench.store, scope, &id).await, Err(StoreError::Forbidden(_))));
            let changed = environments::change(&bench.store, scope, &id, environment()).await;
            assert!(matches!(changed, Err(StoreError::Forbidden(_))), "{changed:?}");
        }
    }

    async fn a_sign_in_comes_back_once_and_in_its_own_session(bench: &Bench) {
        let owner = bench.owner().await;
        let attempt = |state: &str| NewAttempt {
            state_hash: state.to_owned(),
            session_hash: "mine".to_owned(),
            verifier: SealedText("sealed-verifier".to_owned()),
            request: json!({ "name": "Calls" }),
            expires_at: bench.store.now() + MINUTE,
        };
        let id = attempts::create(&bench.store, &owner, attempt("s1")).await.unwrap();
        assert_eq!(attempts::get(&bench.store, &owner, &id).await.unwrap().status, Status::Pending);
        let take = |state: &'static str, session: &'static str| attempts::take(&bench.store, &bench.system, state, session);
        assert!(matches!(take("s0", "mine").await, Err(TakeError::Unknown)));
        assert!(matches!(take("s1", "other").await, Err(TakeError::OtherSession)));
        let taken = take("s1", "mine").await.unwrap();
        assert_eq!((taken.id.as_str(), &taken.scope, &taken.request), (id.as_str(), &owner, &json!({ "name": "Calls" })));
        assert!(matches!(take("s1", "mine").await, Err(TakeError::Used)));
        let outcome = Outcome {
            status: Status::Connected,
            message: String::new(),
            missing_scopes: vec!["SMS".to_owned()],
            authentication: Some("auth_1".into()),
        };
        attempts::finish(&bench.store, &bench.system, &id, outcome).await.unwrap();
        let ended = attempts::get(&bench.store, &owner, &id).await.unwrap();
        assert_eq!((ended.status, ended.missing_scopes.as_slice()), (Status::Connected, &["SMS".to_owned()][..]));

        let id = attempts::create(&bench.store, &owner, attempt("s2")).await.unwrap();
        bench.advance(MINUTE);
        assert!(matches!(take("s2", "mine").await, Err(TakeError::Expired)));
        assert_eq!(attempts::get(&bench.store, &owner, &id).await.unwrap().status, Status::Expired);
        bench.advance(60 * MINUTE);
        assert_eq!(attempts::sweep(&bench.store, &bench.system).await.unwrap(), 2);
    }

    async fn every_secret_can_be_sealed_again(bench: &Bench) {
        let owner = bench.owner().await;
        let authentication = bench.authentication(&owner, Ownership::Personal).await;
        let id = environments::fresh_id(&bench.store).unwrap();
        environments::create(&bench.store, &owner, id.clone(), environment()).await.unwrap();
        let all = secrets::all(&bench.store, &bench.system).await.unwrap();
        let holders: Vec<_> = all.iter().map(|secret| secret.holder.clone()).collect();
        assert_eq!(holders, [Holder::Authentication(authentication.clone()), Holder::Environment(id.clone())]);
        for secret in &all {
            let new = SealedText(format!("again-{}", secret.sealed.0));
            assert!(secrets::replace(&bench.store, &bench.system, secret, &new).await.unwrap());
            assert!(!secrets::replace(&bench.store, &bench.system, secret, &new).await.unwrap(), "a changed one was replaced");
        }
        let stored = authentications::credential(&bench.store, &owner, &authentication).await.unwrap();
        assert_eq!(stored.credential.0, "again-sealed-1");
        let stored = environments::get(&bench.store, &owner, &id).await.unwrap();
        assert_eq!(stored.client_secret, Some(SealedText("again-sealed-secret".to_owned())));
    }
}
