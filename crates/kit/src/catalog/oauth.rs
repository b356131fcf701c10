//! How people sign in to a service: the facts that the token life cycle needs.

use crate::manifest::connector::{ClientAuth, Connector};
use url::Url;

/// OAuth 2 authorization code with PKCE, as a service wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthSpec {
    /// Where the person's browser goes.
    pub authorize_url: String,
    /// Where codes and refresh tokens are exchanged.
    pub token_url: String,
    /// Where a token is given back; none: the service has no such address.
    pub revoke_url: Option<String>,
    /// How the client authenticates at `token_url` and `revoke_url`.
    pub client_auth: ClientAuth,
    /// Further parameters of `authorize_url`: `access_type=offline`.
    pub extra: Vec<(String, String)>,
}

/// The facts of a connector's service, moved to `base_url`'s origin if one is given.
pub(super) fn facts(connector: &Connector, base_url: Option<&str>) -> Option<OAuthSpec> {
    let oauth2 = connector.service.as_ref()?.oauth2.as_ref()?;
    let own = connector.base_url.as_deref();
    let place = |address: &str| place(own, address, base_url);
    Some(OAuthSpec {
        authorize_url: place(&oauth2.authorize)?,
        token_url: place(&oauth2.token)?,
        revoke_url: oauth2.revoke.as_deref().and_then(place),
        client_auth: oauth2.client_auth,
        extra: oauth2
            .extra
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    })
}

/// An address, absolute or below `own`, moved to the origin of `instead`.
pub(crate) fn place(own: Option<&str>, address: &str, instead: Option<&str>) -> Option<String> {
    let mut url = match Url::parse(address) {
        Ok(url) => url,
        Err(_) => Url::parse(own?).ok()?.join(address).ok()?,
    };
    if let Some(instead) = instead {
        let origin = Url::parse(instead).ok()?;
        url.set_scheme(origin.scheme()).ok()?;
        url.set_host(origin.host_str()).ok()?;
        url.set_port(origin.port()).ok()?;
    }
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn addresses_move_to_the_environments_origin() {
        let own = Some("https://platform.example.com");
        for (address, instead, wanted) in [
            ("/token", None, "https://platform.example.com/token"),
            (
                "https://accounts.example.com/auth",
                None,
                "https://accounts.example.com/auth",
            ),
            (
                "/token",
                Some("http://127.0.0.1:4610"),
                "http://127.0.0.1:4610/token",
            ),
            (
                "https://accounts.example.com/auth",
                Some("http://127.0.0.1:4610"),
                "http://127.0.0.1:4610/auth",
            ),
            (
                "https://accounts.example.com/auth",
                Some("https://partner.example.org/x"),
                "https://partner.example.org/auth",
            ),
        ] {
            assert_eq!(place(own, address, instead).as_deref(), Some(wanted));
        }
    }
}
