//! Who uses Patchbay: people, organisations and everything that lets somebody in. Instants are unix milliseconds.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cascade = ForeignKeyAction::Cascade;
        let tables = [
            Table::create()
                .table("people")
                .col(text("id").primary_key())
                .col(text("email"))
                // The address in lower case: it is unique whatever its spelling.
                .col(text("email_key").unique_key())
                .col(text("name"))
                .col(text("password_hash"))
                .col(big_integer("created_at"))
                .to_owned(),
            Table::create()
                .table("organisations")
                .col(text("id").primary_key())
                .col(text("name"))
                .col(big_integer("created_at"))
                .to_owned(),
            Table::create()
                .table("memberships")
                .col(text("organisation_id"))
                .col(text("person_id"))
                .col(text("role"))
                .col(big_integer("created_at"))
                .primary_key(Index::create().col("organisation_id").col("person_id"))
                .foreign_key(
                    ForeignKey::create()
                        .from("memberships", "organisation_id")
                        .to("organisations", "id")
                        .on_delete(cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("memberships", "person_id")
                        .to("people", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
            Table::create()
                .table("invitations")
                .col(text("id").primary_key())
                .col(text("organisation_id"))
                .col(text("token_hash").unique_key())
                .col(text("role"))
                .col(text_null("email"))
                .col(text("invited_by"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("used_at"))
                .col(text_null("used_by"))
                .foreign_key(
                    ForeignKey::create()
                        .from("invitations", "organisation_id")
                        .to("organisations", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
            Table::create()
                .table("sessions")
                .col(text("id").primary_key())
                .col(text("token_hash").unique_key())
                .col(text("person_id"))
                .col(text("organisation_id"))
                .col(big_integer("created_at"))
                .col(big_integer("last_seen_at"))
                .col(big_integer("expires_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("sessions", "person_id")
                        .to("people", "id")
                        .on_delete(cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("sessions", "organisation_id")
                        .to("organisations", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
            Table::create()
                .table("api_tokens")
                .col(text("id").primary_key())
                .col(text("token_hash").unique_key())
                .col(text("name"))
                .col(text("person_id"))
                .col(text("organisation_id"))
                .col(big_integer("created_at"))
                .col(big_integer_null("last_used_at"))
                .col(big_integer_null("revoked_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("api_tokens", "person_id")
                        .to("people", "id")
                        .on_delete(cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("api_tokens", "organisation_id")
                        .to("organisations", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
            Table::create()
                .table("audit")
                .col(text("id").primary_key())
                .col(text("organisation_id"))
                .col(text_null("person_id"))
                .col(text("who"))
                .col(text("action"))
                .col(text("target"))
                .col(big_integer("at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("audit", "organisation_id")
                        .to("organisations", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indices = [
            Index::create()
                .name("memberships_by_person")
                .table("memberships")
                .col("person_id")
                .to_owned(),
            Index::create()
                .name("invitations_by_organisation")
                .table("invitations")
                .col("organisation_id")
                .to_owned(),
            Index::create()
                .name("sessions_by_person")
                .table("sessions")
                .col("person_id")
                .to_owned(),
            Index::create()
                .name("sessions_by_expiry")
                .table("sessions")
                .col("expires_at")
                .to_owned(),
            Index::create()
                .name("api_tokens_by_person")
                .table("api_tokens")
                .col("organisation_id")
                .col("person_id")
                .to_owned(),
            Index::create()
                .name("audit_by_organisation")
                .table("audit")
                .col("organisation_id")
                .col("id")
                .to_owned(),
        ];
        for index in indices {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "audit",
            "api_tokens",
            "sessions",
            "invitations",
            "memberships",
            "organisations",
            "people",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
