//! The last checkpoint of a run's state.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "frontiers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_no: i64,
    pub ord: i64,
    pub state: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
