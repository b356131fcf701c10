//! Connectors: catalogue, operations with their schemas, live drop-downs, shapes that depend on inputs.

use patchbay_model::{
    Json,
    id::AuthenticationId,
    schema::Schema,
    spec::{OperationExample, ServiceSpec, StepKind},
};
use serde::{Deserialize, Serialize};

/// A connector in the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectorSummary {
    pub name: String,
    pub title: String,
    pub version: String,
    pub categories: Vec<String>,
    #[serde(default)]
    pub summary: String,
    /// A complete `<svg>` element.
    #[serde(default)]
    pub icon: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// How many operations the palette offers.
    #[serde(default)]
    pub operations: usize,
    #[serde(default)]
    pub triggers: usize,
}

/// A connector with its operations; the schemas only with `?expand=all`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConnectorDetail {
    pub name: String,
    pub title: String,
    pub version: String,
    pub categories: Vec<String>,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub icon: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceSpec>,
    pub operations: Vec<OperationDetail>,
    pub triggers: Vec<OperationDetail>,
}

/// One operation; `inputs` and `output` are JSON Schema.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationDetail {
    pub name: String,
    pub title: String,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub group: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    #[serde(default)]
    pub kind: StepKind,
    pub scopes: Vec<String>,
    pub repeatable: bool,
    #[serde(default)]
    pub irreversible: bool,
    #[serde(default)]
    pub deprecated: bool,
    #[serde(default)]
    pub hidden: bool,
    #[serde(default)]
    pub needs_authentication: bool,
    #[serde(default)]
    pub keywords: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<Schema>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Schema>,
    /// With the schemas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<OperationExample>,
}

/// `POST /api/v1/connectors/{connector}/operations/{operation}/options`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OptionsQuery {
    /// JSON pointer of the field below `inputs`.
    pub field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthenticationId>,
    /// The other inputs as they stand; paths in them are ignored.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub inputs: Json,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

/// One entry of a drop-down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub value: Json,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// `POST /api/v1/connectors/{connector}/operations/{operation}/shape`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShapeQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthenticationId>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub inputs: Json,
}

/// The schemas for these inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    pub inputs: Schema,
    pub output: Schema,
}
