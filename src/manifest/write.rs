//! Writes a commented `manifest.toml` from what was found in captures.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::check::{is_method, parse_host};
use crate::config::write::text::{Comments, TomlText, inline, string, strings};
use crate::config::{Level, Status};
use crate::locale::Lang;
use crate::route::{ParamStyle, Part, Template};

/// What a new manifest is to say.
///
/// Whatever the names hold, what is written can be read. A second entry for the same endpoint is
/// left out, and an endpoint that no entry can name becomes a comment.
#[derive(Debug, Clone, Default)]
pub struct ManifestDraft {
    /// Where the file's schema is, for editors.
    pub schema: Option<String>,
    /// Whether the entries come from source code, not from captures.
    pub scanned: bool,
    /// The language of the comments.
    pub lang: Lang,
    /// How parameters are written.
    pub param_style: ParamStyle,
    /// The entries under their headings, in order.
    pub sections: Vec<SectionDraft>,
}

/// Entries that stand together, such as those of a group.
#[derive(Debug, Clone, Default)]
pub struct SectionDraft {
    /// A heading, as a comment.
    pub title: String,
    /// The entries.
    pub claims: Vec<ClaimDraft>,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct ClaimDraft {
    /// The method.
    pub method: String,
    /// The route.
    pub route: Template,
    /// The host, where several serve the route.
    pub host: Option<String>,
    /// The operation, where the route serves several.
    pub operation: Option<String>,
    /// The status; [`Status::Unobserved`] is none that a manifest can say, and written as unknown.
    pub status: Status,
    /// What the endpoint does.
    pub title: Option<String>,
    /// The parameters.
    pub params: Vec<String>,
    /// The values of parameters that are listed one by one.
    pub values: BTreeMap<String, Vec<String>>,
    /// Evidence: `file:line`.
    pub source: Vec<String>,
    /// A remark.
    pub note: Option<String>,
    /// The priority, if it is not to be computed.
    pub priority: Option<Level>,
}

impl ManifestDraft {
    /// The file's text.
    ///
    /// ```
    /// use harcov::manifest::ManifestDraft;
    ///
    /// let text = ManifestDraft::default().to_toml();
    /// assert!(text.starts_with("# What the project implements"));
    /// ```
    pub fn to_toml(&self) -> String {
        let comments = Comments::new(self.lang, "manifest");
        let mut text = TomlText::default();
        if let Some(schema) = &self.schema {
            text.schema(schema);
        }
        text.comment(comments.get(if self.scanned { "scanned" } else { "head" }));
        let mut written = BTreeSet::new();
        let mut unwritable = Vec::new();
        for section in &self.sections {
            text.blank();
            if !section.title.is_empty() {
                text.comment(&section.title);
            }
            for claim in &section.claims {
                if !claim.is_writable() {
                    unwritable.push(claim);
                } else if written.insert(claim.key()) {
                    text.table("[[endpoint]]", &claim.pairs(self.param_style));
                }
            }
        }
        if !unwritable.is_empty() {
            text.blank();
            text.comment(comments.get("unwritable"));
        }
        for claim in unwritable {
            let route = claim.route.display(self.param_style);
            text.comment(&format!("  {} {route}", claim.method));
        }
        text.finish()
    }
}

impl ClaimDraft {
    /// The operation that it names, as [`Claim::names`](super::Claim::names).
    pub(crate) fn names(&self) -> Option<&str> {
        super::named(self.operation.as_deref())
    }

    /// Whether an entry can name the endpoint.
    fn is_writable(&self) -> bool {
        is_method(&self.method) && self.host.is_some() == self.host().is_some()
    }

    fn host(&self) -> Option<String> {
        self.host.as_deref().and_then(parse_host)
    }

    /// What no two entries may share.
    fn key(&self) -> (String, Vec<Part>, Option<String>, Option<&str>) {
        let method = self.method.to_ascii_uppercase();
        let operation = self.operation.as_deref();
        (method, self.route.shape(), self.host(), operation)
    }

    /// The entry's keys, without those that say nothing.
    fn pairs(&self, style: ParamStyle) -> Vec<(&'static str, String)> {
        let status = match self.status {
            Status::Unobserved => Status::Unknown,
            status => status,
        };
        let text = |text: &Option<String>| text.as_deref().map(string);
        let list = |texts: &[String]| (!texts.is_empty()).then(|| strings(texts));
        let keys = [
            ("method", Some(string(&self.method))),
            (
                "route",
                Some(string(&self.route.display(style).to_string())),
            ),
            ("host", text(&self.host)),
            ("operation", text(&self.operation)),
            ("title", text(&self.title)),
            ("status", Some(string(status.name()))),
            ("params", list(&self.params)),
            (
                "values",
                (!self.values.is_empty()).then(|| inline(&self.values)),
            ),
            ("source", list(&self.source)),
            ("note", text(&self.note)),
            ("priority", self.priority.map(|level| string(level.name()))),
        ];
        let said = keys.into_iter();
        said.filter_map(|(key, value)| Some((key, value?)))
            .collect()
    }
}
