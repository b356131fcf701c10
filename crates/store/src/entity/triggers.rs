//! The trigger of a workflow, as it is at work.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "triggers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workflow_id: String,
    pub organisation_id: String,
    pub kind: String,
    pub state: String,
    pub revision: i64,
    pub next_at: Option<i64>,
    pub since: Option<i64>,
    pub enabled_at: i64,
    pub last_fired_at: Option<i64>,
    pub last_run_id: Option<String>,
    pub error: Option<String>,
    pub error_at: Option<i64>,
    pub registration: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
