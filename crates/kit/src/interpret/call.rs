//! What a hook that carries out an operation can see and do.

use super::{Ask, Context, cache::Cache};
use patchbay_model::{Json, JsonMap, event::StepError};

/// One operation that a hook carries out: its checked inputs, and a way to the service.
pub struct Call<'a> {
    context: Context<'a>,
    inputs: JsonMap,
}

impl<'a> Call<'a> {
    pub(super) fn new(context: Context<'a>, inputs: JsonMap) -> Self {
        Self { context, inputs }
    }

    /// The operation's name.
    pub fn operation(&self) -> &str {
        &self.context.spec.name
    }

    /// The inputs, checked against the manifest, with defaults filled in.
    pub fn inputs(&self) -> &JsonMap {
        &self.inputs
    }

    /// The operation's name and its inputs, when nothing else is needed.
    pub(crate) fn into_parts(self) -> (String, JsonMap) {
        (self.context.spec.name.clone(), self.inputs)
    }

    /// An input, if it has a value.
    pub fn input(&self, name: &str) -> Option<&Json> {
        self.inputs.get(name).filter(|value| !value.is_null())
    }

    /// A text input; empty if it has no value.
    pub fn text(&self, name: &str) -> &str {
        self.input(name).and_then(Json::as_str).unwrap_or_default()
    }

    /// A number input that counts something.
    pub fn count(&self, name: &str) -> Option<usize> {
        self.input(name)
            .and_then(Json::as_u64)
            .and_then(|count| usize::try_from(count).ok())
    }

    /// A yes-or-no input; no if it has no value.
    pub fn flag(&self, name: &str) -> bool {
        self.input(name).and_then(Json::as_bool).unwrap_or(false)
    }

    /// Makes a request with the credential and reads the answer as JSON.
    pub async fn ask(&self, ask: Ask) -> Result<Json, StepError> {
        self.context.ask(ask).await
    }

    /// What was remembered under this key within the last minute, for this authentication.
    pub fn remembered(&self, key: &str) -> Option<Json> {
        self.cache().get(&self.key(key))
    }

    /// Remembers a value for a minute.
    pub fn remember(&self, key: &str, value: Json) {
        self.cache().put(self.key(key), value);
    }

    /// Forgets it earlier.
    pub fn forget(&self, key: &str) {
        self.cache().forget(&self.key(key));
    }

    /// The error for a value that cannot be used; `pointer` is the input's, such as `/row/Direction`.
    pub fn invalid(&self, pointer: &str, message: impl Into<String>) -> StepError {
        super::inputs::invalid(pointer, message)
    }

    fn cache(&self) -> &'a Cache {
        &self.context.kit.cache
    }

    fn key(&self, key: &str) -> String {
        self.context.cache_key(&format!("hook {key}"))
    }
}

impl Context<'_> {
    /// A key that no other authentication, environment or connector shares.
    pub(super) fn cache_key(self, key: &str) -> String {
        let credential = self
            .credential
            .map(|credential| credential.key.as_str())
            .unwrap_or_default();
        let base = self.target.base_url.as_deref().unwrap_or_default();
        format!("{}\n{credential}\n{base}\n{key}", self.connector)
    }
}
