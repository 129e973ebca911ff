//! What can go wrong with an entry, a capture, and the search for captures.
//!
//! Each has a stable code; reports put it into words of their own language, and `Display` is
//! the English of error messages.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::value::Sensitive;

/// Why an entry could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Problem {
    /// It is not a JSON object.
    NotAnObject,
    /// It has no `request` object.
    NoRequest,
    /// The request's `method` is missing, empty or not text.
    NoMethod,
    /// The request's `url` is missing, empty or not text.
    NoUrl,
    /// Its JSON is broken.
    Malformed {
        /// The byte of the capture, after decompression, where it goes wrong.
        at: u64,
    },
    /// The capture ends within it.
    Truncated,
    /// It is larger than what is held in memory.
    TooLarge {
        /// The bound, in bytes.
        limit: u64,
    },
}

impl Problem {
    /// Every code, in the order of the variants.
    pub const CODES: [&'static str; 7] = [
        "not-an-object",
        "no-request",
        "no-method",
        "no-url",
        "malformed",
        "truncated",
        "too-large",
    ];

    /// The stable name of this problem.
    pub fn code(&self) -> &'static str {
        let [object, request, method, url, malformed, truncated, large] = Self::CODES;
        match self {
            Problem::NotAnObject => object,
            Problem::NoRequest => request,
            Problem::NoMethod => method,
            Problem::NoUrl => url,
            Problem::Malformed { .. } => malformed,
            Problem::Truncated => truncated,
            Problem::TooLarge { .. } => large,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NotAnObject => f.write_str("not a JSON object"),
            Problem::NoRequest => f.write_str("no request"),
            Problem::NoMethod => f.write_str("the request has no method"),
            Problem::NoUrl => f.write_str("the request has no URL"),
            Problem::Malformed { at } => write!(f, "broken JSON at byte {at}"),
            Problem::Truncated => f.write_str("the capture ends within this entry"),
            Problem::TooLarge { limit } => write!(f, "larger than {limit} bytes"),
        }
    }
}

/// What an input is that is not a HAR file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Foreign {
    /// Nothing, or only spaces.
    Empty,
    /// An HTML page.
    Html,
    /// An XML document.
    Xml,
    /// YAML.
    Yaml,
    /// An `OpenAPI` or Swagger description.
    Openapi,
    /// A Postman collection.
    Postman,
    /// A mitmproxy flow dump.
    MitmproxyFlows,
    /// A packet capture (pcap, pcapng).
    PacketCapture,
    /// Data under a compression that harcov does not read (zstd, bzip2, xz, 7z).
    Compressed,
    /// Bytes that are not text.
    Binary,
    /// What Git keeps in place of a file whose content lies elsewhere (Git LFS).
    GitLfs,
    /// Text that is not JSON.
    Text,
    /// A JSON array.
    Array,
    /// A JSON string, number or other bare value.
    Scalar,
    /// One HAR entry, without the log around it.
    Entry,
    /// One HAR request, without the entry around it.
    Request,
    /// A HAR log, without the `log` key around it.
    Log,
    /// A JSON object without `log`.
    Object,
    /// A JSON object whose `log` is not an object.
    LogNotObject,
    /// A log without `entries`, or with `entries` that are not an array.
    NoEntries,
    /// A zip archive without a HAR file.
    Archive,
    /// An inventory of harcov's whose first key is another than `schema`.
    Inventory,
}

impl Foreign {
    /// Everything that is told apart.
    pub const ALL: [Foreign; 22] = [
        Foreign::Empty,
        Foreign::Html,
        Foreign::Xml,
        Foreign::Yaml,
        Foreign::Openapi,
        Foreign::Postman,
        Foreign::MitmproxyFlows,
        Foreign::PacketCapture,
        Foreign::Compressed,
        Foreign::Binary,
        Foreign::GitLfs,
        Foreign::Text,
        Foreign::Array,
        Foreign::Scalar,
        Foreign::Entry,
        Foreign::Request,
        Foreign::Log,
        Foreign::Object,
        Foreign::LogNotObject,
        Foreign::NoEntries,
        Foreign::Archive,
        Foreign::Inventory,
    ];

