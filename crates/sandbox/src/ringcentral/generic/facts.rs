//! The description of the service: which operation a path means, and what it takes and gives.

use std::sync::LazyLock;

use serde_json::Value;

/// The same file that the connector's operations are made from; it holds facts and no words.
const TEXT: &str = include_str!("../../../../../connectors/ringcentral/openapi.json");

static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts {
    // A description that cannot be read describes nothing; a test reads it.
    document: serde_json::from_str(TEXT).unwrap_or_default(),
});

/// The description, read when it is first needed.
pub(super) fn facts() -> &'static Facts {
    &FACTS
}

/// The description of all operations.
pub(super) struct Facts {
    document: Value,
}

/// The operation that a request means.
#[derive(Clone)]
pub(crate) struct Found {
    pub(super) operation: &'static Value,
    /// What stands in the holes of the path, in order.
    holes: Vec<(&'static str, String)>,
}

impl Facts {
    /// The operation of this method and path; fixed parts of a path win over holes.
    pub(super) fn find(&'static self, method: &str, pieces: &[&str]) -> Option<Found> {
        let method = method.to_lowercase();
        let paths = self.document["paths"].as_object()?;
        let mut best: Option<Found> = None;
        for (path, item) in paths {
            let Some(operation) = item.get(&method) else {
                continue;
            };
            let Some(holes) = fit(path, pieces) else {
                continue;
            };
            if best
                .as_ref()
                .is_none_or(|best| holes.len() < best.holes.len())
            {
                best = Some(Found { operation, holes });
            }
        }
        best
    }

    /// What `$ref` names, or the schema itself.
    pub(super) fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"]
            .as_str()
            .and_then(|text| text.rsplit('/').next());
        match name {
            Some(name) => self.resolved(&self.document["components"]["schemas"][name]),
            None => schema,
        }
    }

    #[cfg(test)]
    pub(super) fn paths(&self) -> &serde_json::Map<String, Value> {
        self.document["paths"].as_object().unwrap()
    }
}

fn fit(path: &'static str, pieces: &[&str]) -> Option<Vec<(&'static str, String)>> {
    let mut holes = Vec::new();
    let mut wanted = path.split('/').skip(1);
    for piece in pieces {
        let wanted = wanted.next()?;
        match wanted
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(_) if piece.is_empty() => return None,
            Some(name) => holes.push((name, (*piece).to_owned())),
            None if wanted == *piece => {}
            None => return None,
        }
    }
    wanted.next().is_none().then_some(holes)
}

impl Found {
    pub(super) fn text(&self, key: &str) -> Option<&'static str> {
        self.operation[key].as_str()
    }

    /// What the path says for this hole.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        let (_, value) = self.holes.iter().find(|(hole, _)| *hole == name)?;
        Some(value)
    }

    /// The identifier of what the path ends in.
    pub(super) fn last_id(&self) -> Option<&str> {
        let (name, value) = self.holes.last()?;
        (!matches!(*name, "accountId" | "extensionId") && value != "~").then_some(value)
    }

    /// Status, content type and schema of the answer that means success.
    pub(super) fn answer(&self) -> Option<(u16, &'static str, &'static Value)> {
        for (status, answer) in self.operation["responses"].as_object()? {
            let status = status.parse().unwrap_or(0);
            if !(200..300).contains(&status) {
                continue;
            }
            let kinds = || answer["content"].as_object().into_iter().flatten();
            let json = kinds().find(|(kind, _)| kind.contains("json"));
            if let Some((kind, media)) = json.or_else(|| kinds().next()) {
                return Some((status, kind, facts().resolved(&media["schema"])));
            }
        }
        None
    }

    /// The status of an answer without a body.
    pub(super) fn status(&self) -> u16 {
        let all = self.operation["responses"]
            .as_object()
            .into_iter()
            .flatten();
        let mut known = all.filter_map(|(status, _)| status.parse().ok());
        known
            .find(|status| (200..400).contains(status))
            .unwrap_or(204)
    }

    /// The content type of an answer about several things.
    pub(super) fn several(&self) -> Option<&'static str> {
        let content = self.operation["responses"]["207"]["content"].as_object()?;
        let kind = content.keys().find(|kind| kind.contains("json"))?;
        Some(kind)
    }
}
