//! What happens next in a run: the decision is pure, the loop that carries it out is in one place.

pub mod port;
