//! Runs, their pinned plans, their events and the checkpoints of their state.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("runs")
                // Events carry this number, which is shorter than the id.
                .col(big_integer("no").auto_increment().primary_key())
                .col(text("id").unique_key())
                .col(text("organisation_id"))
                .col(text("workflow_id"))
                .col(big_integer("revision"))
                .col(text("cause"))
                .col(text_null("person_id"))
                .col(text("plan_hash"))
                // Raised by each process that takes the run over; an older owner cannot append.
                .col(big_integer("epoch"))
                .col(text("status"))
                .col(big_integer("accepted_at"))
                .col(big_integer_null("started_at"))
                .col(big_integer_null("finished_at"))
                .col(big_integer("steps_done"))
                .col(text_null("error"))
                .col(big_integer("last_ord"))
                .to_owned(),
            Table::create()
                .table("plans")
                .col(text("hash").primary_key())
                .col(text("plan"))
                .to_owned(),
            Table::create()
                .table("events")
                .col(big_integer("run_no"))
                .col(big_integer("ord"))
                .col(text("kind"))
                // What the event makes of its step: 0 nothing, 1 begun, 2 to be retried, 3 succeeded, 4 failed, 5 skipped.
                .col(small_integer("phase"))
                .col(text_null("step"))
                // Loop indices joined by dots, outermost first; empty outside loops.
                .col(text("iteration"))
                .col(big_integer("at"))
                .col(text("payload"))
                .primary_key(Index::create().col("run_no").col("ord"))
                .to_owned(),
            Table::create()
                .table("frontiers")
                .col(big_integer("run_no").primary_key())
                .col(big_integer("ord"))
                .col(text("state"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indices = [
            Index::create()
                .name("runs_by_organisation")
                .table("runs")
                .col("organisation_id")
                .col("id")
                .to_owned(),
            Index::create()
                .name("runs_by_workflow")
                .table("runs")
                .col("workflow_id")
                .col("id")
                .to_owned(),
            Index::create()
                .name("runs_by_plan")
                .table("runs")
                .col("plan_hash")
                .to_owned(),
        ];
        for index in indices {
            manager.create_index(index).await?;
        }
        let database = manager.get_connection();
        database
            .execute_unprepared(
                "CREATE INDEX runs_unfinished ON runs (id) WHERE finished_at IS NULL",
            )
            .await?;
        database
            .execute_unprepared("CREATE INDEX events_of_steps ON events (run_no, step, iteration, ord, phase) WHERE phase > 0")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["frontiers", "events", "plans", "runs"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
