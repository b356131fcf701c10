//! Saving: each save is a new revision number, and nobody overwrites what they have not seen.

use super::{find, revisions::RevisionKind};
use crate::{
    Scope, Store, StoreError, StoreResult,
    entity::{workflow_authentications, workflow_edits, workflow_revisions, workflows},
    text::to_json,
};
use patchbay_model::{
    document::{Step, Workflow as Document},
    edit::Edit,
    id::{AuthenticationId, WorkflowId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};
use std::collections::BTreeSet;

/// Saves of one person within this time share a row; the first of them decides when it is over.
const COMPACT_MS: i64 = 5 * 60_000;

/// What to save.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    pub document: &'a Document,
    /// How many problems the check found.
    pub problems: usize,
    /// How it came about, so that others' edits can be merged with it.
    pub edits: Option<EditLog<'a>>,
}

/// The edits that made the document.
#[derive(Debug, Clone, Copy)]
pub struct EditLog<'a> {
    pub base_revision: i64,
    pub edits: &'a [Edit],
}

/// What was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub id: WorkflowId,
    pub revision: i64,
}

/// A new workflow; its first revision is 1.
pub async fn create(store: &Store, scope: &Scope, change: &Change<'_>) -> StoreResult<Saved> {
    let id = WorkflowId::from(store.fresh_id(WorkflowId::PREFIX)?);
    let now = store.now();
    let person = scope.person.to_string();
    let transaction = store.main().begin().await?;
    let head = Head::of(change.document)?;
    workflows::Entity::insert(workflows::ActiveModel {
        id: Set(id.to_string()),
        organisation_id: Set(scope.organisation.to_string()),
        name: Set(change.document.name.clone()),
        description: Set(change.document.description.clone()),
        connectors: Set(head.connectors.clone()),
        enabled: Set(false),
        revision: Set(1),
        published_revision: Set(None),
        published_by: Set(None),
        webhook_key: Set(None),
        created_by: Set(person.clone()),
        created_at: Set(now),
        updated_by: Set(person),
        updated_at: Set(now),
        deleted_at: Set(None),
    })
    .exec_without_returning(&transaction)
    .await?;
    let kind = RevisionKind::Draft;
    insert_revision(
        &transaction,
        &id,
        &New {
            scope,
            number: 1,
            change,
            head: &head,
            kind,
            began_at: now,
            now,
        },
    )
    .await?;
    write_uses(&transaction, &id, "draft", &head.authentications).await?;
    transaction.commit().await?;
    Ok(Saved { id, revision: 1 })
}

/// Saves the next revision. With `expected`, only if that is still the current one; otherwise
/// [`StoreError::Conflict`] tells which is.
pub async fn save(
    store: &Store,
    scope: &Scope,
    id: &WorkflowId,
    expected: Option<i64>,
    change: &Change<'_>,
) -> StoreResult<Saved> {
    let transaction = store.main().begin().await?;
    let revision = save_in(
        &transaction,
        store.now(),
        scope,
        id,
        expected,
        change,
        RevisionKind::Draft,
    )
    .await?;
    transaction.commit().await?;
    Ok(Saved {
        id: id.clone(),
        revision,
    })
}

