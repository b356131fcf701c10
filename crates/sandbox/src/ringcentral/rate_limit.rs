//! Requests a minute per person, app and group, with the penalty that every request restarts.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::config::RateLimits;
use crate::oauth::grants::{after, seconds_left};
use crate::people::Person;
use crate::wire::Reply;

/// Seconds of a window, and of the penalty.
const WINDOW: i64 = 60;

/// What an operation is counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Group {
    Light,
    Medium,
    Heavy,
    Auth,
}

impl Group {
    /// Requests a minute under these settings.
    pub(crate) fn limit(self, limits: &RateLimits) -> u32 {
        match self {
            Self::Light => limits.light,
            Self::Medium => limits.medium,
            Self::Heavy => limits.heavy,
            Self::Auth => limits.auth,
        }
    }

    /// As in `X-Rate-Limit-Group`.
    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Medium => "medium",
            Self::Heavy => "heavy",
            Self::Auth => "auth",
        }
    }
}

/// Where a caller stands after a counted request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    group: Group,
    limit: u32,
    remaining: u32,
}

impl Standing {
    /// Puts the `X-Rate-Limit-*` headers on an answer.
    pub(crate) fn stamp(&self, reply: Reply) -> Reply {
        reply
            .header("x-rate-limit-group", self.group.name())
            .header("x-rate-limit-limit", self.limit.to_string())
            .header("x-rate-limit-remaining", self.remaining.to_string())
            .header("x-rate-limit-window", WINDOW.to_string())
    }
}

/// A request too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exceeded {
    pub(crate) standing: Standing,
    /// Seconds to stay silent.
    pub(crate) retry_after: i64,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends_at: Timestamp,
    count: u32,
    penalised: bool,
}

/// The counters.
#[derive(Debug, Default)]
pub(crate) struct RateLimiter(HashMap<(Person, String, Group), Window>);

impl RateLimiter {
    /// Counts a request. Over the limit, the penalty starts; during it, every request restarts it.
    pub(crate) fn count(
        &mut self,
        person: Person,
        client_id: &str,
        group: Group,
        limit: u32,
        now: Timestamp,
    ) -> Result<Standing, Exceeded> {
        let window = self
            .0
            .entry((person, client_id.to_owned(), group))
            .or_insert(Window {
                ends_at: after(now, WINDOW),
                count: 0,
                penalised: false,
            });
        if window.ends_at <= now {
            *window = Window {
                ends_at: after(now, WINDOW),
                count: 0,
                penalised: false,
            };
        }
        window.count = window.count.saturating_add(1);
        let standing = Standing {
            group,
            limit,
            remaining: limit.saturating_sub(window.count),
        };
        if window.penalised || window.count > limit {
            window.penalised = true;
            window.ends_at = after(now, WINDOW);
            return Err(Exceeded {
                standing,
                retry_after: seconds_left(now, window.ends_at),
            });
        }
        Ok(standing)
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
