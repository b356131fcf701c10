//! Earlier revisions: looking at them, bringing one back, and the edits between two of them.

use super::{find, save::save_in};
use crate::{
    Scope, Store, StoreError, StoreResult,
    entity::{workflow_edits, workflow_revisions},
    people::names,
    text::{from_json, words},
    workflows::{Change, Saved},
};
use patchbay_model::{
    document::Workflow as Document,
    edit::Edit,
    id::{PersonId, WorkflowId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

words! {
    /// How a revision came about.
    RevisionKind("kind of revision") {
        /// Saved while editing.
        Draft = "draft",
        /// Was published for triggers.
        Published = "published",
        /// An earlier one brought back.
        Restored = "restored",
    }
}

/// A revision in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub number: i64,
    pub kind: RevisionKind,
    pub steps: usize,
    pub problems: usize,
    pub author: PersonId,
    pub author_name: String,
    pub at: i64,
    /// Whether triggers run it now.
    pub published: bool,
}

/// Edits as they were sent.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEdits {
    /// The revision that they made.
    pub revision: i64,
    pub base_revision: i64,
    pub edits: Vec<Edit>,
    pub person: PersonId,
    pub at: i64,
}

/// Newest first. Autosaves in a row of one person are one entry, under the number of the last.
pub async fn revisions(
    store: &Store,
    scope: &Scope,
    id: &WorkflowId,
    limit: u64,
) -> StoreResult<Vec<Revision>> {
    use workflow_revisions::Column;
    let database = store.main().read();
    let workflow = find(database, scope, id).await?;
    let rows = workflow_revisions::Entity::find()
        .filter(Column::WorkflowId.eq(id.as_str()))
        .order_by_desc(Column::Number)
        .limit(limit)
        .select_only()
        .columns([
            Column::Number,
            Column::Kind,
            Column::Steps,
            Column::Problems,
            Column::AuthorId,
            Column::At,
        ])
        .into_tuple::<(i64, String, i64, i64, String, i64)>()
        .all(database)
        .await?;
    let authors = names(database, rows.iter().map(|row| row.4.clone())).await?;
    rows.into_iter()
        .map(|(number, kind, steps, problems, author, at)| {
            Ok(Revision {
                number,
                kind: RevisionKind::parse(&kind)?,
                steps: usize::try_from(steps).unwrap_or(0),
                problems: usize::try_from(problems).unwrap_or(0),
                author_name: authors.get(&author).cloned().unwrap_or_default(),
                author: author.into(),
                at,
                published: workflow.enabled && workflow.published_revision == Some(number),
            })
        })
        .collect()
}

/// The document of one revision.
pub async fn revision(
    store: &Store,
    scope: &Scope,
    id: &WorkflowId,
    number: i64,
) -> StoreResult<Document> {
    let database = store.main().read();
    find(database, scope, id).await?;
    document(database, id, number).await
}

/// Saves an earlier revision's content as the next revision.
pub async fn restore(
    store: &Store,
    scope: &Scope,
    id: &WorkflowId,
    number: i64,
    expected: Option<i64>,
) -> StoreResult<Saved> {
    let transaction = store.main().begin().await?;
    find(&transaction, scope, id).await?;
    let row = row(&transaction, id, number).await?;
    let document: Document = from_json("workflow", &row.document)?;
    let change = Change {
        document: &document,
        problems: usize::try_from(row.problems).unwrap_or(0),
        edits: None,
    };
    let kind = RevisionKind::Restored;
    let revision = save_in(
        &transaction,
        store.now(),
        scope,
        id,
        expected,
        &change,
        kind,
    )
    .await?;
    transaction.commit().await?;
    Ok(Saved {
        id: id.clone(),
        revision,
    })
}

/// The edits of every save after `base`, oldest first; none when one of those saves was not made of edits.
pub async fn edits_since(
    store: &Store,
    scope: &Scope,
    id: &WorkflowId,
    base: i64,
) -> StoreResult<Option<Vec<LoggedEdits>>> {
    let database = store.main().read();
    let current = find(database, scope, id).await?.revision;
    let rows = workflow_edits::Entity::find()
        .filter(workflow_edits::Column::WorkflowId.eq(id.as_str()))
        .filter(workflow_edits::Column::Revision.gt(base))
        .filter(workflow_edits::Column::Revision.lte(current))
        .order_by_asc(workflow_edits::Column::Revision)
        .all(database)
        .await?;
    if i64::try_from(rows.len()).ok() != Some(current - base) {
        return Ok(None);
    }
    let edits = rows.into_iter().map(|row| {
        Ok(LoggedEdits {
            revision: row.revision,
            base_revision: row.base_revision,
            edits: from_json("list of edits", &row.edits)?,
            person: row.person_id.into(),
            at: row.at,
        })
    });
    edits.collect::<StoreResult<Vec<_>>>().map(Some)
}

pub(super) async fn row(
    database: &impl ConnectionTrait,
    id: &WorkflowId,
    number: i64,
) -> StoreResult<workflow_revisions::Model> {
    workflow_revisions::Entity::find_by_id((id.to_string(), number))
        .one(database)
        .await?
        .ok_or(StoreError::NotFound("revision"))
}

pub(super) async fn document(
    database: &impl ConnectionTrait,
    id: &WorkflowId,
    number: i64,
) -> StoreResult<Document> {
    from_json("workflow", &row(database, id, number).await?.document)
}
