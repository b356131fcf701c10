//! Tokens: header, claims and signature, divided by points.

use super::keys;
use crate::bytes;
use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid},
};
use serde_json::json;

/// A token taken apart.
struct Token<'t> {
    header: JsonMap,
    claims: JsonMap,
    /// What is signed.
    message: &'t str,
    signature: Vec<u8>,
}

pub(super) fn sign(inputs: &mut Inputs, now: i64) -> Result<Json, StepError> {
    let algorithm = inputs.text("algorithm").to_owned();
    let mut header = JsonMap::new();
    header.insert("typ".to_owned(), Json::from("JWT"));
    header.insert("alg".to_owned(), Json::from(algorithm.as_str()));
    for (name, value) in inputs.take_object("header") {
        if name != "alg" {
            header.insert(name, value);
        }
    }
    let mut claims = inputs.take_object("claims");
    if let Some(seconds) = inputs.integer("valid_for") {
        claims.entry("iat").or_insert(Json::from(now));
        claims.insert("exp".to_owned(), Json::from(now.saturating_add(seconds)));
    }
    let written =
        |map: JsonMap| bytes::write(Json::Object(map).to_string().as_bytes(), "base64url");
    let message = format!("{}.{}", written(header), written(claims));
    let signature = keys::sign(&algorithm, inputs.text("key"), message.as_bytes())?;
    let signature = bytes::write(&signature, "base64url");
    Ok(json!({ "result": format!("{message}.{signature}") }))
}

pub(super) fn decode(inputs: &Inputs) -> Result<Json, StepError> {
    let token = read(inputs.text("token"))?;
    Ok(json!({ "header": token.header, "claims": token.claims }))
}

pub(super) fn verify(inputs: &Inputs, now: i64) -> Result<Json, StepError> {
    let token = read(inputs.text("token"))?;
    let reason = wrong_with(&token, inputs, now)?;
    let mut output = json!({ "valid": reason.is_none() });
    if let Some(reason) = reason {
        output["reason"] = Json::from(reason);
    }
    output["header"] = Json::Object(token.header);
    output["claims"] = Json::Object(token.claims);
    Ok(output)
}

/// The first thing that is wrong; the algorithm is the one that the caller expects, never the token's own.
fn wrong_with(token: &Token<'_>, inputs: &Inputs, now: i64) -> Result<Option<String>, StepError> {
    let algorithm = inputs.text("algorithm");
    let said = token
        .header
        .get("alg")
        .and_then(Json::as_str)
        .unwrap_or_default();
    if said != algorithm {
        return Ok(Some(format!(
            "The token is signed with \"{said}\" and not with {algorithm}."
        )));
    }
    let key = inputs.text("key");
    if !keys::is_right(algorithm, key, token.message.as_bytes(), &token.signature)? {
        return Ok(Some("The signature is not right.".to_owned()));
    }
    let leeway = inputs.integer("leeway").unwrap_or(60);
    let time = |name: &str| match token.claims.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_f64()
            .map(|time| Some(time as i64))
            .ok_or(name.to_owned()),
    };
    let (ends, begins) = match (time("exp"), time("nbf")) {
        (Ok(ends), Ok(begins)) => (ends, begins),
        (Err(name), _) | (_, Err(name)) => return Ok(Some(format!("`{name}` is no time."))),
    };
    if ends.is_some_and(|ends| now >= ends.saturating_add(leeway)) {
        return Ok(Some("The token has ended.".to_owned()));
    }
    if begins.is_some_and(|begins| now < begins.saturating_sub(leeway)) {
        return Ok(Some("The token is not valid yet.".to_owned()));
    }
    let (audience, issuer) = (inputs.text("audience"), inputs.text("issuer"));
    let fits = match token.claims.get("aud") {
        Some(Json::Array(all)) => all.iter().any(|one| one == audience),
        Some(one) => one == audience,
        None => false,
    };
    if !audience.is_empty() && !fits {
        return Ok(Some("The token is meant for another audience.".to_owned()));
    }
    if !issuer.is_empty() && token.claims.get("iss").is_none_or(|found| found != issuer) {
        return Ok(Some("The token comes from another issuer.".to_owned()));
    }
    Ok(None)
}

