//! Random workflows with steps of every kind.

use patchbay_model::{
    Json,
    document::{OnError, Workflow},
};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::decide::tests) enum Fails {
    Never,
    Always,
    /// In iterations whose indices add up to an odd number.
    WhenOdd,
}

/// Which calls fail, by step.
pub(in crate::decide::tests) type Failing = BTreeMap<String, Fails>;

/// A step without a name.
#[derive(Debug, Clone)]
pub(in crate::decide::tests) struct Node {
    kind: Kind,
    on_error: OnError,
    branch: Vec<Node>,
    /// Which step it looks at.
    reads: usize,
}

#[derive(Debug, Clone)]
enum Kind {
    Call(Fails),
    Loop {
        over: Over,
        body: Vec<Node>,
        collect: bool,
    },
    /// Asks whether an index is this number.
    Boolean(u64, [Vec<Node>; 2]),
    /// Branches `0`, `1` and perhaps `default`.
    Branch(Vec<Vec<Node>>),
    Parallel(Vec<Vec<Node>>),
    Break(usize),
    Continue(usize),
    Terminate,
    Fail,
    Delay,
    Reply,
}

#[derive(Debug, Clone, Copy)]
enum Over {
    Items(u64),
    Forever(u64),
    /// Until the index is the first number, and at most so many.
    Until(u64, u64),
}

pub(in crate::decide::tests) fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let fails = || prop_oneof![4 => Just(Fails::Never), 1 => Just(Fails::Always), 1 => Just(Fails::WhenOdd)];
    let on_error = || {
        prop_oneof![
            1 => Just(OnError::Stop), 2 => Just(OnError::Continue), 2 => Just(OnError::NextItem),
            1 => Just(OnError::BreakLoop), 2 => Just(OnError::Branch),
        ]
    };
    let with = move |kind: BoxedStrategy<Kind>, branch: BoxedStrategy<Vec<Node>>| {
        (kind, on_error(), branch, 0..20_usize).prop_map(|(kind, on_error, branch, reads)| Node {
            kind,
            on_error,
            branch,
            reads,
        })
    };
    let none = || Just(Vec::new()).boxed();
    let leaf = prop_oneof![
        12 => fails().prop_map(Kind::Call),
        1 => (0..3_usize).prop_map(Kind::Break),
        1 => (0..3_usize).prop_map(Kind::Continue),
        1 => Just(Kind::Delay),
        1 => Just(Kind::Reply),
    ];
    let rare = prop_oneof![20 => leaf, 1 => Just(Kind::Terminate), 1 => Just(Kind::Fail)];
    let node = with(rare.boxed(), none()).prop_recursive(4, 20, 3, move |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..3);
        let over = prop_oneof![
            3 => (0..4_u64).prop_map(Over::Items),
            1 => (1..4_u64).prop_map(Over::Forever),
            1 => (0..4_u64, 1..4_u64).prop_map(|(index, most)| Over::Until(index, most)),
        ];
        let looping = (over, list(), any::<bool>()).prop_map(|(over, body, collect)| Kind::Loop {
            over,
            body,
            collect,
        });
        let kind = prop_oneof![
            2 => fails().prop_map(Kind::Call),
            4 => looping,
            2 => (0..3_u64, list(), list()).prop_map(|(index, yes, no)| Kind::Boolean(index, [yes, no])),
            1 => prop::collection::vec(list(), 1..4).prop_map(Kind::Branch),
            2 => prop::collection::vec(list(), 0..4).prop_map(Kind::Parallel),
        ];
        with(kind.boxed(), list().boxed())
    });
    prop::collection::vec(node, 0..5)
}

/// Where a step stands.
#[derive(Clone, Default)]
struct Around {
    /// The loops whose iterations it can end, outermost first: none beyond a step whose branches run side by side,
    /// since what the others have done by then would be chance.
    loops: Vec<String>,
    beside: bool,
}

/// Gives names in the order of the document, and lets every step read some step or error by its name.
struct Writer {
    fails: Failing,
    concurrency: u64,
}

/// The workflow, and which of its calls fail.
pub(in crate::decide::tests) fn write(nodes: &[Node], concurrency: u64) -> (Workflow, Failing) {
    let mut writer = Writer {
        fails: BTreeMap::new(),
        concurrency,
    };
    let steps = writer.steps(nodes, &Around::default());
    (crate::testing::workflow(steps).unwrap(), writer.fails)
}

impl Writer {
    fn steps(&mut self, nodes: &[Node], around: &Around) -> Json {
        nodes.iter().map(|node| self.step(node, around)).collect()
    }

    fn branches(&mut self, names: &[&str], lists: &[Vec<Node>], around: &Around) -> Json {
        let mut branches = json!({});
        for (name, list) in names.iter().zip(lists) {
            branches[name] = self.steps(list, around);
        }
        branches
    }

