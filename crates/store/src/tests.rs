//! What the store promises, on every backend: SQLite always, PostgreSQL when `PATCHBAY_TEST_POSTGRES_URL` is set.

mod authentications;
mod bench;
mod blobs;
mod journal;
mod people;
mod runs;
mod schema;
mod scoping;
mod triggers;
mod workflows;

/// One test function per backend, around an async function of a [`bench::Bench`].
macro_rules! on_every_backend {
    ($($(#[$meta:meta])* async fn $name:ident($bench:ident: &Bench) $body:block)*) => {
        mod sqlite {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] $(#[$meta])* async fn $name() {
                let bench = Bench::sqlite().await;
                super::$name(&bench).await;
            })*
        }
        mod postgres {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] $(#[$meta])* async fn $name() {
                let Some(bench) = Bench::postgres().await else { return };
                super::$name(&bench).await;
                bench.discard().await;
            })*
        }
        $(async fn $name($bench: &Bench) $body)*
    };
}
pub(crate) use on_every_backend;