    /// Its stable name.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// The stable name, what it is, and what to do.
    fn row(self) -> (&'static str, &'static str, &'static str) {
        const EXPORT: &str =
            "export the traffic as HAR (in a browser: network panel, \"Save all as HAR\")";
        const READ_ELSEWHERE: &str =
            "name a HAR capture here, and this file with --manifest or --against";
        match self {
            Foreign::Empty => ("empty", "an empty file", EXPORT),
            Foreign::Html => ("html", "an HTML page", EXPORT),
            Foreign::Xml => ("xml", "an XML document", EXPORT),
            Foreign::Yaml => ("yaml", "YAML", "convert it to JSON first, if it is a HAR"),
            Foreign::Openapi => ("openapi", "an OpenAPI description", READ_ELSEWHERE),
            Foreign::Postman => ("postman", "a Postman collection", READ_ELSEWHERE),
            Foreign::MitmproxyFlows => (
                "mitmproxy-flows",
                "a mitmproxy flow dump",
                "write it as HAR with `mitmdump -nr FILE --set hardump=OUT.har`",
            ),
            Foreign::PacketCapture => (
                "packet-capture",
                "a packet capture",
                "convert it first, for example with pcap2har",
            ),
            Foreign::Compressed => (
                "compressed",
                "compressed with something other than gzip or zip",
                "decompress it first",
            ),
            Foreign::Binary => ("binary", "binary data", EXPORT),
            Foreign::GitLfs => (
                "git-lfs",
                "a Git LFS pointer",
                "fetch the file: git lfs pull",
            ),
            Foreign::Text => ("text", "not JSON", EXPORT),
            Foreign::Array => (
                "array",
                "a JSON array",
                "put the entries into {\"log\": {\"entries\": ...}}",
            ),
            Foreign::Scalar => ("scalar", "a bare JSON value", EXPORT),
            Foreign::Entry => (
                "entry",
                "a single HAR entry",
                "put it into {\"log\": {\"entries\": [...]}}",
            ),
            Foreign::Request => (
                "request",
                "a single HAR request",
                "put it into {\"log\": {\"entries\": [{\"request\": ...}]}}",
            ),
            Foreign::Log => (
                "log",
                "a HAR log without `log` around it",
                "put it into {\"log\": ...}",
            ),
            Foreign::Object => ("object", "a JSON object without `log`", EXPORT),
            Foreign::LogNotObject => (
                "log-not-object",
                "a JSON object whose `log` is not an object",
                EXPORT,
            ),
            Foreign::NoEntries => (
                "no-entries",
                "a HAR log without an array of entries",
                EXPORT,
            ),
            Foreign::Archive => (
                "archive",
                "a zip archive without a .har file",
                "name the captures themselves",
            ),
            Foreign::Inventory => (
                "inventory",
                "an inventory whose first key is not `schema`",
                "write it again with `harcov inventory`",
            ),
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().1)
    }
}

/// Why a capture could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// The input could not be opened or read.
    Io(io::Error),
    /// The input is something else.
    NotHar(Foreign),
    /// The input begins as JSON and then is not, before any entry.
    NotJson {
        /// The byte where it goes wrong, after decompression.
        at: u64,
    },
    /// The input ends before any entry.
    Truncated {
        /// The byte where it ends, after decompression.
        at: u64,
    },
    /// The input is small and inflates to so much that it was made to keep its reader busy.
    Bomb,
    /// The zip archive is damaged.
    Archive(String),
    /// A document of harcov's own, such as an inventory, cannot be used; says why and what to do.
    Document(String),
}

impl ReadError {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            ReadError::Io(_) => "io",
            ReadError::NotHar(foreign) => foreign.code(),
            ReadError::NotJson { .. } => "not-json",
            ReadError::Truncated { .. } => "truncated",
            ReadError::Bomb => "bomb",
            ReadError::Archive(_) => "broken-archive",
            ReadError::Document(_) => "document",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Io(error) => write!(f, "{error}"),
            ReadError::NotHar(foreign) => {
                let (_, what, remedy) = foreign.row();
                write!(f, "not a HAR capture: {what}; {remedy}")
            }
            ReadError::NotJson { at } => {
                write!(
                    f,
                    "not a HAR capture: broken JSON at byte {at}; export it again"
                )
            }
            ReadError::Truncated { at } => {
                write!(
                    f,
                    "ends at byte {at}, before the first entry; export it again"
                )
            }
            ReadError::Bomb => f.write_str(
                "inflates to over a gigabyte of next to nothing; decompress it yourself if it is a capture",
            ),
            ReadError::Document(error) => f.write_str(error),
            ReadError::Archive(error) => {
                write!(f, "the zip archive cannot be read: {error}; unpack it and name the captures")
            }
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReadError::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::FileTooLarge {
            return ReadError::Bomb;
        }
        ReadError::Io(error)
    }
}

/// Why [`find`](super::find) found nothing at a path.
#[derive(Debug)]
pub enum FindError {
    /// There is no such file or directory.
    Missing(PathBuf),
    /// The directory holds no captures.
    NoCaptures(PathBuf),
    /// The directory could not be walked.
    Io(PathBuf, io::Error),
}

impl FindError {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            FindError::Missing(_) => "missing",
            FindError::NoCaptures(_) => "no-captures",
            FindError::Io(..) => "io",
        }
    }

    /// The path that was asked for.
    pub fn path(&self) -> &Path {
        match self {
            FindError::Missing(path) | FindError::NoCaptures(path) | FindError::Io(path, _) => path,
        }
    }
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().display().to_string();
        let path = Sensitive::built_in().masked(&path);
        match self {
            FindError::Missing(_) => {
                write!(
                    f,
                    "{path}: no such file or directory; check the path, or use `-` for stdin"
                )
            }
            FindError::NoCaptures(_) => write!(
                f,
                "{path}: no captures in this directory (.har, .json, .har.gz, .zip); name the files themselves"
            ),
            FindError::Io(_, error) => write!(f, "{path}: {error}"),
        }
    }
}

impl std::error::Error for FindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FindError::Io(_, error) => Some(error),
            FindError::Missing(_) | FindError::NoCaptures(_) => None,
        }
    }
}
