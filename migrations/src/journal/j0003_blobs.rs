//! Which runs use which large values, so that files nobody uses any more can be deleted; and what the list of runs is
//! asked for most.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("run_blobs")
            .col(big_integer("run_no"))
            // SHA-256 of the content, in hex; also the file's name.
            .col(text("hash"))
            .col(big_integer("bytes"))
            .primary_key(Index::create().col("run_no").col("hash"))
            .to_owned();
        manager.create_table(table).await?;
        let indices = [
            Index::create()
                .name("run_blobs_by_hash")
                .table("run_blobs")
                .col("hash")
                .to_owned(),
            Index::create()
                .name("runs_by_status")
                .table("runs")
                .col("organisation_id")
                .col("status")
                .col("id")
                .to_owned(),
            Index::create()
                .name("runs_by_end")
                .table("runs")
                .col("finished_at")
                .to_owned(),
        ];
        for index in indices {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["runs_by_end", "runs_by_status"] {
            let index = Index::drop().name(index).table("runs").to_owned();
            manager.drop_index(index).await?;
        }
        manager
            .drop_table(Table::drop().table("run_blobs").to_owned())
            .await
    }
}
