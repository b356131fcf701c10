//! Guide: how steps act for an account.

use super::picture::figure;
use leptos::prelude::*;

const PICTURE: &str = r##"
<g fill="var(--raised)" stroke="var(--line-strong)"><rect x="10" y="46" width="140" height="52" rx="10"/><rect x="250" y="46" width="150" height="52" rx="10"/><rect x="500" y="46" width="140" height="52" rx="10"/></g>
<g fill="var(--ink)" font-weight="600"><text x="26" y="68">Your browser</text><text x="268" y="68">Patchbay</text><text x="518" y="68">The service</text></g>
<g fill="var(--muted)" font-size="11"><text x="26" y="85">you say yes there</text><text x="268" y="85">keeps it sealed</text><text x="518" y="85">RingCentral, Google</text></g>
<g fill="none" stroke-width="2"><path d="M80 46C80 4 570 4 570 44" stroke="var(--trigger)"/><path d="M500 82H408" stroke="var(--cable)"/><path d="M400 62H492" stroke="var(--ok)"/></g>
<path d="M570 46l-5 -9h10z" fill="var(--trigger)"/><path d="M402 82l9 -5v10z" fill="var(--cable)"/><path d="M498 62l-9 -5v10z" fill="var(--ok)"/>
<g font-size="11"><text x="286" y="12" fill="var(--trigger)">1 sign in, in a pop-up</text><text x="414" y="98" fill="var(--cable-text)">2 permission</text><text x="416" y="56" fill="var(--ok)">3 calls</text></g>
"##;

pub(super) fn text() -> AnyView {
    view! {
        <p>
            "An authentication lets steps act for an account at a service. You sign in at the service itself, in a window of \
             its own; Patchbay never sees your password. What it gets instead is a permission that you can take back at any \
             time."
        </p>
        {figure(650, 112, PICTURE, "You agree at the service; Patchbay keeps the permission sealed and uses it for calls.")}
        <h2>"Whose it is"</h2>
        <table>
            <tbody>
                <tr>
                    <th scope="row">"Personal"</th>
                    <td>"Only you see it and use it. Right for trying things out, and for your own mailbox or sheets."</td>
                </tr>
                <tr>
                    <th scope="row">"Organisational"</th>
                    <td>
                        "Everybody with the builder role can choose it in a step. Nobody can read it, not even whoever made \
                         it. Right for a service account that goes on when people leave."
                    </td>
                </tr>
            </tbody>
        </table>
        <h2>"What it may do"</h2>
        <p>
            "Tick as little as you need. What the steps of the workflow need is marked and ticked already. If you need more \
             later, reconnect the same authentication with more permissions: workflows go on using it."
        </p>
        <h2>"Environments"</h2>
        <p>
            "A service may exist more than once: the real one, and a sandbox for developers. An administrator registers \
             Patchbay at each as an OAuth app, once, in " <a class="link" href="/settings/environments">"the settings"</a> "."
        </p>
        <h2>"When it needs reconnecting"</h2>
        <p>
            "A permission ends when it is taken back at the service, when a password changes there, or when it was not used for \
             long. Steps then say so, and one click on Reconnect mends it."
        </p>
    }
    .into_any()
}
