//! The style sheet, the script and the icon of the pages, compiled in.

use crate::wire::Reply;

/// The asset called `name`.
pub(crate) fn reply(name: &str) -> Option<Reply> {
    let (content_type, body) = match name {
        "style.css" => (
            "text/css; charset=utf-8",
            include_str!("../../assets/style.css"),
        ),
        "sheet.js" => (
            "text/javascript; charset=utf-8",
            include_str!("../../assets/sheet.js"),
        ),
        "mark.svg" => ("image/svg+xml", include_str!("../../assets/mark.svg")),
        _ => return None,
    };
    Some(Reply::new(200, content_type, body).header("cache-control", "no-cache"))
}
