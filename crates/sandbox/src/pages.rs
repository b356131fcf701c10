//! The pages a person sees: sign-in and consent of both services, and the views of the data.

pub(crate) mod assets;
pub(crate) mod calls;
pub(crate) mod consent;
pub(crate) mod events;
mod html;
pub(crate) mod refused;
pub(crate) mod sheet;
pub(crate) mod sign_in;
pub(crate) mod start;
