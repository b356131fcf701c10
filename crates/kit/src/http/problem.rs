//! Why a request brought no answer, in words that help.

use patchbay_model::event::StepError;

/// Why a request brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The address is on this machine or its own network.
    #[error(
        "{0} is an address of a private network, which Patchbay does not call. An administrator can allow it by \
         starting the server with --allow-private-network"
    )]
    PrivateNetwork(String),
    /// The address cannot be used at all.
    #[error("{0}")]
    BadAddress(String),
    /// Nobody answered at that address; the request did not arrive.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable { host: String, reason: String },
    /// The request was sent and the answer took too long.
    #[error("{host} did not answer within {seconds} seconds")]
    TooSlow { host: String, seconds: u64 },
    /// The connection broke after the request was sent.
    #[error("the connection to {host} broke before the answer was complete: {reason}")]
    Broken { host: String, reason: String },
    /// The answer is larger than allowed.
    #[error("the answer of {host} is larger than {megabytes} MB")]
    TooLarge { host: String, megabytes: usize },
    /// Redirected in circles.
    #[error("{host} redirected the request more than {0} times", MAX_REDIRECTS)]
    TooManyRedirects { host: String },
}

/// How often a request may be redirected.
pub(super) const MAX_REDIRECTS: usize = 8;

impl HttpError {
    /// Whether the service may have acted on the request.
    pub fn may_have_arrived(&self) -> bool {
        matches!(
            self,
            Self::TooSlow { .. }
                | Self::Broken { .. }
                | Self::TooLarge { .. }
                | Self::TooManyRedirects { .. }
        )
    }

    /// As a step's error. `repeatable`: whether sending the request again does no harm.
    pub fn into_step_error(self, repeatable: bool) -> StepError {
        let arrived = self.may_have_arrived();
        let temporary = matches!(
            self,
            Self::Unreachable { .. } | Self::TooSlow { .. } | Self::Broken { .. }
        );
        let code = match &self {
            Self::PrivateNetwork(_) => "private_network",
            Self::BadAddress(_) => "invalid_address",
            Self::Unreachable { .. } => "service_unreachable",
            Self::TooSlow { .. } => "timeout",
            Self::Broken { .. } => "connection_broken",
            Self::TooLarge { .. } => "answer_too_large",
            Self::TooManyRedirects { .. } => "too_many_redirects",
        };
        let mut message = crate::text::sentence(&self.to_string());
        if arrived && !repeatable {
            message.push_str(" It is not known whether the operation took effect.");
        }
        StepError {
            code: code.to_owned(),
            message,
            retryable: temporary && (repeatable || !arrived),
            outcome_unknown: arrived && !repeatable,
            ..StepError::default()
        }
    }
}
