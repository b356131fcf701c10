//! Light, dark, or as the system: kept in a cookie so that the server renders the right one at once.

use crate::browser;
use leptos::prelude::*;

/// The cookie `patchbay_theme`, as the server read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThemeCookie(pub Option<String>);

/// How the screen looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// What the operating system asks for.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// `data-theme` and the cookie; none for the system's.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    fn of(word: Option<&str>) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.word() == word)
            .unwrap_or_default()
    }
}

/// `data-theme` of the document while rendering on the server.
pub(crate) fn from_cookie() -> Option<&'static str> {
    let cookie = use_context::<ThemeCookie>().unwrap_or_default();
    Theme::of(cookie.0.as_deref()).word()
}

/// The theme that the document shows now; browser only.
pub fn current() -> Theme {
    Theme::of(browser::root().get_attribute("data-theme").as_deref())
}

/// Shows a theme and remembers it for a year; browser only.
pub fn choose(theme: Theme) {
    let root = browser::root();
    // Attributes of the document's own element can always be set.
    let _ = match theme.word() {
        Some(word) => root.set_attribute("data-theme", word),
        None => root.remove_attribute("data-theme"),
    };
    let (word, age) = theme.word().map_or(("", 0), |word| (word, 31_536_000));
    browser::set_cookie(&format!(
        "patchbay_theme={word}; Path=/; Max-Age={age}; SameSite=Lax"
    ));
}
