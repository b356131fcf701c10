//! The tree of values that a person can pick from: what the connector-snake opens.

use crate::{
    Json,
    path::{Segment, spell_from},
    schema::{Schema, Type},
    words::{cut, plain},
};
use std::collections::HashSet;

/// Children that one node shows; the rest is behind a marker.
pub const MAX_CHILDREN: usize = 200;
/// Characters of a sample value.
const SAMPLE: usize = 60;

/// Data that can be picked from: known by its schema, by a sample, or both.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The path of its root, `$.steps.loop-1`.
    pub base: &'a str,
    /// What is known about it.
    pub schema: Option<&'a Schema>,
    /// What was there in a past run.
    pub sample: Option<&'a Json>,
}

/// One value that can be picked.
#[derive(Debug, Clone, PartialEq)]
pub struct PathNode {
    /// The key in its parent; `[0]` for the item that stands for all items of a list.
    pub key: String,
    /// The path to write into the field.
    pub path: String,
    /// The way to it from the source's root.
    pub segments: Vec<Segment>,
    /// Its type, if it is known.
    pub kind: Option<Type>,
    /// Its type in a word.
    pub type_name: &'static str,
    /// The schema's title, empty where there is none.
    pub title: String,
    /// The value of a past run, shortened.
    pub sample: Option<String>,
    /// Whether there is something below it.
    pub has_children: bool,
    /// Set on the last child of a long list: so many more are not shown. Such a node cannot be picked.
    pub more: Option<usize>,
}

impl Source<'_> {
    /// What is directly below a place; `&[]` is the root.
    pub fn children(&self, segments: &[Segment]) -> Vec<PathNode> {
        let schema = self.schema.and_then(|schema| schema.at(segments));
        let sample = segments
            .iter()
            .try_fold(self.sample, |at, segment| at.map(|at| child(at, segment)));
        let sample = sample.flatten();
        let mut steps = steps_below(schema, sample);
        let hidden = steps.len().saturating_sub(MAX_CHILDREN);
        steps.truncate(MAX_CHILDREN);
        let mut nodes: Vec<PathNode> = steps
            .into_iter()
            .map(|step| self.node(segments, step, schema, sample))
            .collect();
        if hidden > 0 {
            nodes.push(self.marker(segments, hidden));
        }
        nodes
    }

    /// Every node down to a depth (1: only the root's children), parents before children, at most `limit` of them.
    pub fn flatten(&self, depth: usize, limit: usize) -> Vec<PathNode> {
        let mut nodes = Vec::new();
        let mut waiting: Vec<PathNode> = self.children(&[]);
        waiting.reverse();
        while let Some(node) = waiting.pop() {
            if nodes.len() >= limit {
                break;
            }
            if node.has_children && node.segments.len() < depth {
                waiting.extend(self.children(&node.segments).into_iter().rev());
            }
            nodes.push(node);
        }
        nodes
    }

    fn node(
        &self,
        above: &[Segment],
        step: Segment,
        schema: Option<&Schema>,
        sample: Option<&Json>,
    ) -> PathNode {
        let schema = schema.and_then(|schema| schema.at(std::slice::from_ref(&step)));
        let sample = sample.and_then(|sample| child(sample, &step));
        let mut segments = above.to_vec();
        segments.push(step.clone());
        let learnt = schema
            .is_none_or(Schema::takes_anything)
            .then(|| sample.map(shallow))
            .flatten();
        let known = learnt.as_ref().or(schema);
        PathNode {
            key: match step {
                Segment::Name(name) => name,
                Segment::Index(index) => format!("[{index}]"),
            },
            path: spell_from(self.base, &segments),
            kind: known.and_then(Schema::effective_kind),
            type_name: known.map_or("anything", Schema::type_name),
            title: schema
                .and_then(|schema| schema.title.clone())
                .unwrap_or_default(),
            sample: sample.map(short),
            has_children: !steps_below(schema, sample).is_empty(),
            more: None,
            segments,
        }
    }

    fn marker(&self, above: &[Segment], hidden: usize) -> PathNode {
        PathNode {
            key: "…".to_owned(),
            path: spell_from(self.base, above),
            segments: above.to_vec(),
            kind: None,
            type_name: "anything",
            title: format!("{hidden} more"),
            sample: None,
            has_children: false,
            more: Some(hidden),
        }
    }
}

/// The nodes in whose path or title every word of the text occurs; those whose key begins with it come first.
pub fn search<'a>(nodes: &'a [PathNode], text: &str) -> Vec<&'a PathNode> {
    let text = text.trim().to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found: Vec<(u8, &PathNode)> = nodes
        .iter()
        .filter(|node| node.more.is_none())
        .filter_map(|node| Some((rank(node, &text, &words)?, node)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, node)| node).collect()
}

fn rank(node: &PathNode, text: &str, words: &[&str]) -> Option<u8> {
    let key = node.key.to_lowercase();
    let path = node.path.to_lowercase();
    let title = node.title.to_lowercase();
    let found = words
        .iter()
        .all(|word| path.contains(word) || title.contains(word));
    found.then(|| match () {
        () if key == *text => 0,
        () if key.starts_with(text) => 1,
        () if key.contains(text) || title.contains(text) => 2,
        () => 3,
    })
}

/// The keys below: those of the schema in its order, then those that only the sample has.
fn steps_below(schema: Option<&Schema>, sample: Option<&Json>) -> Vec<Segment> {
    let list = schema.and_then(Schema::effective_kind) == Some(Type::Array)
        || matches!(sample, Some(Json::Array(_)));
    if list {
        let known = schema.is_some_and(|schema| schema.items.is_some());
        let seen = matches!(sample, Some(Json::Array(items)) if !items.is_empty());
        return if known || seen {
            vec![Segment::Index(0)]
        } else {
            Vec::new()
        };
    }
    let properties = schema
        .into_iter()
        .flat_map(objects)
        .flat_map(|schema| schema.properties.keys());
    let keys = match sample {
        Some(Json::Object(map)) => Some(map.keys()),
        _ => None,
    };
    let mut seen = HashSet::new();
    let all = properties.chain(keys.into_iter().flatten());
    all.filter(|key| seen.insert(key.as_str()))
        .map(|key| Segment::Name(key.clone()))
        .collect()
}

fn objects(schema: &Schema) -> impl Iterator<Item = &Schema> {
    std::iter::once(schema).chain(&schema.one_of)
}

fn child<'a>(value: &'a Json, segment: &Segment) -> Option<&'a Json> {
    crate::path::child(value, segment)
}

/// The type of a sample, without looking into it.
fn shallow(sample: &Json) -> Schema {
    match sample {
        Json::Object(_) => Schema::of(Type::Object),
        Json::Array(_) => Schema::of(Type::Array),
        scalar => Schema::infer(scalar),
    }
}

fn short(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Object(map) if map.len() == 1 => "1 key".to_owned(),
        Json::Object(map) => format!("{} keys", map.len()),
        Json::Array(items) if items.len() == 1 => "1 item".to_owned(),
        Json::Array(items) => format!("{} items", items.len()),
        Json::String(text) => cut(
            &text.split_whitespace().collect::<Vec<_>>().join(" "),
            SAMPLE,
        ),
        scalar => cut(&plain(scalar), SAMPLE),
    }
}

#[cfg(test)]
mod tests;
