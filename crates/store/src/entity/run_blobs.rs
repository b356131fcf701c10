//! A large value that stands in a file of its own, and a run that uses it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "run_blobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_no: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub bytes: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