fn read(text: &str) -> Result<Token<'_>, StepError> {
    let wrong = |reason: &str| {
        let message = format!("This is no JSON Web Token: {reason}.");
        invalid("/token", message)
    };
    let text = text.trim();
    let text = text.strip_prefix("Bearer ").unwrap_or(text);
    let parts: Vec<&str> = text.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return Err(wrong("it has not three parts divided by points"));
    };
    let object = |part: &str, name: &str| {
        let bytes = bytes::read(part, "base64", "/token").ok();
        let value = bytes.and_then(|bytes| serde_json::from_slice::<Json>(&bytes).ok());
        match value {
            Some(Json::Object(map)) => Ok(map),
            _ => Err(wrong(&format!("its {name} cannot be read"))),
        }
    };
    Ok(Token {
        header: object(header, "header")?,
        claims: object(claims, "claims")?,
        message: &text[..header.len() + 1 + claims.len()],
        signature: bytes::read(signature, "base64", "/token")
            .map_err(|_| wrong("its signature cannot be read"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
    };

    fn with(value: Json) -> Inputs {
        value.as_object().cloned().unwrap().into()
    }

    fn pem(kind: &str, der: &[u8]) -> String {
        let body = bytes::write(der, "base64");
        format!("-----BEGIN {kind} KEY-----\n{body}\n-----END {kind} KEY-----")
    }

    #[test]
    fn times_audience_and_issuer_are_looked_at() {
        let claims = json!({ "exp": 1000, "nbf": 500, "aud": ["a", "b"], "iss": "me" });
        let token = sign(
            &mut with(json!({"claims": claims, "algorithm": "HS256", "key": "k"})),
            0,
        )
        .unwrap();
        let check = |more: Json, now: i64| {
            let mut inputs =
                json!({"token": token["result"], "algorithm": "HS256", "key": "k", "leeway": 10});
            inputs
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().cloned().unwrap());
            verify(&with(inputs), now).unwrap()["valid"] == true
        };
        for (more, now, valid) in [
            (json!({}), 700, true),
            (json!({}), 1009, true),
            (json!({}), 1010, false),
            (json!({}), 489, false),
            (json!({"audience": "b", "issuer": "me"}), 700, true),
            (json!({"audience": "c"}), 700, false),
            (json!({"issuer": "you"}), 700, false),
            (json!({"algorithm": "HS384"}), 700, false),
        ] {
            assert_eq!(check(more.clone(), now), valid, "{more} at {now}");
        }
    }

    #[test]
    fn keys_of_curves_sign_and_verify() {
        let random = SystemRandom::new();
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &random)
                .unwrap();
        let ed = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        let ed_pair = Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap();
        for (algorithm, private, public) in [
            ("ES256", der.as_ref(), pair.public_key().as_ref()),
            ("EdDSA", ed.as_ref(), ed_pair.public_key().as_ref()),
        ] {
            let inputs =
                json!({"claims": {"a": 1}, "algorithm": algorithm, "key": pem("PRIVATE", private)});
            let token = sign(&mut with(inputs), 0).unwrap();
            let inputs = json!({"token": token["result"], "algorithm": algorithm, "key": pem("PUBLIC", public)});
            assert_eq!(
                verify(&with(inputs), 0).unwrap()["valid"],
                true,
                "{algorithm}"
            );
        }
    }

    #[test]
    fn a_token_without_signature_is_never_valid() {
        let part = |value: Json| bytes::write(value.to_string().as_bytes(), "base64url");
        let token = format!(
            "{}.{}.",
            part(json!({"alg": "none"})),
            part(json!({"admin": true}))
        );
        let inputs = json!({"token": token, "algorithm": "HS256", "key": "k"});
        assert_eq!(verify(&with(inputs), 0).unwrap()["valid"], false);
    }
}
