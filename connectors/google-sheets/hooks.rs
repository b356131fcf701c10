//! What Google Sheets needs beyond single requests: rows by column names, worksheets that keep being found when they
//! are renamed, and a search that has to be escaped.

mod a1;
mod files;
mod filter;
mod header;
mod place;
mod reading;
mod removing;
mod rows;
mod tabs;
mod worksheets;

use patchbay_kit::{
    Call, Hooks,
    hooks::BoxFuture,
    model::{Json, event::StepError},
};

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    GoogleSheets
}

struct GoogleSheets;

impl Hooks for GoogleSheets {
    fn run<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Option<Result<Json, StepError>>> {
        Box::pin(async move {
            Some(match call.operation() {
                "create_row" => rows::create(&call).await,
                "create_rows" | "append_rows" => rows::create_many(&call).await,
                "update_row" => rows::update(&call).await,
                "create_or_update_row" => rows::create_or_update(&call).await,
                "get_rows" => reading::get(&call).await,
                "get_row" => reading::get_one(&call).await,
                "find_row" => reading::find(&call).await,
                "delete_rows" => removing::delete_rows(&call).await,
                "clear" => removing::clear(&call).await,
                "list_worksheets" => worksheets::list(&call).await,
                "read_header" => worksheets::read_header(&call).await,
                "create_worksheet" => worksheets::create(&call).await,
                "rename_worksheet" => worksheets::rename(&call).await,
                "delete_worksheet" => worksheets::delete(&call).await,
                "copy_worksheet" => worksheets::copy(&call).await,
                "add_column_headers" => worksheets::add_headers(&call).await,
                "list_spreadsheets" => files::list(&call).await,
                "create_spreadsheet" => files::create(&call).await,
                _ => return None,
            })
        })
    }
}
