//! Workflows, their revisions, the edits that led to them, and which authentications they use.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cascade = ForeignKeyAction::Cascade;
        let tables = [
            Table::create()
                .table("workflows")
                .col(text("id").primary_key())
                .col(text("organisation_id"))
                .col(text("name"))
                .col(text("description"))
                .col(text("connectors"))
                .col(boolean("enabled"))
                .col(big_integer("revision"))
                .col(big_integer_null("published_revision"))
                .col(text_null("published_by"))
                .col(text_null("webhook_key").unique_key())
                .col(text("created_by"))
                .col(big_integer("created_at"))
                .col(text("updated_by"))
                .col(big_integer("updated_at"))
                .col(big_integer_null("deleted_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("workflows", "organisation_id")
                        .to("organisations", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
            Table::create()
                .table("workflow_revisions")
                .col(text("workflow_id"))
                .col(big_integer("number"))
                .col(text("document"))
                .col(big_integer("steps"))
                .col(big_integer("problems"))
                .col(text("author_id"))
                .col(text("kind"))
                .col(text_null("label"))
                // When the first of the saves was made that this row stands for.
                .col(big_integer("began_at"))
                .col(big_integer("at"))
                .primary_key(Index::create().col("workflow_id").col("number"))
                .foreign_key(
                    ForeignKey::create()
                        .from("workflow_revisions", "workflow_id")
                        .to("workflows", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
            Table::create()
                .table("workflow_edits")
                .col(text("workflow_id"))
                .col(big_integer("revision"))
                .col(big_integer("base_revision"))
                .col(text("edits"))
                .col(text("person_id"))
                .col(big_integer("at"))
                .primary_key(Index::create().col("workflow_id").col("revision"))
                .foreign_key(
                    ForeignKey::create()
                        .from("workflow_edits", "workflow_id")
                        .to("workflows", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
            Table::create()
                .table("workflow_authentications")
                .col(text("workflow_id"))
                .col(text("authentication_id"))
                .col(text("kind"))
                .primary_key(
                    Index::create()
                        .col("workflow_id")
                        .col("authentication_id")
                        .col("kind"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("workflow_authentications", "workflow_id")
                        .to("workflows", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indices = [
            Index::create()
                .name("workflows_by_organisation")
                .table("workflows")
                .col("organisation_id")
                .col("updated_at")
                .to_owned(),
            Index::create()
                .name("workflow_authentications_by_use")
                .table("workflow_authentications")
                .col("authentication_id")
                .to_owned(),
        ];
        for index in indices {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "workflow_authentications",
            "workflow_edits",
            "workflow_revisions",
            "workflows",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
