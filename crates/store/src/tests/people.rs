//! Accounts, sessions, tokens, invitations, the audit list.

use super::bench::{Bench, MINUTE};
use super::on_every_backend;
use crate::{
    Role, StoreError, api_tokens, audit,
    invitations::{self, NewInvitation, NewPerson},
    organisations::{self, Founding},
    people,
    sessions::{self, NewSession},
};

fn founding() -> Founding {
    Founding {
        organisation: "Second".to_owned(),
        name: "Bob".to_owned(),
        email: "bob@acme.example".to_owned(),
        password_hash: "hash".to_owned(),
    }
}

fn newcomer(email: &str) -> NewPerson {
    NewPerson {
        name: "Newcomer".to_owned(),
        email: email.to_owned(),
        password_hash: "hash".to_owned(),
    }
}

on_every_backend! {
    async fn the_first_account_is_made_once(bench: &Bench) {
        assert!(!people::any(&bench.store, &bench.system).await.unwrap());
        assert_eq!(organisations::first_owner(&bench.store, &bench.system).await.unwrap(), None);
        let owner = bench.owner().await;
        assert_eq!(owner.role, Role::Owner);
        assert!(people::any(&bench.store, &bench.system).await.unwrap());
        let again = organisations::found(&bench.store, &bench.system, founding()).await;
        assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
    }

    async fn an_address_finds_its_account_whatever_the_capitals(bench: &Bench) {
        let owner = bench.owner().await;
        let account = people::by_email(&bench.store, &bench.system, " aNN@acme.EXAMPLE ").await.unwrap().unwrap();
        assert_eq!(account.person.id, owner.person);
        assert_eq!(account.person.email, "Ann@Acme.example");
        assert_eq!(account.memberships, [(owner.organisation.clone(), Role::Owner)]);
        assert!(people::by_email(&bench.store, &bench.system, "nobody@acme.example").await.unwrap().is_none());
    }

    async fn a_session_opens_until_it_expires_or_ends(bench: &Bench) {
        let owner = bench.owner().await;
        let session = |hash: &str| NewSession {
            token_hash: hash.to_owned(),
            person: owner.person.clone(),
            organisation: owner.organisation.clone(),
            expires_at: bench.store.now() + 10 * MINUTE,
        };
        sessions::create(&bench.store, &bench.system, session("one")).await.unwrap();
        sessions::create(&bench.store, &bench.system, session("two")).await.unwrap();
        let open = sessions::open(&bench.store, &bench.system, "one").await.unwrap().unwrap();
        assert_eq!((open.person.name.as_str(), open.organisation.name.as_str()), ("Ann", "Acme"));
        assert_eq!(open.scope, owner);
        sessions::end(&bench.store, &bench.system, "one").await.unwrap();
        assert!(sessions::open(&bench.store, &bench.system, "one").await.unwrap().is_none());
        bench.advance(10 * MINUTE);
        assert!(sessions::open(&bench.store, &bench.system, "two").await.unwrap().is_none());
        assert_eq!(sessions::sweep(&bench.store, &bench.system).await.unwrap(), 1);
    }

    async fn a_request_moves_last_seen(bench: &Bench) {
        let owner = bench.owner().await;
        let before = people::list(&bench.store, &owner).await.unwrap()[0].last_seen_at.unwrap();
        bench.advance(5 * MINUTE);
        let token_hash = "later".to_owned();
        let expires_at = bench.store.now() + MINUTE;
        let (person, organisation) = (owner.person.clone(), owner.organisation.clone());
        sessions::create(&bench.store, &bench.system, NewSession { token_hash, person, organisation, expires_at }).await.unwrap();
        assert_eq!(people::list(&bench.store, &owner).await.unwrap()[0].last_seen_at, Some(before + 5 * MINUTE));
    }

    async fn a_token_acts_for_its_person_until_it_is_revoked(bench: &Bench) {
        let owner = bench.owner().await;
        let token = api_tokens::create(&bench.store, &owner, "laptop", "digest").await.unwrap();
        let open = api_tokens::open(&bench.store, &bench.system, "digest").await.unwrap().unwrap();
        assert_eq!((open.id, open.scope), (token.id.clone(), owner.clone()));
        let listed = api_tokens::list(&bench.store, &owner).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].last_used_at, Some(bench.store.now()));
        api_tokens::revoke(&bench.store, &owner, &token.id).await.unwrap();
        assert!(api_tokens::open(&bench.store, &bench.system, "digest").await.unwrap().is_none());
        assert!(api_tokens::list(&bench.store, &owner).await.unwrap().is_empty());
        assert!(matches!(api_tokens::revoke(&bench.store, &owner, &token.id).await, Err(StoreError::NotFound(_))));
    }

    async fn an_invitation_lets_one_person_in(bench: &Bench) {
        let owner = bench.owner().await;
        let expires_at = bench.store.now() + MINUTE;
        let invitation = NewInvitation { token_hash: "i".to_owned(), role: Role::Builder, email: None, expires_at };
        invitations::create(&bench.store, &owner, invitation).await.unwrap();
        let found = invitations::find(&bench.store, &bench.system, "i").await.unwrap();
        assert_eq!((found.organisation_name.as_str(), found.role), ("Acme", Role::Builder));
        // A taken address uses nothing up.
        let taken = invitations::accept(&bench.store, &bench.system, "i", newcomer("ANN@acme.example")).await;
        assert!(matches!(taken, Err(StoreError::Exists(_))), "{taken:?}");
        assert_eq!(invitations::list(&bench.store, &owner).await.unwrap().len(), 1);
        let (organisation, person) =
            invitations::accept(&bench.store, &bench.system, "i", newcomer("new@acme.example")).await.unwrap();
        assert_eq!(organisation, owner.organisation);
        let members = people::list(&bench.store, &owner).await.unwrap();
        assert!(members.iter().any(|member| member.person.id == person && member.role == Role::Builder));
        let again = invitations::accept(&bench.store, &bench.system, "i", newcomer("x@acme.example")).await;
        assert!(matches!(again, Err(StoreError::NotFound(_))), "{again:?}");
    }

    async fn an_expired_invitation_is_none(bench: &Bench) {
        let owner = bench.owner().await;
        let expires_at = bench.store.now() + MINUTE;
        let invitation = NewInvitation { token_hash: "i".to_owned(), role: Role::Viewer, email: None, expires_at };
        invitations::create(&bench.store, &owner, invitation).await.unwrap();
        bench.advance(MINUTE);
        assert!(matches!(invitations::find(&bench.store, &bench.system, "i").await, Err(StoreError::NotFound(_))));
    }

    async fn an_organisation_keeps_an_owner(bench: &Bench) {
        let owner = bench.owner().await;
        let member = bench.member(&owner, Role::Admin).await;
        let (store, me) = (&bench.store, &owner.person);
        assert!(matches!(people::set_role(store, &owner, me, Role::Viewer).await, Err(StoreError::Forbidden(_))));
        assert!(matches!(people::remove(store, &owner, me).await, Err(StoreError::Forbidden(_))));
        people::set_role(store, &owner, &member.person, Role::Owner).await.unwrap();
        people::set_role(store, &owner, me, Role::Viewer).await.unwrap();
    }

    async fn a_removed_member_is_signed_out(bench: &Bench) {
        let owner = bench.owner().await;
        let member = bench.member(&owner, Role::Builder).await;
        api_tokens::create(&bench.store, &member, "t", "member-token").await.unwrap();
        people::remove(&bench.store, &owner, &member.person).await.unwrap();
        assert!(api_tokens::open(&bench.store, &bench.system, "member-token").await.unwrap().is_none());
        assert_eq!(people::list(&bench.store, &owner).await.unwrap().len(), 1);
        let account = people::by_email(&bench.store, &bench.system, "ann@acme.example").await.unwrap().unwrap();
        assert_eq!(account.memberships.len(), 1);
    }

    async fn the_audit_list_is_newest_first_and_goes_on_where_it_stopped(bench: &Bench) {
        let owner = bench.owner().await;
        for number in 0..5 {
            audit::record(&bench.store, &owner, "workflow.enabled", &format!("wf_{number}")).await.unwrap();
        }
        let mut targets = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = audit::list(&bench.store, &owner, cursor.as_deref(), 2).await.unwrap();
            targets.extend(page.items.into_iter().map(|entry| (entry.who, entry.target)));
            let Some(next) = page.next else { break };
            cursor = Some(next);
        }
        let expected: Vec<_> = (0..5).rev().map(|number| ("Ann".to_owned(), format!("wf_{number}"))).collect();
        assert_eq!(targets, expected);
    }
}
