//! How the HTML page is put together: what it carries inside and what lies beside it.

use std::fmt::Write as _;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::assets::{self, Script};

/// Pages with more endpoints than this hold their details as text, which the script turns into
/// elements when they are opened; without scripts, a browser shows them at once.
pub(super) const FEW_ENDPOINTS: usize = 300;

/// What the HTML page is like beyond the report.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Where style sheet and script are.
    pub assets: Assets,
    /// Where evidence (`file:line`) can be looked at.
    pub source_url: Option<SourceUrl>,
    /// Whether `harcov serve` shows it.
    pub live: Live,
}

/// What a page does when `harcov serve` shows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Live {
    /// It is a file, and asks for nothing.
    #[default]
    Off,
    /// It asks for news of itself and takes captures.
    Watching,
    /// It is about a capture that was dropped, and takes others.
    Dropped,
}

impl Live {
    /// The word in the page's data; none for a file.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Live::Off => None,
            Live::Watching => Some("watching"),
            Live::Dropped => Some("dropped"),
        }
    }
}

/// Where style sheet and script are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Assets {
    /// Inside the page.
    #[default]
    Inline,
    /// In files beside the page, for hosts that forbid inline ones.
    Beside {
        /// The style sheet's name.
        style: String,
        /// The script's name.
        script: String,
    },
}

impl Page {
    /// The page's script: what `harcov serve` needs is only in its own pages.
    pub fn script(&self) -> &'static str {
        match self.live {
            Live::Off => assets::script(Script::Report),
            Live::Watching | Live::Dropped => assets::script(Script::Live),
        }
    }

    /// The content security policy: nothing but the page's own style sheet and script, by hash or
    /// from beside it.
    pub(super) fn policy(&self) -> String {
        let (style, script) = match self.assets {
            Assets::Inline => (hash(assets::style()), hash(self.script())),
            Assets::Beside { .. } => ("'self'".to_owned(), "'self'".to_owned()),
        };
        let connect = match self.live {
            Live::Off => "",
            Live::Watching | Live::Dropped => "connect-src 'self'; ",
        };
        policy(&style, &script, connect)
    }
}

/// The policy of a page in one file that asks for nothing, with this script.
pub(super) fn policy_of(script: &str) -> String {
    policy(&hash(assets::style()), &hash(script), "")
}

/// A policy that lets through a style sheet and a script, and `more`.
fn policy(style: &str, script: &str, more: &str) -> String {
    format!(
        "default-src 'none'; style-src {style}; script-src {script}; {more}img-src data:; base-uri 'none'; form-action 'none'"
    )
}

/// A text's hash as a content security policy writes it.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// A web address with `{path}` and perhaps `{line}` in it.
///
/// ```
/// use harcov::render::SourceUrl;
///
/// let url: SourceUrl = "https://git.example/repo/blob/main/{path}#L{line}".parse().unwrap();
/// assert_eq!(url.of("src/a b.py:7"), "https://git.example/repo/blob/main/src/a%20b.py#L7");
/// assert_eq!(url.of("README"), "https://git.example/repo/blob/main/README#L1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceUrl(String);

impl SourceUrl {
    /// The address of a place, `file` or `file:line`.
    pub fn of(&self, place: &str) -> String {
        let (path, line) = split(place);
        let path = path.replace('\\', "/");
        let path = path.trim_start_matches("./");
        let mut encoded = String::with_capacity(path.len());
        for byte in path.bytes() {
            match byte {
                b'/' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
                byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
                // Writing to a string cannot fail.
                byte => drop(write!(encoded, "%{byte:02X}")),
            }
        }
        self.0.replace("{path}", &encoded).replace("{line}", line)
    }
}

/// The file and the line of a place; the first line if none is named.
fn split(place: &str) -> (&str, &str) {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match place.rsplit_once(':') {
        Some((path, line)) if is_number(line) => match path.rsplit_once(':') {
            // `file:line:column`
            Some((path, before)) if is_number(before) => (path, before),
            _ => (path, line),
        },
        _ => (place, "1"),
    }
}

impl FromStr for SourceUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        if !is_web || !text.contains("{path}") || text.contains(|c: char| c.is_control()) {
            return Err(
                "write a web address with {path} and, if it can show one, {line}: https://git.example/repo/blob/main/{path}#L{line}"
                    .to_owned(),
            );
        }
        Ok(SourceUrl(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_file_and_a_line() {
        assert_eq!(split("a.rs:12"), ("a.rs", "12"));
        assert_eq!(split("a.rs:12:7"), ("a.rs", "12"));
        assert_eq!(split("C:\\a.rs"), ("C:\\a.rs", "1"));
        assert_eq!(split("a.rs"), ("a.rs", "1"));
    }

    #[test]
    fn hostile_paths_stay_inside_the_address() {
        let url: SourceUrl = "https://x.example/{path}?l={line}".parse().unwrap();
        assert_eq!(
            url.of("a?b#c&\"<d>:3"),
            "https://x.example/a%3Fb%23c%26%22%3Cd%3E?l=3"
        );
    }

    #[test]
    fn only_the_web_is_an_address() {
        for bad in [
            "javascript:{path}",
            "https://x.example/",
            "{path}",
            "file:///{path}",
        ] {
            assert!(SourceUrl::from_str(bad).is_err(), "{bad}");
        }
    }
}
