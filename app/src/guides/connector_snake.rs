//! Guide: drawing a cable from a field to a value.

use super::picture::figure;
use leptos::prelude::*;

const PICTURE: &str = r##"
<rect x="10" y="14" width="230" height="140" rx="12" fill="var(--raised)" stroke="var(--line)"/>
<g fill="var(--muted)" font-size="11"><text x="24" y="34">Loop call logs</text><text x="176" y="34">item 1 of 250</text></g>
<path d="M18 42H232" stroke="var(--line)"/>
<g font-family="var(--mono)" font-size="11" fill="var(--ink)"><text x="24" y="62">value</text><text x="40" y="80">direction</text><text x="40" y="98">from</text><text x="40" y="138">to</text></g>
<g font-family="var(--mono)" font-size="11" fill="var(--faint)"><text x="150" y="80">"Inbound"</text></g>
<rect x="46" y="104" width="184" height="20" rx="5" fill="var(--cable-soft)" stroke="var(--cable)"/>
<g font-family="var(--mono)" font-size="11"><text x="56" y="118" fill="var(--cable-text)">phoneNumber</text><text x="148" y="118" fill="var(--muted)">"+1650555…"</text></g>
<path d="M232 114C330 114 330 84 424 84" fill="none" stroke="var(--cable)" stroke-width="3" stroke-linecap="round"/>
<circle cx="232" cy="114" r="5" fill="var(--cable)"/><circle cx="428" cy="84" r="6" fill="var(--surface)" stroke="var(--cable)" stroke-width="3"/>
<text x="442" y="88" fill="var(--ink)" font-weight="500">fromPhone</text>
<rect x="422" y="98" width="210" height="32" rx="8" fill="var(--surface)" stroke="var(--cable)"/>
<text x="434" y="118" fill="var(--faint)">Drop on a value</text>
"##;

pub(super) fn text() -> AnyView {
    view! {
        <p>
            "Left of each field's label is a small socket. Drag from it and a cable follows your pointer: the "
            <b>"connector-snake"</b> ". Let go on a value of an earlier step, and the field takes that value from now on."
        </p>
        {figure(650, 168, PICTURE, "From the socket of fromPhone to a value that the loop offers.")}
        <h2>"With the pointer"</h2>
        <ol>
            <li>"Press on the socket and drag. Steps that run earlier light up, the others step back."</li>
            <li>"Hold over a step: what it gives opens beside it, with real values once it has run."</li>
            <li>"Let go on a value. If its type does not fit the field, the cable says so before you let go."</li>
        </ol>
        <p>
            "You can also drag the other way, from a value in an output to a field. "
            "Escape, or letting go anywhere else, changes nothing."
        </p>
        <h2>"With the keyboard"</h2>
        <p>
            "Press " <code>"/"</code> " in an empty field. A list of everything that can be used opens; type to narrow it, move \
             with the arrow keys, Enter takes it."
        </p>
        <h2>"What the cable leaves behind"</h2>
        <p>
            "A chip with the path, and below it the value it stands for right now. Renaming steps breaks nothing: the chip \
             points at the step's fixed name, not at its title."
        </p>
    }
    .into_any()
}
