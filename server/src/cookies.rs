//! Reading and making cookies.

use http::{HeaderMap, HeaderValue, header};

/// The session's cookie.
pub(crate) const SESSION: &str = "patchbay_session";

/// The value of a cookie of a request.
pub(crate) fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Puts the session into the browser: not readable by scripts, not sent along by foreign pages except on links.
pub(crate) fn set_session(token: &str, seconds: i64, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{SESSION}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    ))
    .ok()
}

/// Takes it out again.
pub(crate) fn clear_session(secure: bool) -> Option<HeaderValue> {
    set_session("", 0, secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("a=1; patchbay_session=abc; b=2"),
        );
        assert_eq!(find(&headers, SESSION), Some("abc"));
        assert_eq!(find(&headers, "patchbay"), None);
    }
}
