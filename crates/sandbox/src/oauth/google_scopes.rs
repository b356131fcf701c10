//! The Google scopes the sandbox knows, in words.

/// `(scope, words for the consent page)`.
pub(crate) const SCOPES: &[(&str, &str)] = &[
    (
        "https://www.googleapis.com/auth/spreadsheets",
        "See, edit, create and delete all your Google Sheets spreadsheets",
    ),
    (
        "https://www.googleapis.com/auth/spreadsheets.readonly",
        "See all your Google Sheets spreadsheets",
    ),
    (
        "https://www.googleapis.com/auth/drive",
        "See, edit, create and delete all of your Google Drive files",
    ),
    (
        "https://www.googleapis.com/auth/drive.readonly",
        "See and download all your Google Drive files",
    ),
    (
        "https://www.googleapis.com/auth/drive.file",
        "See, edit, create and delete only the Google Drive files you use with this app",
    ),
    (
        "https://www.googleapis.com/auth/drive.metadata.readonly",
        "See information about your Google Drive files",
    ),
    ("openid", "Associate you with your personal info on Google"),
    (
        "https://www.googleapis.com/auth/userinfo.email",
        "See your primary Google Account email address",
    ),
    ("email", "See your primary Google Account email address"),
    (
        "https://www.googleapis.com/auth/userinfo.profile",
        "See your personal info, including any you have made public",
    ),
    (
        "profile",
        "See your personal info, including any you have made public",
    ),
];

/// What `scope` means in words; `None` for one that Google would refuse.
pub(crate) fn words(scope: &str) -> Option<&'static str> {
    SCOPES
        .iter()
        .find(|(known, _)| *known == scope)
        .map(|(_, words)| *words)
}

/// `drive.file` for `https://www.googleapis.com/auth/drive.file`.
pub(crate) fn short(scope: &str) -> &str {
    scope
        .strip_prefix("https://www.googleapis.com/auth/")
        .unwrap_or(scope)
}
