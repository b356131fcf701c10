//! Gives every file a name that holds the hash of its content, and points references between files
//! to those names, so that a browser may keep a file for ever.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

use super::gather::Asset;

/// Where the server answers the files.
const BASE: &str = "/assets/";

/// A file with its final content and its final name.
pub(crate) struct Hashed {
    pub(crate) path: String,
    pub(crate) hashed: String,
    pub(crate) sha256: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Names all files. A file that refers to others comes after them, since its hash covers their names.
pub(crate) fn all(mut assets: Vec<Asset>) -> Result<Vec<Hashed>> {
    assets.sort_by_key(|asset| (rank(&asset.path), asset.path.clone()));
    let mut names = BTreeMap::new();
    let mut files = Vec::new();
    for asset in assets {
        let bytes = match rank(&asset.path) {
            STYLE => point_style(&text(&asset)?, &names)?.into_bytes(),
            ENTRY => point_script(&text(&asset)?, &names).into_bytes(),
            _ => asset.bytes,
        };
        let sha256 = sha256(&bytes);
        let hashed = hashed_name(&asset.path, &sha256);
        names.insert(asset.path.clone(), hashed.clone());
        files.push(Hashed {
            path: asset.path,
            hashed,
            sha256,
            bytes,
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

const LEAF: u8 = 0;
const STYLE: u8 = 1;
const ENTRY: u8 = 2;

fn rank(path: &str) -> u8 {
    if path.ends_with(".css") {
        STYLE
    } else if is_entry(path) {
        ENTRY
    } else {
        LEAF
    }
}

/// `pkg/builder.js`, not what lies in folders below.
fn is_entry(path: &str) -> bool {
    path.strip_prefix("pkg/")
        .is_some_and(|name| name.ends_with(".js") && !name.contains('/'))
}

fn text(asset: &Asset) -> Result<String> {
    match std::str::from_utf8(&asset.bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => bail!("{} is not UTF-8: {error}", asset.path),
    }
}

/// `fonts/body.woff2` → `fonts/body-0a1b2c3d.woff2`.
fn hashed_name(path: &str, sha256: &str) -> String {
    let short = &sha256[..8];
    let name_at = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[name_at..].rfind('.') {
        Some(dot) if dot > 0 => {
            let (stem, ending) = path.split_at(name_at + dot);
            format!("{stem}-{short}{ending}")
        }
        _ => format!("{path}-{short}"),
    }
}

/// Replaces each `url(…)` that names a file of the site. One that names nothing is an error here,
/// not a 404 in front of a person.
fn point_style(css: &str, names: &BTreeMap<String, String>) -> Result<String> {
    let mut out = String::new();
    let mut rest = css;
    while let Some(at) = rest.find("url(") {
        let (before, from) = rest.split_at(at + 4);
        out.push_str(before);
        let Some(end) = closing(from) else {
            bail!("a style sheet has a `url(` without its `)`");
        };
        let target = from[..end].trim().trim_matches(['"', '\'']);
        if target.starts_with("data:") || target.starts_with('#') {
            out.push_str(&from[..end]);
        } else {
            let path = target.strip_prefix(BASE).unwrap_or(target);
            let path = path.trim_start_matches("./").trim_start_matches("../");
            let Some(hashed) = names.get(path) else {
                bail!("a style sheet names url({target}), but app/public has no {path}");
            };
            out.push_str(&format!("\"{BASE}{hashed}\""));
        }
        rest = &from[end..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the `)` of a `url(` is; one inside quotes does not count.
fn closing(from: &str) -> Option<usize> {
    let start = from.len() - from.trim_start().len();
    match from[start..].chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inner = start + 1;
            let end = inner + from[inner..].find(quote)?;
            Some(end + from[end..].find(')')?)
        }
        _ => from.find(')'),
    }
}

/// The script that wasm-bindgen writes names the wasm file and its snippets relative to itself.
fn point_script(script: &str, names: &BTreeMap<String, String>) -> String {
    let mut out = script.to_owned();
    for (path, hashed) in names {
        let (Some(path), Some(hashed)) = (path.strip_prefix("pkg/"), hashed.strip_prefix("pkg/"))
        else {
            continue;
        };
        for quote in ['"', '\''] {
            for dot in ["", "./"] {
                out = out.replace(
                    &format!("{quote}{dot}{path}{quote}"),
                    &format!("{quote}{dot}{hashed}{quote}"),
                );
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Result<Vec<Hashed>> {
        all(files
            .iter()
            .map(|(path, text)| Asset {
                path: (*path).to_owned(),
                bytes: text.as_bytes().to_vec(),
            })
            .collect())
    }

    fn find<'a>(files: &'a [Hashed], path: &str) -> &'a Hashed {
        files.iter().find(|file| file.path == path).unwrap()
    }

    #[test]
    fn the_hash_stands_before_the_ending() {
        let hash = sha256(b"x");
        let short = &hash[..8];
        assert_eq!(hashed_name("a/b.c.js", &hash), format!("a/b.c-{short}.js"));
        assert_eq!(
            hashed_name("a.b/LICENCE", &hash),
            format!("a.b/LICENCE-{short}")
        );
    }

    #[test]
    fn a_style_points_to_the_hashed_font_however_it_spells_it() {
        for spelling in [
            "/assets/fonts/a.woff2",
            "'fonts/a.woff2'",
            "\"../fonts/a.woff2\"",
        ] {
            let css = format!("@font-face {{ src: url({spelling}) format(\"woff2\") }}");
            let files = site(&[("patchbay.css", &css), ("fonts/a.woff2", "font")]).unwrap();
            let font = &find(&files, "fonts/a.woff2").hashed;
            let css = String::from_utf8(find(&files, "patchbay.css").bytes.clone()).unwrap();
            assert!(css.contains(&format!("url(\"/assets/{font}\")")), "{css}");
        }
    }

    #[test]
    fn pictures_inside_the_style_stay_as_they_are() {
        let css = "a { background: url(\"data:image/svg+xml,%3Csvg viewBox='0 (0)'/%3E\") }";
        let files = site(&[("patchbay.css", css)]).unwrap();
        assert_eq!(find(&files, "patchbay.css").bytes, css.as_bytes());
    }

    #[test]
    fn a_style_that_names_a_missing_file_is_refused() {
        let error = site(&[("patchbay.css", "a { background: url(no.png) }")])
            .err()
            .unwrap();
        assert!(error.to_string().contains("no.png"), "{error}");
    }

    #[test]
    fn the_script_points_to_the_hashed_wasm_and_snippets() {
        let script = "import { f } from './snippets/x/inline0.js'; new URL('pages_bg.wasm', u)";
        let files = site(&[
            ("pkg/pages.js", script),
            ("pkg/pages_bg.wasm", "wasm"),
            ("pkg/snippets/x/inline0.js", "export function f() {}"),
        ])
        .unwrap();
        let script = String::from_utf8(find(&files, "pkg/pages.js").bytes.clone()).unwrap();
        for path in ["pkg/pages_bg.wasm", "pkg/snippets/x/inline0.js"] {
            let hashed = find(&files, path).hashed.strip_prefix("pkg/").unwrap();
            assert!(script.contains(hashed), "{script}");
        }
    }

    #[test]
    fn another_wasm_gives_the_script_another_name() {
        let script = "new URL('pages_bg.wasm', import.meta.url)";
        let name = |wasm: &str| {
            let files = site(&[("pkg/pages.js", script), ("pkg/pages_bg.wasm", wasm)]);
            find(&files.unwrap(), "pkg/pages.js").hashed.clone()
        };
        assert_ne!(name("one"), name("two"));
    }
}
