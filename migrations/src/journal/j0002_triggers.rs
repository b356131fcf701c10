//! Triggers as they are at work: when they fire next, their polling windows, what was delivered to them, and what
//! their last live run was.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // `$.env.last_run_at` of the run.
            big_integer_null("last_run_at").to_owned(),
            // 0 a test or a replay, 1 its success is the workflow's last one, 2 it also moves a polling window.
            small_integer("origin").default(0).to_owned(),
        ];
        for column in columns {
            let table = Table::alter().table("runs").add_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        let tables = [
            // One row per workflow whose trigger is at work or was.
            Table::create()
                .table("triggers")
                .col(text("workflow_id").primary_key())
                .col(text("organisation_id"))
                .col(text("kind"))
                .col(text("state"))
                .col(big_integer("revision"))
                // When a schedule fires next, or a registration is to be renewed.
                .col(big_integer_null("next_at"))
                // Where the next polling window begins.
                .col(big_integer_null("since"))
                .col(big_integer("enabled_at"))
                .col(big_integer_null("last_fired_at"))
                .col(text_null("last_run_id"))
                .col(text_null("error"))
                .col(big_integer_null("error_at"))
                // What a service has to be told to change or end the registration, sealed.
                .col(text_null("registration"))
                .to_owned(),
            Table::create()
                .table("firings")
                .col(text("workflow_id"))
                .col(big_integer("nominal"))
                .col(text("run_id"))
                .col(big_integer_null("until"))
                .primary_key(Index::create().col("workflow_id").col("nominal"))
                .to_owned(),
            Table::create()
                .table("deliveries")
                .col(text("workflow_id"))
                .col(text("delivery_id"))
                .col(text("run_id"))
                .col(big_integer("at"))
                .primary_key(Index::create().col("workflow_id").col("delivery_id"))
                .to_owned(),
            Table::create()
                .table("trigger_samples")
                .col(text("workflow_id").primary_key())
                .col(text("output"))
                .col(big_integer("at"))
                .to_owned(),
            Table::create()
                .table("last_runs")
                .col(text("workflow_id").primary_key())
                .col(big_integer("at"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indices = [
            Index::create()
                .name("triggers_by_next")
                .table("triggers")
                .col("next_at")
                .to_owned(),
            Index::create()
                .name("firings_by_run")
                .table("firings")
                .col("run_id")
                .to_owned(),
            Index::create()
                .name("deliveries_by_time")
                .table("deliveries")
                .col("at")
                .to_owned(),
        ];
        for index in indices {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "last_runs",
            "trigger_samples",
            "deliveries",
            "firings",
            "triggers",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        for column in ["origin", "last_run_at"] {
            let table = Table::alter().table("runs").drop_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
