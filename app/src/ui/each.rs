//! A list whose entries are kept by key.
//!
//! The framework's own component is made anew for every type of entry, which costs about six kilobytes of wasm each; here
//! it is made once, over boxed entries.

use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};

struct Entry {
    key: u64,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

type Entries = Box<dyn Fn() -> Vec<Entry> + Send + Sync>;

/// Shows `children` of each entry; an entry whose key stays is left as it is. Used as the framework's component of the
/// same name.
#[component]
pub fn For<F, I, T, KF, K, V, VF>(each: F, key: KF, children: VF) -> impl IntoView
where
    F: Fn() -> I + Send + Sync + 'static,
    I: IntoIterator<Item = T>,
    T: Send + 'static,
    KF: Fn(&T) -> K + Send + Sync + 'static,
    K: Hash,
    VF: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let entries: Entries = Box::new(move || {
        each()
            .into_iter()
            .map(|entry| {
                let mut hasher = DefaultHasher::new();
                key(&entry).hash(&mut hasher);
                let children = children.clone();
                Entry {
                    key: hasher.finish(),
                    view: Box::new(move || children(entry).into_any()),
                }
            })
            .collect()
    });
    list(entries)
}

fn list(entries: Entries) -> AnyView {
    view! {
        <leptos::prelude::For each=move || entries() key=|entry| entry.key let:entry>
            {(entry.view)()}
        </leptos::prelude::For>
    }
    .into_any()
}
