//! The screen of Patchbay: pages, the builder, and the parts they are made of.
//!
//! It talks to the server by [`patchbay_api::Client`] only, which it takes from the context: [`provide_client`] before
//! rendering, [`use_client`] in a component. On the server the client calls the router in process, in the browser it
//! uses `fetch`.
//!
//! # For whoever renders it
//! - [`shell`] is the whole document, [`App`] what is inside its body, [`Assets`] the addresses of what it loads.
//! - [`ThemeCookie`] in the context carries the cookie `patchbay_theme` (`light`, `dark`; none: as the system).
//! - [`entry`] is where the browser comes in: `pages()` (feature `hydrate`) takes a rendered page over, `builder()`
//!   (feature `csr`) puts the builder in the place of its skeleton; [`Entry::of`] says which one a page loads.
//!
//! # For whoever writes a page
//! - [`load::load`] shows what a `Resource` brings: waiting, failure with *Try again*, signed out → sign-in page.
//! - [`job::Job`] runs a call for a button: busy, failure, done.
//! - [`session::use_session`] says who is asking; [`time`] formats instants; [`browser`] is what few things are asked of
//!   the browser beyond events.
//! - [`ui`] holds the parts. The signatures, shortened (`Signal` props take values, signals and closures):
//!
//! ```text
//! <Button kind=ButtonKind::{Plain|Primary|Ghost|Danger} small busy=Signal<bool> disabled=Signal<bool> submit
//!         on_click=Callback<MouseEvent>>"Save"</Button>
//! <LinkButton href kind small>…</LinkButton>
//! <IconButton glyph=Glyph label=Signal<String> on_click disabled small/>
//! <Modal title=Signal<String> on_close=Callback<()> icon=String wide busy>
//!     <ModalBody>…</ModalBody><ModalFooter>…</ModalFooter></Modal>
//! <SideSheet title on_close>…</SideSheet>
//! <ConfirmDialog title confirm="Delete" danger busy=Signal<bool> failure=Signal<Option<Failure>>
//!         on_confirm=Callback<()> on_close=Callback<()>>…</ConfirmDialog>
//! <Menu label glyph text items=Signal<Vec<MenuItem>>/>        MenuItem::new("Rename", on_choose).danger().glyph(g)
//! <Tabs label tabs=Signal<Vec<Tab>> selected=RwSignal<String>/>  <TabPanel key selected>…</TabPanel>
//! <TextField name label value=RwSignal<String> help error=Signal<String> kind placeholder autocomplete required rows
//!         mono focus/>
//! <SelectField name label value=RwSignal<String> options=Signal<Vec<SelectOption>> help required disabled on_change/>
//! <Combobox name label value=Signal<String> on_change=Callback<String> options=Signal<Vec<ComboOption>>
//!         loading=Signal<bool> note=Signal<String> on_open=Callback<()> on_search=Callback<String> placeholder bare/>
//! <SearchField value=RwSignal<String> label placeholder/>
//! <Checkbox checked=Signal<bool> on_change=Callback<bool> disabled>…</Checkbox>
//! <Toggle checked=Signal<bool> on_change=Callback<bool> label=Signal<String> busy/>
//! <OptionCard name checked on_choose title>…</OptionCard>
//! <Pill kind=PillKind>…</Pill>  <RunPill status=Signal<RunStatus>/>  <StepPill status=Signal<StepStatus>/>
//! <EmptyState title glyph>…</EmptyState>  <Skeleton rows/>  <Progress done=Signal<u64> total=Signal<Option<u64>> label/>
//! <Note kind=NoteKind>…</Note>  <FailureNote failure=Failure on_retry/>  <FailureLine failure=Signal<Option<Failure>>/>
//! use_toasts().say("Saved") / .failure(&failure)
//! <CopyButton text=Signal<String> label/>  <CopyField text label/>  <Icon glyph/>  <ConnectorIcon svg=Signal<String> small|large/>
//! <RelativeTime at=String/>  <JsonView value=Json open=2/>  <CodeView text=String/>
//! ```
//! - [`authenticate::AuthenticationModal`] makes or renews an authentication; [`guides::Guide`] shows a guide.

#![recursion_limit = "512"]
#![expect(
    unreachable_pub,
    reason = "the component macro repeats a component's visibility inside its own module"
)]

pub mod answer;
pub mod authenticate;
pub mod browser;
pub mod builder;
pub mod entry;
pub mod failure;
pub mod frame;
pub mod guides;
pub mod job;
pub mod load;
pub mod pages;
pub mod routes;
pub mod session;
pub mod shell;
pub mod theme;
pub mod time;
pub mod titles;
pub mod transport;
pub mod ui;

pub use crate::{
    answer::SetStatus,
    entry::Entry,
    routes::App,
    shell::{Assets, shell},
    theme::ThemeCookie,
};

use leptos::prelude::*;
use patchbay_api::Client;

/// Puts the client where [`use_client`] finds it.
pub fn provide_client(client: Client) {
    provide_context(client);
}

/// The client of this page.
///
/// # Panics
/// Outside of what [`provide_client`] covers; that is a mistake in the wiring, not something a person can cause.
pub fn use_client() -> Client {
    expect_context()
}
