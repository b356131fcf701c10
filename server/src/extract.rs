//! What handlers take as arguments: who asks (authorisation is a type), and bodies that say what is wrong with them.

mod body;
mod member;
mod peer;

pub(crate) use body::{Document, Json, LARGEST as LARGEST_BODY, read_within};
pub(crate) use member::{
    Admin, BrowserSession, Builder, Member, mint_token, signed_in, token_hash,
};
pub(crate) use peer::{Peer, is_forwarded};
