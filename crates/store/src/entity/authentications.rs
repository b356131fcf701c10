//! A stored credential, sealed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authentications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub organisation_id: String,
    pub ownership: String,
    pub owner_id: String,
    pub name: String,
    pub service: String,
    pub environment_id: Option<String>,
    pub base_url: Option<String>,
    pub method: String,
    pub requested_scopes: String,
    pub granted_scopes: String,
    pub credential: String,
    pub version: i64,
    pub expires_at: Option<i64>,
    pub state: String,
    pub state_reason: Option<String>,
    pub account: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub last_used_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
