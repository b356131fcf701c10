//! How a subscription stands at RingCentral, read from what it answers.

use patchbay_kit::model::{Json, event::StepError};

/// How a subscription stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It delivers, for so long.
    Good { seconds: i64 },
    /// It is there and delivers nothing any more.
    Blocked,
    /// It has ended, or never was.
    Gone,
}

/// Reads the answer to the question how it stands; errors that say nothing about it are passed on.
pub(super) fn standing(answer: Result<Json, StepError>) -> Result<Standing, StepError> {
    match answer {
        Ok(answer) => Ok(match answer["status"].as_str() {
            None | Some("Active") => Standing::Good {
                seconds: answer["expiresIn"].as_i64().unwrap_or_default(),
            },
            Some(_) => Standing::Blocked,
        }),
        Err(error) if error.code == "not_found" => Ok(Standing::Gone),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_an_active_subscription_delivers() {
        let refused = |code: &str| {
            Err(StepError {
                code: code.to_owned(),
                ..StepError::default()
            })
        };
        let cases = [
            (
                Ok(json!({ "status": "Active", "expiresIn": 60 })),
                Standing::Good { seconds: 60 },
            ),
            (Ok(json!({ "status": "Blacklisted" })), Standing::Blocked),
            (Ok(json!({ "status": "Suspended" })), Standing::Blocked),
            (refused("not_found"), Standing::Gone),
        ];
        for (answer, expected) in cases {
            assert_eq!(standing(answer.clone()), Ok(expected), "{answer:?}");
        }
        assert!(standing(refused("service_unavailable")).is_err());
    }
}
