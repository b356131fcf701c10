//! Buttons, and links that look like them.

use super::{Glyph, Icon};
use leptos::{ev::MouseEvent, prelude::*};

/// How much a button stands out. One primary button per view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    #[default]
    Plain,
    /// The one thing to do here.
    Primary,
    /// Without a border.
    Ghost,
    /// Takes something away for good.
    Danger,
}

impl ButtonKind {
    fn class(self, small: bool) -> String {
        let kind = match self {
            Self::Plain => "button",
            Self::Primary => "button button-primary",
            Self::Ghost => "button button-ghost",
            Self::Danger => "button button-danger",
        };
        if small {
            format!("{kind} button-small")
        } else {
            kind.to_owned()
        }
    }
}

/// A button.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
    /// Shows a turning mark and takes no clicks.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// Gets the focus when the dialog around it opens.
    #[prop(optional)]
    focus: bool,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class=kind.class(small)
            autofocus=focus
            class:button-busy=busy
            r#type=if submit { "submit" } else { "button" }
            disabled=move || disabled.get() || busy.get()
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event| {
                if let Some(on_click) = on_click {
                    on_click.run(event);
                }
            }
        >
            {glyph.map(|glyph| view! { <Icon glyph/> })}
            <span class="button-text">{children()}</span>
        </button>
    }
    .into_any()
}

/// A link in the shape of a button.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
    #[prop(optional)] glyph: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=kind.class(small) rel=crate::entry::rel(&href) href=href>
            {glyph.map(|glyph| view! { <Icon glyph/> })}
            <span class="button-text">{children()}</span>
        </a>
    }
    .into_any()
}

/// A button that is a picture; the label is for those who do not see it, and for the tooltip.
#[component]
pub fn IconButton(
    glyph: Glyph,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] small: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    view! {
        <button
            class="icon-button"
            class:icon-button-small=small
            r#type="button"
            aria-label=label
            title=label
            disabled=disabled
            on:click=move |event| {
                if let Some(on_click) = on_click {
                    on_click.run(event);
                }
            }
        >
            <Icon glyph/>
        </button>
    }
    .into_any()
}
