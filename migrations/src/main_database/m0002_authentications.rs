//! Environments, authentications and sign-ins in progress. Secrets are stored sealed; no key is in the database.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cascade = ForeignKeyAction::Cascade;
        let tables = [
            Table::create()
                .table("environments")
                .col(text("id").primary_key())
                // None: built in, offered to every organisation.
                .col(text_null("organisation_id"))
                .col(text("service"))
                .col(text("title"))
                .col(text_null("base_url"))
                .col(text_null("authorize_url"))
                .col(text_null("token_url"))
                .col(text_null("revoke_url"))
                .col(text("client_id"))
                .col(text_null("client_secret"))
                .col(boolean("is_default"))
                .col(boolean("demo"))
                .col(big_integer("created_at"))
                .col(big_integer("updated_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("environments", "organisation_id")
                        .to("organisations", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
            Table::create()
                .table("authentications")
                .col(text("id").primary_key())
                .col(text("organisation_id"))
                .col(text("ownership"))
                .col(text("owner_id"))
                .col(text("name"))
                .col(text("service"))
                .col(text_null("environment_id"))
                .col(text_null("base_url"))
                .col(text("method"))
                .col(text("requested_scopes"))
                .col(text("granted_scopes"))
                .col(text("credential"))
                .col(big_integer("version"))
                .col(big_integer_null("expires_at"))
                .col(text("state"))
                .col(text_null("state_reason"))
                .col(text_null("account"))
                .col(big_integer("created_at"))
                .col(big_integer("updated_at"))
                .col(big_integer_null("last_used_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("authentications", "organisation_id")
                        .to("organisations", "id")
                        .on_delete(cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("authentications", "owner_id")
                        .to("people", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("authentications", "environment_id")
                        .to("environments", "id"),
                )
                .to_owned(),
            Table::create()
                .table("authorisation_attempts")
                .col(text("id").primary_key())
                .col(text("organisation_id"))
                .col(text("person_id"))
                .col(text("state_hash").unique_key())
                .col(text("session_hash"))
                .col(text("verifier"))
                .col(text("request"))
                .col(text("status"))
                .col(text("message"))
                .col(text("missing_scopes"))
                .col(text_null("authentication_id"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("used_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("authorisation_attempts", "organisation_id")
                        .to("organisations", "id")
                        .on_delete(cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("authorisation_attempts", "person_id")
                        .to("people", "id")
                        .on_delete(cascade),
                )
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indices = [
            Index::create()
                .name("environments_by_organisation")
                .table("environments")
                .col("organisation_id")
                .col("service")
                .to_owned(),
            Index::create()
                .name("authentications_by_organisation")
                .table("authentications")
                .col("organisation_id")
                .to_owned(),
            Index::create()
                .name("authentications_by_environment")
                .table("authentications")
                .col("environment_id")
                .to_owned(),
            Index::create()
                .name("attempts_by_expiry")
                .table("authorisation_attempts")
                .col("expires_at")
                .to_owned(),
        ];
        for index in indices {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["authorisation_attempts", "authentications", "environments"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
