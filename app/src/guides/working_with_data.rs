//! Guide: how data gets from one step to the next.

use super::picture::figure;
use leptos::prelude::*;

const PICTURE: &str = r##"
<g fill="var(--raised)" stroke="var(--line-strong)"><rect x="10" y="20" width="150" height="46" rx="10"/><rect x="250" y="20" width="150" height="46" rx="10"/><rect x="490" y="20" width="150" height="46" rx="10"/></g>
<g fill="none" stroke="var(--line-strong)" stroke-width="2"><path d="M160 43H250"/><path d="M400 43H490"/></g>
<g fill="var(--ink)" font-weight="600"><text x="24" y="40">Trigger</text><text x="264" y="40">List call logs</text><text x="504" y="40">Create row</text></g>
<g fill="var(--faint)" font-family="var(--mono)" font-size="11"><text x="24" y="56">trigger</text><text x="264" y="56">ringcentral-1</text><text x="504" y="56">google-sheets-1</text></g>
<rect x="250" y="96" width="150" height="70" rx="8" fill="var(--sunk)"/>
<g font-family="var(--mono)" font-size="11"><text x="262" y="114" fill="var(--muted)">records</text><text x="274" y="132" fill="var(--muted)">direction</text><text x="274" y="150" fill="var(--cable-text)">"Inbound"</text></g>
<path d="M325 66V96" stroke="var(--line)" stroke-width="2" stroke-dasharray="3 3"/>
<path d="M360 146C440 146 430 112 500 112" fill="none" stroke="var(--cable)" stroke-width="3" stroke-linecap="round"/>
<circle cx="503" cy="112" r="5" fill="var(--cable)"/><text x="516" y="116" fill="var(--ink)">Direction</text>
"##;

pub(super) fn text() -> AnyView {
    view! {
        <p>
            "Every step leaves something behind: its output. The steps that come after it can use any part of that output, \
             as often as they like."
        </p>
        {figure(650, 176, PICTURE, "What List call logs found is used by a field of Create row.")}
        <h2>"Three ways to fill a field"</h2>
        <table>
            <tbody>
                <tr>
                    <th scope="row">"Value"</th>
                    <td>"What you type or choose is used as it is, in every run."</td>
                </tr>
                <tr>
                    <th scope="row">"Path"</th>
                    <td>
                        "The field takes a value from an earlier step, with its type: a list stays a list, a number a \
                         number. You need not type the path: draw a cable."
                    </td>
                </tr>
                <tr>
                    <th scope="row">"Text"</th>
                    <td>
                        "A sentence with values in it: " <code>"Call from {$.steps.loop-1.value.from.name}"</code> ". The \
                         result is always text."
                    </td>
                </tr>
            </tbody>
        </table>
        <p>"Switch between them at the right end of a field's label. What you entered before is kept."</p>
        <h2>"Inside a loop"</h2>
        <p>
            "A loop runs its steps once for each item of a list. In there, " <code>"value"</code>
            " of the loop is the present item, " <code>"index"</code> " its position counted from 0, and "
            <code>"is_last"</code> " says whether it is the last one. After the loop, only its summary is left: how many items, \
             how many failed."
        </p>
        <h2>"When a value may be missing"</h2>
        <p>
            "An internal call has no telephone number, so a path to it finds nothing and the step fails, saying which field \
             and which path. Give the field a value to fall back on and the step goes on with that."
        </p>
    }
    .into_any()
}
