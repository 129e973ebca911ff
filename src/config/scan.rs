//! `[scan]`: what a scan of source code has to know of the project.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The methods that a call can send: those of RFC 9110 that APIs have, PATCH, and those for collections and
/// calendars.
const METHODS: [&str; 22] = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "QUERY",
    "SEARCH",
    "PURGE",
    "LINK",
    "UNLINK",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "MKCALENDAR",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "REPORT",
];

/// What a scan has to know.
#[derive(Debug, Clone, Default)]
pub struct ScanConfig {
    /// Sources whose evidence is taken as a manifest: `scan:src` under `manifest`.
    pub sources: Vec<PathBuf>,
    /// Calls of house wrappers.
    pub calls: Vec<CallPattern>,
}

/// A call that sends a request: `api_post($PATH)`, `call($METHOD, $PATH)`, `POST send($PATH)`.
///
/// ```
/// use harcov::config::{CallArgument, CallPattern};
///
/// let call: CallPattern = "api.call($METHOD, $PATH)".parse().unwrap();
/// assert_eq!(call.name, "api.call");
/// assert_eq!(call.arguments, [CallArgument::Method, CallArgument::Path]);
/// assert!("api.call(path)".parse::<CallPattern>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallPattern {
    /// The method that the call always sends.
    pub method: Option<String>,
    /// What is called, as it is written in the source, or the end of it.
    pub name: String,
    /// What it is given.
    pub arguments: Vec<CallArgument>,
}

/// One argument of a [`CallPattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallArgument {
    /// The path.
    Path,
    /// The method.
    Method,
    /// Something else.
    Any,
}

/// Why a text is no call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallPatternError {
    /// It has no name with brackets behind it.
    NoCall,
    /// What stands in front of the name is no method.
    BadMethod(String),
    /// An argument is neither `$PATH`, `$METHOD` nor `_`.
    BadArgument(String),
    /// There is not exactly one `$PATH`.
    NoPath,
    /// The method is said more than once: in front, and by a `$METHOD`, or by several of these.
    SeveralMethods,
}

impl fmt::Display for CallPatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallPatternError::NoCall => f.write_str("it is not written as `name(…)`"),
            CallPatternError::BadMethod(word) => write!(f, "`{word}` is no HTTP method"),
            CallPatternError::BadArgument(argument) => {
                write!(f, "`{argument}` is neither `$PATH`, `$METHOD` nor `_`")
            }
            CallPatternError::NoPath => f.write_str("it needs one `$PATH`"),
            CallPatternError::SeveralMethods => f.write_str("it says the method more than once"),
        }
    }
}

impl std::error::Error for CallPatternError {}

impl FromStr for CallPattern {
    type Err = CallPatternError;

    fn from_str(text: &str) -> Result<Self, CallPatternError> {
        let text = text.trim();
        let inside = text.strip_suffix(')').ok_or(CallPatternError::NoCall)?;
        let (head, arguments) = inside.split_once('(').ok_or(CallPatternError::NoCall)?;
        let (method, name) = match head.trim().split_once(char::is_whitespace) {
            Some((method, name)) => (Some(method), name.trim()),
            None => (None, head.trim()),
        };
        let method = match method {
            Some(word) if !METHODS.contains(&word) => {
                return Err(CallPatternError::BadMethod(word.to_owned()));
            }
            method => method.map(str::to_owned),
        };
        let named = |c: char| c.is_alphanumeric() || "_.:$>-".contains(c);
        if name.is_empty() || !name.chars().all(named) {
            return Err(CallPatternError::NoCall);
        }
        let mut known = Vec::new();
        for argument in arguments.split(',').map(str::trim) {
            known.push(match argument {
                "$PATH" | "$URL" => CallArgument::Path,
                "$METHOD" => CallArgument::Method,
                "_" => CallArgument::Any,
                "..." | "…" => break,
                other => return Err(CallPatternError::BadArgument(other.to_owned())),
            });
        }
        let paths = known.iter().filter(|a| **a == CallArgument::Path).count();
        if paths != 1 {
            return Err(CallPatternError::NoPath);
        }
        let methods = known.iter().filter(|a| **a == CallArgument::Method).count();
        if methods + usize::from(method.is_some()) > 1 {
            return Err(CallPatternError::SeveralMethods);
        }
        Ok(CallPattern {
            method,
            name: name.to_owned(),
            arguments: known,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_or_refused_with_a_reason() {
        let call: CallPattern = "POST this.http.send(_, $PATH, ...)".parse().unwrap();
        assert_eq!(call.method.as_deref(), Some("POST"));
        assert_eq!(call.arguments, [CallArgument::Any, CallArgument::Path]);
        let error = |text: &str| text.parse::<CallPattern>().unwrap_err().to_string();
        assert_eq!(error("api_post"), "it is not written as `name(…)`");
        assert_eq!(error("post api($PATH)"), "`post` is no HTTP method");
        assert_eq!(error("BREW api($PATH)"), "`BREW` is no HTTP method");
        let twice = "it says the method more than once";
        assert_eq!(error("POST api($METHOD, $PATH)"), twice);
        assert_eq!(error("api($METHOD, $METHOD, $PATH)"), twice);
        assert_eq!(error("api($METHOD)"), "it needs one `$PATH`");
        assert_eq!(
            error("api(path)"),
            "`path` is neither `$PATH`, `$METHOD` nor `_`"
        );
    }
}
