//! What is placed: a tree of nodes that have an id and a shape, and nothing else.

/// One thing to place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Unique in the whole tree.
    pub id: String,
    pub shape: Shape,
    /// A lane that is taken now and then instead of the straight way down (an error branch).
    /// It stands to the right of what the node leads to and rejoins below it.
    pub side: Option<Lane>,
}

/// What a node looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A plain card.
    Card,
    /// A container drawn round its body.
    Box { body: Vec<Node> },
    /// A card whose lanes stand side by side below it and rejoin.
    /// Without lanes it is a plain card.
    Fork { lanes: Vec<Lane> },
}

/// A named column of nodes below a fork; the name is unique among the lanes of its fork.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    pub name: String,
    pub nodes: Vec<Node>,
}

impl Node {
    #[must_use]
    pub fn card(id: impl Into<String>) -> Self {
        Self::new(id, Shape::Card)
    }

    #[must_use]
    pub fn boxed(id: impl Into<String>, body: Vec<Node>) -> Self {
        Self::new(id, Shape::Box { body })
    }

    #[must_use]
    pub fn fork(id: impl Into<String>, lanes: Vec<Lane>) -> Self {
        Self::new(id, Shape::Fork { lanes })
    }

    /// The same node with a side lane.
    #[must_use]
    pub fn with_side(mut self, lane: Lane) -> Self {
        self.side = Some(lane);
        self
    }

    fn new(id: impl Into<String>, shape: Shape) -> Self {
        Self {
            id: id.into(),
            shape,
            side: None,
        }
    }
}

impl Lane {
    #[must_use]
    pub fn new(name: impl Into<String>, nodes: Vec<Node>) -> Self {
        Self {
            name: name.into(),
            nodes,
        }
    }
}
