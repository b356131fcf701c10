//! The page for a sign-in request that cannot be answered by a redirect.

use crate::oauth::Service;
use crate::pages::html::{card_page, escape};

pub(crate) fn page(service: Service, code: &str, text: &str) -> String {
    card_page(
        service,
        "Sign-in not possible",
        &format!(
            "<h1>Access blocked: the app’s request is not valid</h1>\
             <p class=\"notice\" role=\"alert\">{}</p>\
             <p>You can close this window. If you are setting the app up, correct its request and \
             start again.</p><p class=\"help\">Error 400: <code>{}</code></p>",
            escape(text),
            escape(code)
        ),
    )
}
