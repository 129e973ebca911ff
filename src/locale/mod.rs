//! The languages of reports and messages: one table each, with equal keys.
//!
//! Every text that harcov makes comes from here. A text is Markdown; what it is filled with is an
//! [`Arg`], which says how a value of a capture becomes safe inside it.

mod markup;
mod message;
mod table;
mod typography;

use serde::{Deserialize, Serialize};

pub use markup::{code, escape, visible};
pub use message::Arg;
pub use table::Locale;
pub use typography::space_cjk;

/// A language that reports and messages come in.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
    clap::ValueEnum,
)]
pub enum Lang {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    #[value(name = "zh-CN")]
    ZhCn,
    /// English.
    #[default]
    #[serde(rename = "en")]
    #[value(name = "en")]
    En,
}

impl Lang {
    /// All of them.
    pub const ALL: [Lang; 2] = [Lang::ZhCn, Lang::En];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::ZhCn => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The language of a BCP 47 tag: any Chinese is `zh-CN`, all else English.
    ///
    /// ```
    /// use harcov::locale::Lang;
    ///
    /// assert_eq!(Lang::of_tag("zh-CN"), Lang::ZhCn);
    /// assert_eq!(Lang::of_tag("en-GB"), Lang::En);
    /// ```
    pub fn of_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some(primary) if primary.eq_ignore_ascii_case("zh") => Lang::ZhCn,
            _ => Lang::En,
        }
    }
}
