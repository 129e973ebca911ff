//! Why an entry does not count as API traffic.

use serde::{Deserialize, Serialize};

/// Why an entry does not count. The names are public: reports and JSON use them.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Skip {
    /// A script, style, image, font or other file.
    Asset,
    /// An HTML page.
    Page,
    /// A CORS preflight.
    Preflight,
    /// A redirect of the browser.
    Redirect,
    /// A scheme other than HTTP, or no absolute URL.
    NotHttp,
    /// A WebSocket.
    Websocket,
    /// A request without a response: aborted, blocked or failed.
    Aborted,
    /// A host or message of analytics, advertising or telemetry.
    Analytics,
    /// A host that is not the API's.
    OtherHost,
    /// Excluded by the configuration.
    Excluded,
    /// A call beyond the number of distinct ones that are kept.
    OverLimit,
    /// An entry that could not be used.
    Unusable,
}

impl Skip {
    /// All of them, in report order.
    pub const ALL: [Skip; 12] = [
        Skip::Asset,
        Skip::Page,
        Skip::Preflight,
        Skip::Redirect,
        Skip::NotHttp,
        Skip::Websocket,
        Skip::Aborted,
        Skip::Analytics,
        Skip::OtherHost,
        Skip::Excluded,
        Skip::OverLimit,
        Skip::Unusable,
    ];

    /// The name in reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Skip::Asset => "asset",
            Skip::Page => "page",
            Skip::Preflight => "preflight",
            Skip::Redirect => "redirect",
            Skip::NotHttp => "not-http",
            Skip::Websocket => "websocket",
            Skip::Aborted => "aborted",
            Skip::Analytics => "analytics",
            Skip::OtherHost => "other-host",
            Skip::Excluded => "excluded",
            Skip::OverLimit => "over-limit",
            Skip::Unusable => "unusable",
        }
    }
}
