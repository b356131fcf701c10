//! Finding things on a page as a person or a screen reader does: by what they are and what they are
//! called. A story that finds its way like this also proves that roles and names are right.

use serde_json::{Value, json};

/// Something on the page; the description is what an error says when it is not there.
#[derive(Debug, Clone)]
pub struct Place {
    pub(crate) query: Value,
    pub(crate) description: String,
}

/// Runs in the page: gives the visible elements for a query, in the order of the document.
pub(crate) const FIND: &str = include_str!("find.js");

impl Place {
    /// Only inside another place.
    pub fn inside(mut self, outer: &Place) -> Self {
        self.query["inside"] = outer.query.clone();
        self.description = format!("{} inside {}", self.description, outer.description);
        self
    }

    /// The one of this number among several, counted from 0.
    pub fn nth(mut self, index: usize) -> Self {
        self.query["nth"] = json!(index);
        self.description = format!("{} number {index}", self.description);
        self
    }

    /// Also when it is invisible or has no size, such as a file input.
    pub fn even_hidden(mut self) -> Self {
        self.query["hidden"] = json!(true);
        self
    }

    /// The name only has to contain the words.
    pub fn partly(mut self) -> Self {
        self.query["partly"] = json!(true);
        self
    }
}

/// By CSS selector: the last resort.
pub fn css(selector: &str) -> Place {
    Place {
        query: json!({ "css": selector }),
        description: format!("`{selector}`"),
    }
}

/// By role and accessible name, such as `role("alert", "Not saved")`. An empty name fits all.
pub fn role(role: &str, name: &str) -> Place {
    Place {
        query: json!({ "role": role, "name": name }),
        description: format!("the {role} “{name}”"),
    }
}

/// By its visible words, the smallest element that has exactly these.
pub fn text(words: &str) -> Place {
    Place {
        query: json!({ "text": words }),
        description: format!("the words “{words}”"),
    }
}

/// A field of a form, by its label.
pub fn field(label: &str) -> Place {
    Place {
        query: json!({ "field": label }),
        description: format!("the field “{label}”"),
    }
}

macro_rules! roles {
    ($($function:ident $role:literal)*) => {$(
        #[doc = concat!("A ", $role, ", by its accessible name.")]
        pub fn $function(name: &str) -> Place {
            role($role, name)
        }
    )*};
}

roles! {
    button "button"
    dialog "dialog"
    heading "heading"
    link "link"
    menu_item "menuitem"
    option "option"
    tab "tab"
}
