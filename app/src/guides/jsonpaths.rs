//! Guide: reading and writing paths.

use super::picture::figure;
use leptos::prelude::*;

const PICTURE: &str = r##"
<g font-family="var(--mono)" font-size="17"><text x="30" y="44" fill="var(--ink)">$.steps</text><text x="104" y="44" fill="var(--trigger)">.ringcentral-1</text><text x="249" y="44" fill="var(--run)">.records</text><text x="331" y="44" fill="var(--cable-text)">[0]</text><text x="362" y="44" fill="var(--ok)">.from.phoneNumber</text></g>
<g stroke-width="2" fill="none"><path d="M30 56H98" stroke="var(--ink)"/><path d="M106 56H246" stroke="var(--trigger)"/><path d="M252 56H328" stroke="var(--run)"/><path d="M332 56H360" stroke="var(--cable)"/><path d="M366 56H534" stroke="var(--ok)"/></g>
<g fill="var(--muted)" font-size="11.5"><text x="30" y="76">the steps</text><text x="106" y="76">which step</text><text x="252" y="76">a key</text><text x="326" y="76">item 1</text><text x="396" y="76">keys inside it</text></g>
"##;

const EXAMPLES: [(&str, &str); 8] = [
    ("$.steps.trigger", "What started the run"),
    (
        "$.steps.ringcentral-1.records",
        "The list that the step found",
    ),
    (
        "$.steps.ringcentral-1.records[0]",
        "Its first item; [-1] is the last",
    ),
    (
        "$.steps.ringcentral-1.records[*].id",
        "A list: the id of every item",
    ),
    (
        "$.steps.ringcentral-1.records[?@.result=='Missed']",
        "A list: only the items that fit",
    ),
    ("$.steps.loop-1.value", "Inside the loop: the present item"),
    ("$.config.sheet", "A constant of the workflow"),
    ("$.env.last_run_at", "When the last successful run began"),
];

pub(super) fn text() -> AnyView {
    let rows = EXAMPLES
        .into_iter()
        .map(|(path, meaning)| {
            view! {
                <tr>
                    <td><code>{path}</code></td>
                    <td>{meaning}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <p>
            "A path says where a value is. It begins with " <code>"$"</code>
            ", which stands for everything a run knows, and goes one key deeper with each dot. You will seldom type one: the \
             connector-snake writes them for you."
        </p>
        {figure(600, 92, PICTURE, "The telephone number of whoever made the first call.")}
        <table>
            <tbody>{rows}</tbody>
        </table>
        <h2>"One value or a list"</h2>
        <p>
            "A path that names each key gives one value, of whatever type it has. As soon as it says "
            <code>"[*]"</code> ", " <code>"[1:3]"</code> ", " <code>"[?…]"</code> " or " <code>".."</code>
            " it may find many, and the result is always a list, even of one or none."
        </p>
        <h2>"Missing is not empty"</h2>
        <p>
            "Where there is no such key the value is missing, and a step that needs it fails with a message that names the \
             nearest keys: you may have meant " <code>"from"</code> ", not " <code>"fromm"</code>
            ". Add a value to fall back on if that is to be expected."
        </p>
        <p>
            "Names with spaces or odd characters go into brackets: " <code>"$.steps.http-1.body['first name']"</code>
            ". Everything else follows RFC 9535."
        </p>
    }
    .into_any()
}
