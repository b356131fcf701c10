//! Saving without overwriting, revisions, publishing.

use super::bench::{Bench, MINUTE, change, document};
use super::on_every_backend;
use crate::{
    Role, StoreError,
    authentications::Ownership,
    workflows::{self, Change, EditLog, Enable, RevisionKind},
};
use patchbay_model::edit::Edit;

const ENABLE: Enable = Enable {
    revision: None,
    webhook: false,
};

async fn numbers(
    bench: &Bench,
    scope: &crate::Scope,
    id: &patchbay_model::id::WorkflowId,
) -> Vec<i64> {
    let revisions = workflows::revisions(&bench.store, scope, id, 100)
        .await
        .unwrap();
    revisions
        .into_iter()
        .map(|revision| revision.number)
        .collect()
}

on_every_backend! {
    async fn a_save_over_something_unseen_is_a_conflict(bench: &Bench) {
        let owner = bench.owner().await;
        let id = bench.workflow(&owner, &document("One", &[])).await;
        let two = document("Two", &[]);
        let saved = workflows::save(&bench.store, &owner, &id, Some(1), &change(&two)).await.unwrap();
        assert_eq!(saved.revision, 2);
        let late = workflows::save(&bench.store, &owner, &id, Some(1), &change(&document("Three", &[]))).await;
        assert!(matches!(late, Err(StoreError::Conflict { current: 2 })), "{late:?}");
        let stored = workflows::get(&bench.store, &owner, &id).await.unwrap();
        assert_eq!((stored.summary.name.as_str(), stored.summary.revision, &stored.document), ("Two", 2, &two));
    }

    async fn of_many_saves_at_once_one_wins(bench: &Bench) {
        let owner = bench.owner().await;
        let id = bench.workflow(&owner, &document("One", &[])).await;
        let tasks: Vec<_> = (0..16).map(|number| {
            let (store, owner, id) = (bench.store.clone(), owner.clone(), id.clone());
            tokio::spawn(async move {
                workflows::save(&store, &owner, &id, Some(1), &change(&document(&format!("{number}"), &[]))).await
            })
        }).collect();
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(saved) => { assert_eq!(saved.revision, 2); won += 1; }
                Err(StoreError::Conflict { current }) => assert_eq!(current, 2),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(won, 1);
    }

    async fn autosaves_share_a_row_and_numbers_grow(bench: &Bench) {
        let owner = bench.owner().await;
        let member = bench.member(&owner, Role::Builder).await;
        let id = bench.workflow(&owner, &document("1", &[])).await;
        let save = |scope: &crate::Scope, name: &str| {
            let (scope, name) = (scope.clone(), name.to_owned());
            let (store, id) = (bench.store.clone(), id.clone());
            async move { workflows::save(&store, &scope, &id, None, &change(&document(&name, &[]))).await.unwrap().revision }
        };
        assert_eq!(save(&owner, "2").await, 2);
        bench.advance(2 * MINUTE);
        assert_eq!(save(&owner, "3").await, 3);
        // The first revision stays, the two saves after it are one row.
        assert_eq!(numbers(bench, &owner, &id).await, [3, 1]);
        bench.advance(3 * MINUTE);
        assert_eq!(save(&owner, "4").await, 4);
        assert_eq!(numbers(bench, &owner, &id).await, [4, 3, 1], "a row stands for more than five minutes");
        assert_eq!(save(&member, "5").await, 5);
        assert_eq!(numbers(bench, &owner, &id).await, [5, 4, 3, 1], "somebody else's row was taken over");
        let gone = workflows::revision(&bench.store, &owner, &id, 2).await;
        assert!(matches!(gone, Err(StoreError::NotFound(_))), "{gone:?}");
        assert_eq!(workflows::revision(&bench.store, &owner, &id, 3).await.unwrap().name, "3");
    }

    async fn what_was_published_stays_as_it_was(bench: &Bench) {
        let owner = bench.owner().await;
        let id = bench.workflow(&owner, &document("1", &[])).await;
        workflows::save(&bench.store, &owner, &id, None, &change(&document("2", &[]))).await.unwrap();
        let publication = workflows::enable(&bench.store, &owner, &id, ENABLE).await.unwrap();
        assert_eq!((publication.enabled, publication.published_revision), (true, Some(2)));
        workflows::save(&bench.store, &owner, &id, None, &change(&document("3", &[]))).await.unwrap();
        let revisions = workflows::revisions(&bench.store, &owner, &id, 100).await.unwrap();
        let seen: Vec<_> = revisions.iter().map(|one| (one.number, one.kind, one.published)).collect();
        assert_eq!(seen, [(3, RevisionKind::Draft, false), (2, RevisionKind::Published, true), (1, RevisionKind::Draft, false)]);
        let (_, number, document) = workflows::published_for_worker(&bench.store, &bench.system, &id).await.unwrap().unwrap();
        assert_eq!((number, document.name.as_str()), (2, "2"));
    }

    async fn restoring_is_a_new_revision_with_the_old_content(bench: &Bench) {
        let owner = bench.owner().await;
        let first = document("First", &[]);
        let id = bench.workflow(&owner, &first).await;
        workflows::save(&bench.store, &owner, &id, None, &change(&document("Second", &[]))).await.unwrap();
        let stale = workflows::restore(&bench.store, &owner, &id, 1, Some(1)).await;
        assert!(matches!(stale, Err(StoreError::Conflict { current: 2 })), "{stale:?}");
        assert_eq!(workflows::restore(&bench.store, &owner, &id, 1, Some(2)).await.unwrap().revision, 3);
        let stored = workflows::get(&bench.store, &owner, &id).await.unwrap();
        assert_eq!((stored.summary.name.as_str(), stored.document), ("First", first));
        assert_eq!(numbers(bench, &owner, &id).await, [3, 2, 1]);
    }

    async fn edits_since_a_revision_are_known_unless_a_save_had_none(bench: &Bench) {
        let owner = bench.owner().await;
        let id = bench.workflow(&owner, &document("1", &[])).await;
        for number in 2..=3 {
            let name = number.to_string();
            let edits = [Edit::Rename { name: name.clone() }];
            let document = document(&name, &[]);
            let log = EditLog { base_revision: number - 1, edits: &edits };
            let change = Change { document: &document, problems: 0, edits: Some(log) };
            workflows::save(&bench.store, &owner, &id, None, &change).await.unwrap();
        }
        let since = |base| workflows::edits_since(&bench.store, &owner, &id, base);
        let edits = since(1).await.unwrap().unwrap();
        assert_eq!(edits.iter().map(|one| one.revision).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(edits[1].edits, [Edit::Rename { name: "3".to_owned() }]);
        assert_eq!(since(3).await.unwrap().unwrap(), []);
        workflows::save(&bench.store, &owner, &id, None, &change(&document("4", &[]))).await.unwrap();
        assert_eq!(since(1).await.unwrap(), None);
    }

    async fn the_list_shows_connectors_and_finds_by_name(bench: &Bench) {
        let owner = bench.owner().await;
        let auth = bench.authentication(&owner, Ownership::Personal).await;
        let calls = bench.workflow(&owner, &document("Store CALL logs 100%", &[&auth])).await;
        bench.advance(1);
        let other = bench.workflow(&owner, &document("Other", &[])).await;
        let list = workflows::list(&bench.store, &owner, None).await.unwrap();
        assert_eq!(list.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), [other, calls.clone()]);
        assert_eq!(list[1].connectors, ["manual", "loop", "ringcentral"]);
        assert_eq!(list[1].updated_by_name, "Ann");
        for (search, found) in [("call", 1), ("100%", 1), ("1%0", 0), ("_", 0), ("", 2)] {
            let list = workflows::list(&bench.store, &owner, Some(search)).await.unwrap();
            assert_eq!(list.len(), found, "{search}");
        }
        let names = workflows::names(&bench.store, &owner, [calls.clone()]).await.unwrap();
        assert_eq!(names[&calls], "Store CALL logs 100%");
    }

    async fn uses_of_an_authentication_follow_drafts_and_publication(bench: &Bench) {
        let owner = bench.owner().await;
        let used = bench.authentication(&owner, Ownership::Personal).await;
        let nested = bench.authentication(&owner, Ownership::Personal).await;
        let id = bench.workflow(&owner, &document("Calls", &[&used, &nested])).await;
        let users = |auth: &patchbay_model::id::AuthenticationId| {
            let (store, owner, auth) = (bench.store.clone(), owner.clone(), auth.clone());
            async move { workflows::using_authentication(&store, &owner, &auth).await.unwrap().len() }
        };
        assert_eq!((users(&used).await, users(&nested).await), (1, 1));
        workflows::enable(&bench.store, &owner, &id, ENABLE).await.unwrap();
        workflows::save(&bench.store, &owner, &id, None, &change(&document("Calls", &[&used]))).await.unwrap();
        assert_eq!((users(&used).await, users(&nested).await), (1, 1), "the published revision still uses it");
        workflows::disable(&bench.store, &owner, &id).await.unwrap();
        assert_eq!((users(&used).await, users(&nested).await), (1, 0));
        workflows::delete(&bench.store, &owner, &id).await.unwrap();
        assert_eq!(users(&used).await, 0);
    }

    async fn a_webhook_key_is_made_once_and_works_while_enabled(bench: &Bench) {
        let owner = bench.owner().await;
        let id = bench.workflow(&owner, &document("Hook", &[])).await;
        let enable = Enable { revision: None, webhook: true };
        let key = workflows::enable(&bench.store, &owner, &id, enable).await.unwrap().webhook_key.unwrap();
        let found = |key: String| async move { workflows::by_webhook_key(&bench.store, &bench.system, &key).await.unwrap() };
        let published = found(key.clone()).await.unwrap();
        assert_eq!((&published.id, published.published_by), (&id, Some(owner.person.clone())));
        workflows::disable(&bench.store, &owner, &id).await.unwrap();
        assert_eq!(found(key.clone()).await, None);
        assert!(workflows::enabled(&bench.store, &bench.system).await.unwrap().is_empty());
        let again = workflows::enable(&bench.store, &owner, &id, enable).await.unwrap();
        assert_eq!(again.webhook_key, Some(key.clone()));
        assert_eq!(workflows::enabled(&bench.store, &bench.system).await.unwrap().len(), 1);
        workflows::delete(&bench.store, &owner, &id).await.unwrap();
        assert_eq!(found(key).await, None);
    }

    async fn a_deleted_workflow_is_gone_but_its_name_stays_for_its_runs(bench: &Bench) {
        let owner = bench.owner().await;
        let id = bench.workflow(&owner, &document("Gone", &[])).await;
        workflows::delete(&bench.store, &owner, &id).await.unwrap();
        assert!(matches!(workflows::get(&bench.store, &owner, &id).await, Err(StoreError::NotFound(_))));
        assert!(workflows::list(&bench.store, &owner, None).await.unwrap().is_empty());
        assert_eq!(workflows::names(&bench.store, &owner, [id.clone()]).await.unwrap()[&id], "Gone");
    }
}
