//! What all pages share: the frame, the marks, and escaping.

use std::fmt::Write as _;

use crate::oauth::Service;

/// `text` so that it stands in HTML text and in quoted attributes as itself.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A whole page. `kind` is the class of the body, `script` a same-origin script.
pub(crate) fn page(title: &str, kind: &str, script: Option<&str>, body: &str) -> String {
    let mut page = String::with_capacity(body.len() + 600);
    let script = script.map_or_else(String::new, |path| {
        format!("<script src=\"{path}\" defer></script>")
    });
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{}</title>\
         <link rel=\"icon\" href=\"/_sandbox/assets/mark.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"/_sandbox/assets/style.css\">{script}</head>\
         <body class=\"{kind}\">{body}</body></html>",
        escape(title)
    );
    page
}

/// The mark of a service, our own drawing.
pub(crate) fn mark(service: Service) -> &'static str {
    match service {
        Service::RingCentral => {
            "<svg class=\"mark\" viewBox=\"0 0 40 40\" aria-hidden=\"true\">\
             <rect width=\"40\" height=\"40\" rx=\"11\" fill=\"#f08100\"/>\
             <path d=\"M12.5 11.5c-1.6 1.4-1.7 4.2.6 8.3s5.3 7.4 9.4 8.7c2.9.9 5-.2 5.7-2.1\
             l-4-3.2-2.6 1.9c-2.7-1.3-4.7-3.6-5.7-6.3l2.2-2.3-2.7-5.4c-1-.4-2.1-.3-2.9.4z\" \
             fill=\"#fff\"/>\
             <path d=\"M22 10.5a8.5 8.5 0 0 1 8 8\" fill=\"none\" stroke=\"#fff\" stroke-width=\"2.4\" \
             stroke-linecap=\"round\"/></svg>"
        }
        Service::Google => {
            "<svg class=\"mark\" viewBox=\"0 0 40 40\" aria-hidden=\"true\">\
             <rect width=\"40\" height=\"40\" rx=\"11\" fill=\"#21a366\"/>\
             <path d=\"M12 9.5h11l6 6v15H12z\" fill=\"#fff\"/>\
             <path d=\"M23 9.5v6h6z\" fill=\"#bfe6d0\"/>\
             <path d=\"M15.5 19.5h10v7.5h-10zM15.5 23.2h10M20.5 19.5v7.5\" fill=\"none\" \
             stroke=\"#21a366\" stroke-width=\"1.6\"/></svg>"
        }
    }
}

/// The frame of the sign-in pages: a card in the middle and the reminder that nothing is real.
pub(crate) fn card_page(service: Service, title: &str, content: &str) -> String {
    let body = format!(
        "<main class=\"card {class}\"><header class=\"brand\">{mark}<span>{name}</span></header>\
         {content}</main>\
         <footer class=\"note\">This is the Patchbay sandbox standing in for {name}. \
         Nothing leaves this computer and no real account is touched.</footer>",
        class = match service {
            Service::RingCentral => "ringcentral",
            Service::Google => "google",
        },
        mark = mark(service),
        name = service.name(),
    );
    page(
        &format!("{title} · {} sandbox", service.name()),
        "centred",
        None,
        &body,
    )
}
