//! Every sealed secret that is stored, so that they can be sealed again under a new key.

use crate::{
    SealedText, Store, StoreResult, System,
    entity::{authentications, environments, triggers},
};
use patchbay_model::id::{AuthenticationId, EnvironmentId, WorkflowId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// Whose secret it is; decides the context for which it was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    Authentication(AuthenticationId),
    Environment(EnvironmentId),
    /// What a service has to be told about the registration of a workflow's trigger.
    Registration(WorkflowId),
}

/// A sealed secret and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret {
    pub holder: Holder,
    pub sealed: SealedText,
}

/// All of them. Verifiers of sign-ins in progress are left out: they end within minutes.
pub async fn all(store: &Store, _: &System) -> StoreResult<Vec<SealedSecret>> {
    let database = store.main().read();
    let credentials = authentications::Entity::find()
        .select_only()
        .column(authentications::Column::Id)
        .column(authentications::Column::Credential)
        .into_tuple::<(String, String)>()
        .all(database)
        .await?;
    let clients = environments::Entity::find()
        .select_only()
        .column(environments::Column::Id)
        .column(environments::Column::ClientSecret)
        .filter(environments::Column::ClientSecret.is_not_null())
        .into_tuple::<(String, String)>()
        .all(database)
        .await?;
    let registrations = triggers::Entity::find()
        .select_only()
        .column(triggers::Column::WorkflowId)
        .column(triggers::Column::Registration)
        .filter(triggers::Column::Registration.is_not_null())
        .into_tuple::<(String, String)>()
        .all(store.journal_database().read())
        .await?;
    let credentials = credentials.into_iter().map(|(id, sealed)| SealedSecret {
        holder: Holder::Authentication(id.into()),
        sealed: SealedText(sealed),
    });
    let clients = clients.into_iter().map(|(id, sealed)| SealedSecret {
        holder: Holder::Environment(id.into()),
        sealed: SealedText(sealed),
    });
    let registrations = registrations.into_iter().map(|(id, sealed)| SealedSecret {
        holder: Holder::Registration(id.into()),
        sealed: SealedText(sealed),
    });
    Ok(credentials.chain(clients).chain(registrations).collect())
}

/// Puts `new` in the place of a secret that has not changed since it was read; `false` when it has.
pub async fn replace(
    store: &Store,
    _: &System,
    old: &SealedSecret,
    new: &SealedText,
) -> StoreResult<bool> {
    let database = store.main().write();
    let changed = match &old.holder {
        Holder::Authentication(id) => {
            authentications::Entity::update_many()
                .set(authentications::ActiveModel {
                    credential: Set(new.0.clone()),
                    ..Default::default()
                })
                .filter(authentications::Column::Id.eq(id.as_str()))
                .filter(authentications::Column::Credential.eq(old.sealed.0.as_str()))
                .exec(database)
                .await?
        }
        Holder::Environment(id) => {
            environments::Entity::update_many()
                .set(environments::ActiveModel {
                    client_secret: Set(Some(new.0.clone())),
                    ..Default::default()
                })
                .filter(environments::Column::Id.eq(id.as_str()))
                .filter(environments::Column::ClientSecret.eq(old.sealed.0.as_str()))
                .exec(database)
                .await?
        }
        Holder::Registration(id) => {
            triggers::Entity::update_many()
                .set(triggers::ActiveModel {
                    registration: Set(Some(new.0.clone())),
                    ..Default::default()
                })
                .filter(triggers::Column::WorkflowId.eq(id.as_str()))
                .filter(triggers::Column::Registration.eq(old.sealed.0.as_str()))
                .exec(store.journal_database().write())
                .await?
        }
    };
    Ok(changed.rows_affected > 0)
}
