//! Lists: each operation is a function of its inputs, in time that grows little faster than the list.

mod group;
mod join;
mod order;
mod pick;
mod query;
mod reshape;

use patchbay_kit::{
    Hooks,
    model::{Json, event::StepError},
    pure::{self, Inputs},
};
use serde_json::json;

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    pure::hooks(run)
}

fn run(operation: &str, inputs: &mut Inputs) -> Option<Result<Json, StepError>> {
    Some(match operation {
        "add_items" => Ok(pick::add_items(inputs)),
        "get_item" => pick::get_item(inputs),
        "part" => Ok(pick::part(inputs)),
        "remove_items" => Ok(pick::remove_items(inputs)),
        "reverse" => Ok(order::reverse(inputs)),
        "sort" => order::sort(inputs),
        "remove_duplicates" => order::remove_duplicates(inputs),
        "filter" => query::filter(inputs),
        "find" => query::find(inputs),
        "count" => Ok(query::count(inputs)),
        "contains" => query::contains(inputs),
        "concatenate" => Ok(reshape::concatenate(inputs)),
        "pluck" => reshape::pluck(inputs),
        "chunk" => Ok(reshape::chunk(inputs)),
        "flatten" => Ok(reshape::flatten(inputs)),
        "to_object" => reshape::to_object(inputs),
        "range" => reshape::range(inputs),
        "group" => group::group(inputs),
        "aggregate" => group::aggregate(inputs),
        "join" => join::join(inputs),
        "compare" => join::compare(inputs),
        _ => return None,
    })
}

/// `{result, count}`.
fn counted(list: Vec<Json>) -> Json {
    let count = list.len();
    json!({ "result": list, "count": count })
}
