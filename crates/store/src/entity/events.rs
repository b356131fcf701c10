//! What happened in a run, in order.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_no: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ord: i64,
    pub kind: String,
    pub phase: i16,
    pub step: Option<String>,
    pub iteration: String,
    pub at: i64,
    pub payload: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
