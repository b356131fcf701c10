//! Follows the segments of a path through a schema.

use super::{Additional, Schema, Type};
use crate::path::Segment;

/// What a schema knows about a place below it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lookup<'a> {
    /// This is what stands there.
    Found(&'a Schema),
    /// Anything may stand there.
    Open,
    /// The schema lists keys and this is not one of them, yet it does not forbid others.
    Unlisted {
        /// How many segments were followed.
        walked: usize,
        /// The object with the keys.
        within: &'a Schema,
    },
    /// Nothing can stand there.
    Absent {
        /// How many segments were followed.
        walked: usize,
        /// What has no such part.
        within: &'a Schema,
    },
}

impl Schema {
    /// What stands at this place, if the schema says so.
    pub fn at(&self, segments: &[Segment]) -> Option<&Schema> {
        match self.lookup(segments) {
            Lookup::Found(schema) => Some(schema),
            _ => None,
        }
    }

    /// What the schema knows about this place.
    pub fn lookup(&self, segments: &[Segment]) -> Lookup<'_> {
        self.lookup_from(segments, 0)
    }

    fn lookup_from(&self, segments: &[Segment], walked: usize) -> Lookup<'_> {
        let Some((segment, rest)) = segments.split_first() else {
            return Lookup::Found(self);
        };
        if !self.one_of.is_empty() {
            return self.lookup_alternatives(segments, walked);
        }
        match (segment, self.effective_kind()) {
            // A sample that happened to be null says nothing about other runs.
            (_, None | Some(Type::Null)) => Lookup::Open,
            (Segment::Name(name), Some(Type::Object)) => match self.properties.get(name) {
                Some(property) => property.lookup_from(rest, walked + 1),
                None => self.unlisted(rest, walked),
            },
            (Segment::Index(_), Some(Type::Array)) => match &self.items {
                Some(items) => items.lookup_from(rest, walked + 1),
                None => Lookup::Open,
            },
            _ => Lookup::Absent {
                walked,
                within: self,
            },
        }
    }

    fn unlisted(&self, rest: &[Segment], walked: usize) -> Lookup<'_> {
        match &self.additional {
            Some(Additional::Schema(schema)) => schema.lookup_from(rest, walked + 1),
            Some(Additional::Any(true)) => Lookup::Open,
            Some(Additional::Any(false)) => Lookup::Absent {
                walked,
                within: self,
            },
            None if self.properties.is_empty() => Lookup::Open,
            None => Lookup::Unlisted {
                walked,
                within: self,
            },
        }
    }

    fn lookup_alternatives(&self, segments: &[Segment], walked: usize) -> Lookup<'_> {
        let mut best = Lookup::Absent {
            walked,
            within: self,
        };
        for alternative in &self.one_of {
            let found = alternative.lookup_from(segments, walked);
            if rank(&found) > rank(&best) {
                best = found;
            }
        }
        best
    }
}

fn rank(lookup: &Lookup<'_>) -> usize {
    match lookup {
        Lookup::Found(_) => 3,
        Lookup::Open => 2,
        Lookup::Unlisted { .. } => 1,
        Lookup::Absent { .. } => 0,
    }
}
