//! The tables and how they came to be: two lists of migrations, because the journal may live in a file of its own.
//!
//! A released migration is never edited; a change is a new file at the end of its list.

mod journal;
mod main_database;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{
    MigrationTrait,
    sea_orm::{DynIden, sea_query::IntoIden},
};

/// People, organisations, workflows, authentications.
pub struct MainMigrator;

impl MigratorTrait for MainMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(main_database::m0001_people::Migration),
            Box::new(main_database::m0002_authentications::Migration),
            Box::new(main_database::m0003_workflows::Migration),
            Box::new(main_database::m0004_pins::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "migrations_main".into_iden()
    }
}

/// Runs and their events.
pub struct JournalMigrator;

impl MigratorTrait for JournalMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(journal::j0001_runs::Migration),
            Box::new(journal::j0002_triggers::Migration),
            Box::new(journal::j0003_blobs::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "migrations_journal".into_iden()
    }
}