    fn step(&mut self, node: &Node, around: &Around) -> Json {
        let name = format!("s{}", self.fails.len());
        self.fails.insert(name.clone(), Fails::Never);
        let leaves = matches!(node.on_error, OnError::NextItem | OnError::BreakLoop);
        let on_error = match node.on_error {
            _ if leaves && around.loops.is_empty() => OnError::Continue,
            OnError::Stop if around.beside => OnError::Continue,
            chosen => chosen,
        };
        let read = format!("$.steps.s{}", node.reads);
        let index = json!({ "$path": format!("{read}.index"), "$default": node.reads % 3 });
        let mut step = match &node.kind {
            Kind::Call(fails) => {
                self.fails.insert(name.clone(), *fails);
                json!({ "inputs": {
                    "read": { "$path": read, "$default": "nothing" },
                    "item": { "$path": format!("{read}.value"), "$default": null },
                    "error": { "$path": format!("$.errors.s{}.code", node.reads), "$default": "none" },
                } })
            }
            Kind::Loop {
                over,
                body,
                collect,
            } => {
                let mut inner = around.clone();
                inner.loops.push(name.clone());
                let body = self.steps(body, &inner);
                let (operation, mut inputs) = self.looped(*over, &read, &name);
                if *collect {
                    inputs["collect"] =
                        json!({ "$path": format!("{read}.count"), "$default": "none" });
                }
                json!({ "operation": operation, "inputs": inputs, "body": body })
            }
            Kind::Boolean(number, lists) => json!({ "operation": "boolean",
                "inputs": { "conditions": [{ "value_a": index, "value_b": number }] },
                "branches": self.branches(&["true", "false"], lists, around) }),
            Kind::Branch(lists) => json!({ "operation": "branch", "inputs": { "value": index },
                "branches": self.branches(&["0", "1", "default"], lists, around) }),
            Kind::Parallel(lists) => {
                let inner = Around {
                    loops: Vec::new(),
                    beside: true,
                };
                json!({ "operation": "parallel", "branches": self.branches(&["a", "b", "c"], lists, &inner) })
            }
            Kind::Break(which) | Kind::Continue(which) if !around.loops.is_empty() => {
                let named = &around.loops[which % around.loops.len()];
                let operation = match node.kind {
                    Kind::Break(_) => "break",
                    _ => "continue",
                };
                json!({ "operation": operation, "inputs": { "loop": named } })
            }
            Kind::Terminate if !around.beside => json!({ "operation": "terminate" }),
            Kind::Fail if !around.beside => json!({ "operation": "fail" }),
            Kind::Delay => json!({ "operation": "delay", "inputs": { "duration": 5 } }),
            _ => json!({ "operation": "reply", "inputs": { "response": 1 } }),
        };
        step["name"] = json!(name);
        step["on_error"] = serde_json::to_value(on_error).unwrap();
        // Calls are tried again until they are answered, whatever gets lost on the way.
        step["retry"] = json!({ "attempts": 1_000, "backoff": "fixed", "first_delay": 1 });
        if on_error == OnError::Branch {
            step["on_error_steps"] = self.steps(&node.branch, around);
        }
        step
    }

    fn looped(&self, over: Over, read: &str, name: &str) -> (&'static str, Json) {
        match over {
            Over::Items(items) => {
                let list: Vec<u64> = (10..10 + items).collect();
                let list = json!({ "$path": format!("{read}.results"), "$default": list });
                let inputs = json!({ "concurrency": self.concurrency, "list": list });
                ("loop_list", inputs)
            }
            Over::Forever(most) => ("loop_forever", json!({ "max_iterations": most })),
            Over::Until(index, most) => {
                let own = json!({ "$path": format!("$.steps.{name}.index") });
                let conditions = json!([{ "value_a": own, "value_b": index }]);
                (
                    "loop_until",
                    json!({ "max_iterations": most, "conditions": conditions }),
                )
            }
        }
    }
}

/// Whether something in it ends early what else runs at the same time.
pub(in crate::decide::tests) fn ends_early(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| {
        let by_error = matches!(node.on_error, OnError::Stop | OnError::BreakLoop);
        let own = match &node.kind {
            Kind::Call(fails) => by_error && *fails != Fails::Never,
            Kind::Loop { body, .. } => by_error || ends_early(body),
            Kind::Boolean(_, lists) => lists.iter().any(|list| ends_early(list)),
            Kind::Branch(lists) | Kind::Parallel(lists) => {
                lists.iter().any(|list| ends_early(list))
            }
            // A continue of an outer loop ends the inner one.
            Kind::Break(_) | Kind::Continue(_) | Kind::Terminate | Kind::Fail => true,
            Kind::Delay | Kind::Reply => false,
        };
        own || ends_early(&node.branch)
    })
}

/// Whether calls of different branches may come in any order.
pub(in crate::decide::tests) fn runs_side_by_side(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| {
        let own = match &node.kind {
            Kind::Parallel(_) => true,
            Kind::Loop { body, .. } => runs_side_by_side(body),
            Kind::Boolean(_, lists) => lists.iter().any(|list| runs_side_by_side(list)),
            Kind::Branch(lists) => lists.iter().any(|list| runs_side_by_side(list)),
            _ => false,
        };
        own || runs_side_by_side(&node.branch)
    })
}
