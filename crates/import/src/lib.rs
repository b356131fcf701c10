//! Turns the description of a service (OpenAPI 3, as JSON) into a connector's folder.
//!
//! ```text
//! import(&document, &Hand::read(&files)?) -> Result<Folder, ImportError>
//! Folder { files: path -> text, notes }     the generated files; what was left out or bent, for people
//! ```
//!
//! The same document and the same hand-written files give the same folder, byte by byte. What is written by hand wins:
//! a file without [`MARK`] in its first line is never touched, an operation file that names an `operation_id` stands
//! for that operation, and `import.toml` holds names, titles, help and drop-downs for what is generated ([`hand`]).

pub mod document;
pub mod hand;
mod help;
mod input;
mod operation;
mod paging;
mod schema;
mod shapes;
mod words;
mod write;

use document::Document;
use hand::Hand;
use std::collections::BTreeMap;

/// How the first line of a generated file begins.
pub const MARK: &str = "# Made from openapi.json";

/// A connector's folder, as far as it is generated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folder {
    /// By path inside the folder: `operations/list_extensions.toml`.
    pub files: BTreeMap<String, String>,
    /// What a person should know: parts of the description that the connector cannot express.
    pub notes: Vec<String>,
}

/// Why a description cannot become a folder.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The description is not what it should be; `place` is a JSON pointer or an operation.
    #[error("{place}: {problem}")]
    Document { place: String, problem: String },
    /// A hand-written file cannot be read.
    #[error("{file}: {problem}")]
    Hand { file: String, problem: String },
}

/// The generated files of a connector's folder.
pub fn import(document: &serde_json::Value, hand: &Hand) -> Result<Folder, ImportError> {
    let document = Document::read(document)?;
    let names = operation::names(&document, hand)?;
    let mut folder = Folder::default();
    let mut shapes = shapes::Shapes::of(&document, hand);
    for operation in &document.operations {
        if hand.stands_for(&operation.id).is_some() {
            continue;
        }
        let Some(name) = names.get(&operation.id) else {
            continue;
        };
        let text = operation::file(operation, &document, hand, &names, &mut shapes);
        folder.files.insert(format!("operations/{name}.toml"), text);
    }
    folder.files.extend(shapes.files());
    folder.notes = shapes.into_notes();
    Ok(folder)
}
