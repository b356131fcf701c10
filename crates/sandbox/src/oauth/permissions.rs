//! RingCentral's application permissions, which are its OAuth scopes, in words and with what each
//! of them includes.

/// One application permission.
#[derive(Debug)]
pub(crate) struct Permission {
    /// The scope value.
    pub(crate) name: &'static str,
    /// What it lets an app do, for the consent page.
    pub(crate) words: &'static str,
    /// The permissions that come with it.
    includes: &'static [&'static str],
}

/// The permission called `name`.
pub(crate) fn permission(name: &str) -> Option<&'static Permission> {
    PERMISSIONS
        .iter()
        .find(|permission| permission.name == name)
}

/// Whether holding `granted` is enough where `needed` is asked for.
pub(crate) fn covers(granted: &[String], needed: &str) -> bool {
    granted.iter().any(|name| {
        name == needed
            || permission(name).is_some_and(|held| {
                held.includes.iter().any(|included| {
                    *included == needed || covers(&[(*included).to_owned()], needed)
                })
            })
    })
}

/// All of them, by name.
pub(crate) const PERMISSIONS: &[Permission] = &[
    Permission {
        name: "A2PSMS",
        words: "Send high-volume (application-to-person) text messages.",
        includes: &[],
    },
    Permission {
        name: "AI",
        words: "Submit audio and text for analysis and read the results.",
        includes: &[],
    },
    Permission {
        name: "Accounts",
        words: "Create, read, change and delete whole accounts (partner use).",
        includes: &["EditAccounts"],
    },
    Permission {
        name: "Analytics",
        words: "Read aggregated call analytics.",
        includes: &[],
    },
    Permission {
        name: "CallControl",
        words: "Steer calls in progress; needed for telephony-session events.",
        includes: &[],
    },
    Permission {
        name: "Contacts",
        words: "Read and change the user's personal contacts.",
        includes: &["ReadContacts"],
    },
    Permission {
        name: "ControlWebinars",
        words: "Steer running webinars.",
        includes: &[],
    },
    Permission {
        name: "DirectRingOut",
        words: "Place one-legged RingOut calls.",
        includes: &[],
    },
    Permission {
        name: "EditAccounts",
        words: "Read and change account settings and company data.",
        includes: &["ReadAccounts", "EditExtensions"],
    },
    Permission {
        name: "EditCallLog",
        words: "Read the call log and delete entries.",
        includes: &["ReadCallLog"],
    },
    Permission {
        name: "EditCustomData",
        words: "Read and write the client's key-value data.",
        includes: &[],
    },
    Permission {
        name: "EditExtensions",
        words: "Read and change users: name, number, contact, devices, rules.",
        includes: &[],
    },
    Permission {
        name: "EditMessages",
        words: "Read and change messages (read status, deletion).",
        includes: &["ReadMessages"],
    },
    Permission {
        name: "EditPaymentInfo",
        words: "Read and change billing settings.",
        includes: &[],
    },
    Permission {
        name: "EditPresence",
        words: "Read and set presence.",
        includes: &["ReadPresence"],
    },
    Permission {
        name: "EditReportingSettings",
        words: "Read and change call-report settings.",
        includes: &[],
    },
    Permission {
        name: "EditUserCredentials",
        words: "Manage sign-in credentials of users.",
        includes: &[],
    },
    Permission {
        name: "EditWebinars",
        words: "Read and change webinars and their sessions.",
        includes: &[],
    },
    Permission {
        name: "Faxes",
        words: "Send and receive faxes.",
        includes: &["ReadMessages"],
    },
    Permission {
        name: "Glip",
        words: "Older name of the team-chat scope.",
        includes: &[],
    },
    Permission {
        name: "InternalMessages",
        words: "Send and receive company-internal pager messages.",
        includes: &["ReadMessages"],
    },
    Permission {
        name: "Meetings",
        words: "Manage meetings of the older RingCentral Meetings product.",
        includes: &[],
    },
    Permission {
        name: "ReadAccounts",
        words: "Read account, company and user information.",
        includes: &[],
    },
    Permission {
        name: "ReadAuditTrail",
        words: "Search the administrators' audit trail.",
        includes: &[],
    },
    Permission {
        name: "ReadCallLog",
        words: "Read call logs.",
        includes: &[],
    },
    Permission {
        name: "ReadCallRecording",
        words: "Download call recordings.",
        includes: &["ReadCallLog"],
    },
    Permission {
        name: "ReadClientInfo",
        words: "Read attributes registered for the client application.",
        includes: &[],
    },
    Permission {
        name: "ReadContacts",
        words: "Read personal contacts.",
        includes: &[],
    },
    Permission {
        name: "ReadMessages",
        words: "Read messages.",
        includes: &[],
    },
    Permission {
        name: "ReadPresence",
        words: "Read presence.",
        includes: &[],
    },
    Permission {
        name: "ReadWebinars",
        words: "Read webinars, sessions and registrants.",
        includes: &[],
    },
    Permission {
        name: "RingOut",
        words: "Place two-legged RingOut calls.",
        includes: &[],
    },
    Permission {
        name: "RingSense",
        words: "Read AI insights of recorded conversations.",
        includes: &[],
    },
    Permission {
        name: "RoleManagement",
        words: "Change and assign user roles.",
        includes: &[],
    },
    Permission {
        name: "SMS",
        words: "Send and receive text messages.",
        includes: &["ReadMessages"],
    },
    Permission {
        name: "SubscriptionWebhook",
        words: "Create and manage webhook subscriptions.",
        includes: &[],
    },
    Permission {
        name: "TeamMessaging",
        words: "Post, read, change and delete team-chat data.",
        includes: &[],
    },
    Permission {
        name: "Video",
        words: "Manage RingCentral Video meetings.",
        includes: &[],
    },
    Permission {
        name: "Voicemail",
        words: "Send one voicemail to several internal recipients.",
        includes: &[],
    },
    Permission {
        name: "VoipCalling",
        words: "Register as a VoIP device and place calls.",
        includes: &[],
    },
    Permission {
        name: "WebSocket",
        words: "Obtain a WebSocket token and receive events over it.",
        includes: &[],
    },
];
