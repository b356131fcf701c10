//! The one place that shows loading, failure and being signed out.

use crate::{
    failure::Failure,
    ui::{FailureNote, Skeleton},
};
use leptos::{either::Either, prelude::*};
use patchbay_api::ClientError;
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// What a call brings to a page.
pub type Loaded<T> = Result<T, Failure>;

/// A resource over a call of the client, made again whenever `source` changes.
pub fn resource<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    call: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Resource<Loaded<T>>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    Fut: Future<Output = Result<T, ClientError>> + Send + 'static,
{
    Resource::new(source, move |source| {
        let call = call(source);
        async move { call.await.map_err(Failure::from) }
    })
}

/// Shows what a resource brings: a skeleton while it is on its way (not before 300 ms), `view` over the data, or the
/// failure with *Try again*; a person who is signed out gets to the sign-in page.
pub fn load<T, V>(
    resource: Resource<Loaded<T>>,
    show: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=|| view! { <Skeleton rows=5/> }>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(data) => Either::Left(show(data).into_any()),
                        Err(failure) => {
                            let retry = Callback::new(move |()| resource.refetch());
                            Either::Right(view! { <FailureNote failure on_retry=retry/> })
                        }
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}
