//! A run; its state is the fold of its events.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "runs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub no: i64,
    pub id: String,
    pub organisation_id: String,
    pub workflow_id: String,
    pub revision: i64,
    pub cause: String,
    pub person_id: Option<String>,
    pub plan_hash: String,
    pub epoch: i64,
    pub status: String,
    pub accepted_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub steps_done: i64,
    pub error: Option<String>,
    pub last_ord: i64,
    pub last_run_at: Option<i64>,
    pub origin: i16,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