pub(super) async fn save_in(
    transaction: &DatabaseTransaction,
    now: i64,
    scope: &Scope,
    id: &WorkflowId,
    expected: Option<i64>,
    change: &Change<'_>,
    kind: RevisionKind,
) -> StoreResult<i64> {
    let current = find(transaction, scope, id).await?;
    if expected.is_some_and(|expected| expected != current.revision) {
        return Err(StoreError::Conflict {
            current: current.revision,
        });
    }
    let head = Head::of(change.document)?;
    let number = current.revision + 1;
    let updated = workflows::Entity::update_many()
        .set(workflows::ActiveModel {
            name: Set(change.document.name.clone()),
            description: Set(change.document.description.clone()),
            connectors: Set(head.connectors.clone()),
            revision: Set(number),
            updated_by: Set(scope.person.to_string()),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(workflows::Column::Id.eq(id.as_str()))
        .filter(workflows::Column::Revision.eq(current.revision))
        .exec(transaction)
        .await?;
    if updated.rows_affected == 0 {
        // Only where writers are not alone: PostgreSQL.
        let current = find(transaction, scope, id).await?.revision;
        return Err(StoreError::Conflict { current });
    }
    let began_at = if kind == RevisionKind::Draft {
        take_over(transaction, scope, id, &current, now).await?
    } else {
        now
    };
    insert_revision(
        transaction,
        id,
        &New {
            scope,
            number,
            change,
            head: &head,
            kind,
            began_at,
            now,
        },
    )
    .await?;
    if let Some(log) = change.edits {
        workflow_edits::Entity::insert(workflow_edits::ActiveModel {
            workflow_id: Set(id.to_string()),
            revision: Set(number),
            base_revision: Set(log.base_revision),
            edits: Set(to_json(log.edits)?),
            person_id: Set(scope.person.to_string()),
            at: Set(now),
        })
        .exec_without_returning(transaction)
        .await?;
    }
    write_uses(transaction, id, "draft", &head.authentications).await?;
    Ok(number)
}

/// Removes the latest row when this save replaces it (same person, a draft, soon after), and says when the row began.
async fn take_over(
    transaction: &DatabaseTransaction,
    scope: &Scope,
    id: &WorkflowId,
    workflow: &workflows::Model,
    now: i64,
) -> StoreResult<i64> {
    let latest = workflow_revisions::Entity::find()
        .filter(workflow_revisions::Column::WorkflowId.eq(id.as_str()))
        .order_by_desc(workflow_revisions::Column::Number)
        .one(transaction)
        .await?;
    let Some(latest) = latest else { return Ok(now) };
    let mine = latest.author_id == scope.person.as_str();
    let draft = latest.kind == RevisionKind::Draft.as_str() && latest.label.is_none();
    let published = workflow.published_revision == Some(latest.number);
    // The first revision stays: it is what the workflow began as.
    if !mine || !draft || published || latest.number == 1 || now - latest.began_at >= COMPACT_MS {
        return Ok(now);
    }
    workflow_revisions::Entity::delete_by_id((latest.workflow_id, latest.number))
        .exec(transaction)
        .await?;
    Ok(latest.began_at)
}

struct New<'a> {
    scope: &'a Scope,
    number: i64,
    change: &'a Change<'a>,
    head: &'a Head,
    kind: RevisionKind,
    began_at: i64,
    now: i64,
}

async fn insert_revision(
    database: &impl ConnectionTrait,
    id: &WorkflowId,
    new: &New<'_>,
) -> StoreResult<()> {
    workflow_revisions::Entity::insert(workflow_revisions::ActiveModel {
        workflow_id: Set(id.to_string()),
        number: Set(new.number),
        document: Set(to_json(new.change.document)?),
        steps: Set(new.head.steps),
        problems: Set(i64::try_from(new.change.problems).unwrap_or(i64::MAX)),
        author_id: Set(new.scope.person.to_string()),
        kind: Set(new.kind.as_str().to_owned()),
        label: Set(None),
        began_at: Set(new.began_at),
        at: Set(new.now),
    })
    .exec_without_returning(database)
    .await?;
    Ok(())
}

/// Replaces what is known of which authentications the draft (or the published revision) uses.
pub(super) async fn write_uses(
    database: &impl ConnectionTrait,
    id: &WorkflowId,
    kind: &str,
    authentications: &BTreeSet<AuthenticationId>,
) -> StoreResult<()> {
    workflow_authentications::Entity::delete_many()
        .filter(workflow_authentications::Column::WorkflowId.eq(id.as_str()))
        .filter(workflow_authentications::Column::Kind.eq(kind))
        .exec(database)
        .await?;
    if authentications.is_empty() {
        return Ok(());
    }
    let rows = authentications
        .iter()
        .map(|authentication| workflow_authentications::ActiveModel {
            workflow_id: Set(id.to_string()),
            authentication_id: Set(authentication.to_string()),
            kind: Set(kind.to_owned()),
        });
    workflow_authentications::Entity::insert_many(rows)
        .exec_without_returning(database)
        .await?;
    Ok(())
}

/// What lists show of a document without reading it.
pub(super) struct Head {
    /// JSON list of connectors in order of first use, the trigger's first.
    pub(super) connectors: String,
    pub(super) steps: i64,
    pub(super) authentications: BTreeSet<AuthenticationId>,
}

impl Head {
    pub(super) fn of(document: &Document) -> StoreResult<Self> {
        let mut connectors = vec![document.trigger.connector.as_str()];
        let mut authentications: BTreeSet<AuthenticationId> =
            document.trigger.auth.iter().cloned().collect();
        let mut steps = 0;
        // A stack of lists keeps a deep document from using the call stack.
        let mut lists: Vec<std::slice::Iter<'_, Step>> = vec![document.steps.iter()];
        while let Some(list) = lists.last_mut() {
            let Some(step) = list.next() else {
                lists.pop();
                continue;
            };
            steps += 1;
            if !connectors.contains(&step.connector.as_str()) {
                connectors.push(&step.connector);
            }
            authentications.extend(step.auth.iter().cloned());
            let inner = [&step.on_error_steps, &step.body];
            lists.extend(inner.into_iter().flatten().map(|steps| steps.iter()));
            lists.extend(
                step.branches
                    .iter()
                    .flat_map(|branches| branches.values().rev())
                    .map(|steps| steps.iter()),
            );
        }
        Ok(Self {
            connectors: to_json(&connectors)?,
            steps,
            authentications,
        })
    }
}
