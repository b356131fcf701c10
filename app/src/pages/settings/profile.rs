//! Who one is here, and how the screen looks.

use crate::{
    theme::{self, Theme},
    ui::{Glyph, Icon, OptionCard, Section},
};
use leptos::prelude::*;
use patchbay_api::people::{Organisation, Person};

#[component]
pub(super) fn Profile(
    me: Person,
    #[prop(optional_no_strip)] organisation: Option<Organisation>,
    version: String,
) -> impl IntoView {
    let chosen = RwSignal::new(Theme::System);
    Effect::new(move |_| chosen.set(theme::current()));
    let cards = Theme::ALL
        .into_iter()
        .map(|one| {
            let (glyph, text) = match one {
                Theme::System => (Glyph::Screen, "Follows your computer."),
                Theme::Light => (Glyph::Sun, "Ink on paper."),
                Theme::Dark => (Glyph::Moon, "Chalk on slate."),
            };
            let choose = move || {
                theme::choose(one);
                chosen.set(one);
            };
            view! {
                <OptionCard
                    name="theme"
                    title=one.title()
                    checked=Signal::derive(move || chosen.get() == one)
                    on_choose=choose
                >
                    <span class="line">
                        <Icon glyph/>
                        {text}
                    </span>
                </OptionCard>
            }
        })
        .collect_view();
    view! {
        <Section title="You">
            <dl class="facts facts-plain">
                <div>
                    <dt>"Name"</dt>
                    <dd>{me.name}</dd>
                </div>
                <div>
                    <dt>"E-mail"</dt>
                    <dd>{me.email}</dd>
                </div>
                <div>
                    <dt>"Role"</dt>
                    <dd>{me.role.title()}</dd>
                </div>
                <div>
                    <dt>"Organisation"</dt>
                    <dd>{organisation.map(|organisation| organisation.name)}</dd>
                </div>
            </dl>
        </Section>
        <Section title="Appearance" summary="Kept in this browser.">
            <fieldset>
                <legend class="visually-hidden">"Theme"</legend>
                <div class="option-cards">{cards}</div>
            </fieldset>
        </Section>
        <Section title="Patchbay">
            <dl class="facts facts-plain">
                <div>
                    <dt>"Version"</dt>
                    <dd class="mono">{if version.is_empty() { "–".to_owned() } else { version }}</dd>
                </div>
                <div>
                    <dt>"API"</dt>
                    <dd>
                        <a class="link" href="/api/v1/openapi.json" target="_blank" rel="external">
                            "openapi.json"
                        </a>
                    </dd>
                </div>
            </dl>
        </Section>
    }
    .into_any()
}
