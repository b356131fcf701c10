//! The two people who have accounts on both services.

use serde::{Deserialize, Serialize};

/// Which of the two people; the same key is used in sessions, logs and forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Person {
    Ana,
    Ben,
}

impl Person {
    pub(crate) const ALL: [Self; 2] = [Self::Ana, Self::Ben];

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|person| person.key() == key)
    }

    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Ana => "ana",
            Self::Ben => "ben",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ana => "Ana Ruiz",
            Self::Ben => "Ben Okafor",
        }
    }

    pub(crate) fn initials(self) -> &'static str {
        match self {
            Self::Ana => "AR",
            Self::Ben => "BO",
        }
    }

    pub(crate) fn email(self) -> &'static str {
        match self {
            Self::Ana => "ana.ruiz@harbourpine.example",
            Self::Ben => "ben.okafor@harbourpine.example",
        }
    }

    /// RingCentral's internal id of the person's extension.
    pub(crate) fn extension_id(self) -> &'static str {
        match self {
            Self::Ana => "62264101008",
            Self::Ben => "62264102008",
        }
    }

    pub(crate) fn extension_number(self) -> &'static str {
        match self {
            Self::Ana => "101",
            Self::Ben => "102",
        }
    }

    /// Administrators see the logs of everybody and of the company.
    pub(crate) fn is_admin(self) -> bool {
        self == Self::Ana
    }
}
