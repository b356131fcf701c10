//! Who did what: a list that only grows.

use crate::{Page, Scope, Store, StoreResult, entity::audit, people::names};
use patchbay_model::id::PersonId;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    pub id: String,
    pub at: i64,
    pub person: Option<PersonId>,
    /// The person's name when it happened.
    pub who: String,
    /// `workflow.enabled`, `authentication.deleted`, …
    pub action: String,
    pub target: String,
}

/// Notes what the asker did.
pub async fn record(store: &Store, scope: &Scope, action: &str, target: &str) -> StoreResult<()> {
    let person = scope.person.to_string();
    let who = names(store.main().read(), [person.clone()])
        .await?
        .remove(&person)
        .unwrap_or_default();
    audit::Entity::insert(audit::ActiveModel {
        id: Set(store.fresh_id("aud_")?),
        organisation_id: Set(scope.organisation.to_string()),
        person_id: Set(Some(person)),
        who: Set(who),
        action: Set(action.to_owned()),
        target: Set(target.to_owned()),
        at: Set(store.now()),
    })
    .exec_without_returning(store.main().write())
    .await?;
    Ok(())
}

/// Newest first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    cursor: Option<&str>,
    limit: u64,
) -> StoreResult<Page<AuditEntry>> {
    let mut query =
        audit::Entity::find().filter(audit::Column::OrganisationId.eq(scope.organisation.as_str()));
    if let Some(cursor) = cursor {
        query = query.filter(audit::Column::Id.lt(cursor));
    }
    let rows = query
        .order_by_desc(audit::Column::Id)
        .limit(limit + 1)
        .all(store.main().read())
        .await?;
    let entries = rows.into_iter().map(|row| AuditEntry {
        id: row.id,
        at: row.at,
        person: row.person_id.map(Into::into),
        who: row.who,
        action: row.action,
        target: row.target,
    });
    Ok(Page::cut(entries.collect(), limit, |entry| {
        entry.id.clone()
    }))
}
