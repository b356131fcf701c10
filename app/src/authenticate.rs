//! Making and renewing authentications: a name, permissions, then the service's own sign-in page.

mod blank;
mod credential_page;
mod flow;
mod modal;
mod name_page;
mod permissions_page;
mod popup;
mod returned;
mod scopes;
mod sign_in_page;

pub use modal::AuthenticationModal;
pub use returned::{Returned, when_returned};
