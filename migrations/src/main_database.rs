//! The main database, oldest migration first.

pub(crate) mod m0001_people;
pub(crate) mod m0002_authentications;
pub(crate) mod m0003_workflows;
pub(crate) mod m0004_pins;
