//! Sample outputs that people pinned to steps, for test runs and previews.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("pins")
            .col(text("workflow_id"))
            .col(text("step"))
            .col(text("output"))
            .col(text("person_id"))
            .col(big_integer("at"))
            .primary_key(Index::create().col("workflow_id").col("step"))
            .foreign_key(
                ForeignKey::create()
                    .from("pins", "workflow_id")
                    .to("workflows", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("pins").to_owned())
            .await
    }
}
