//! The binary `patchbay`.
fn main() {}
