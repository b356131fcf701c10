//! The tables: migrations run both ways, entities say what they are, writes never begin deferred.

use super::bench::Bench;
use super::on_every_backend;
use crate::{Options, Place, Store, StoreError, database::require_version, entity::*};
use patchbay_migrations::{JournalMigrator, MainMigrator, MigratorTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityName, EntityTrait, Iterable,
    Statement,
};
use std::collections::BTreeMap;

/// Column name and whether it may be null, as the database has it.
async fn columns(database: &DatabaseConnection, table: &str) -> BTreeMap<String, bool> {
    let backend = database.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => format!(
            "SELECT name, \"notnull\" = 0 AND pk = 0 AS nullable FROM pragma_table_info('{table}')"
        ),
        _ => format!(
            "SELECT column_name AS name, is_nullable = 'YES' AS nullable FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}'"
        ),
    };
    let rows = database
        .query_all_raw(Statement::from_string(backend, sql))
        .await
        .unwrap();
    rows.iter()
        .map(|row| {
            (
                row.try_get("", "name").unwrap(),
                row.try_get("", "nullable").unwrap(),
            )
        })
        .collect()
}

async fn matches<E>(database: &DatabaseConnection)
where
    E: EntityTrait + EntityName + Default,
{
    let table = E::default().table_name().to_owned();
    let expected: BTreeMap<String, bool> = E::Column::iter()
        .map(|column| {
            (
                sea_orm::IdenStatic::as_str(&column).to_owned(),
                column.def().is_null(),
            )
        })
        .collect();
    assert!(!expected.is_empty(), "{table}");
    assert_eq!(columns(database, &table).await, expected, "{table}");
    // The types of the columns can be read as the types of the fields.
    E::find().one(database).await.unwrap();
}

on_every_backend! {
    async fn entities_match_the_tables(bench: &Bench) {
        let main = bench.store.main().read();
        matches::<api_tokens::Entity>(main).await;
        matches::<audit::Entity>(main).await;
        matches::<authentications::Entity>(main).await;
        matches::<authorisation_attempts::Entity>(main).await;
        matches::<environments::Entity>(main).await;
        matches::<invitations::Entity>(main).await;
        matches::<memberships::Entity>(main).await;
        matches::<organisations::Entity>(main).await;
        matches::<people::Entity>(main).await;
        matches::<pins::Entity>(main).await;
        matches::<sessions::Entity>(main).await;
        matches::<workflow_authentications::Entity>(main).await;
        matches::<workflow_edits::Entity>(main).await;
        matches::<workflow_revisions::Entity>(main).await;
        matches::<workflows::Entity>(main).await;
        let journal = bench.store.journal_database().read();
        matches::<events::Entity>(journal).await;
        matches::<frontiers::Entity>(journal).await;
        matches::<plans::Entity>(journal).await;
        matches::<run_blobs::Entity>(journal).await;
        matches::<runs::Entity>(journal).await;
        matches::<triggers::Entity>(journal).await;
        matches::<firings::Entity>(journal).await;
        matches::<deliveries::Entity>(journal).await;
        matches::<trigger_samples::Entity>(journal).await;
        matches::<last_runs::Entity>(journal).await;
    }

    async fn migrations_go_down_and_up_again(bench: &Bench) {
        let main = bench.store.main().write();
        let journal = bench.store.journal_database().write();
        MainMigrator::down(main, None).await.unwrap();
        JournalMigrator::down(journal, None).await.unwrap();
        assert!(columns(main, "people").await.is_empty(), "a table stayed behind");
        assert!(columns(journal, "runs").await.is_empty(), "a table stayed behind");
        MainMigrator::up(main, None).await.unwrap();
        JournalMigrator::up(journal, None).await.unwrap();
        matches::<workflows::Entity>(main).await;
        matches::<runs::Entity>(journal).await;
        matches::<triggers::Entity>(journal).await;
        matches::<firings::Entity>(journal).await;
        matches::<deliveries::Entity>(journal).await;
        matches::<trigger_samples::Entity>(journal).await;
        matches::<last_runs::Entity>(journal).await;
    }

    async fn opening_again_changes_nothing(bench: &Bench) {
        let scope = bench.owner().await;
        let again = bench.reopened().await;
        assert_eq!(crate::organisations::get(&again, &scope).await.unwrap().name, "Acme");
        again.ping().await.unwrap();
    }
}

#[test]
fn an_old_sqlite_is_refused() {
    for old in ["3.51.2", "3.40.1", "3.7.0", "2.99.9"] {
        assert!(
            matches!(require_version(old), Err(StoreError::OldSqlite { .. })),
            "{old}"
        );
    }
    for good in ["3.51.3", "3.53.0", "4.0.0"] {
        require_version(good).unwrap();
    }
}

#[tokio::test]
async fn an_address_of_another_kind_is_named_without_its_password() {
    let options = Options::new(Place::Url("mysql://ann:hunter2@host/db".to_owned()));
    let error = Store::open(options).await.unwrap_err();
    assert!(matches!(&error, StoreError::Address(_)));
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

/// A deferred transaction that reads first fails when another write comes between, so only one place begins any.
#[test]
fn only_one_file_begins_transactions() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![sources];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let allowed = path.ends_with("database.rs") || path.ends_with("tests/schema.rs");
            seen += usize::from(text.contains(concat!("begin_", "with_options")));
            for forbidden in [
                concat!("begin_", "with_"),
                concat!("Transaction", "Trait"),
                concat!(".trans", "action("),
            ] {
                assert!(
                    allowed || !text.contains(forbidden),
                    "{} has {forbidden}",
                    path.display()
                );
            }
        }
    }
    assert!(seen >= 1, "the file that begins transactions was not found");
}
