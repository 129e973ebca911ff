//! Descriptions of APIs: OpenAPI 2.0, 3.0 and 3.1, and the collections of Postman, Insomnia and
//! Bruno, read into one type.
//!
//! Reading is lenient: what cannot be understood is left out and becomes a warning with its line,
//! and the rest counts. Nesting, references and aliases are bounded.
//!
//! ```
//! use std::path::Path;
//!
//! let text = "openapi: 3.1.0\npaths:\n  /users/{id}:\n    get: {}\n";
//! let description = harcov::spec::parse(text, Path::new("openapi.yaml")).unwrap();
//! let operation = &description.operations[0];
//! assert_eq!((operation.method.as_str(), operation.location.line), ("GET", 4));
//! ```

mod bases;
mod bruno;
mod collection;
mod insomnia;
mod lookup;
mod openapi;
mod opencollection;
mod postman;
mod refs;
mod schema;
mod syntax;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::config::source::read_text;
use crate::config::{Diagnostic, Diagnostics, Location};
use crate::route::Template;
use crate::scope::Place;
use crate::value::Kind;

pub use bases::Base;
pub use lookup::Lookup;

/// An API as a file describes it.
#[derive(Debug, Clone)]
pub struct Description {
    /// The file, as it was named.
    pub file: String,
    /// What kind of file it is, for messages: `OpenAPI 3.1.0`.
    pub format: String,
    /// The API's title, or the file's name.
    pub title: String,
    /// The operations, in the order of the file; no two have method, route, operation and bases in
    /// common.
    pub operations: Vec<Operation>,
    /// What could not be understood, and was left out.
    pub warnings: Vec<Diagnostic>,
}

/// What a description says of one endpoint.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The method, in upper case.
    pub method: String,
    /// The route as written, without a base.
    pub route: Template,
    /// Where the routes are mounted; empty if nothing is said.
    pub bases: Vec<Base>,
    /// The operation's name, where the route serves several (GraphQL, JSON-RPC).
    pub operation: Option<String>,
    /// A name for the code that calls it.
    pub id: Option<String>,
    /// What it does, in a line.
    pub summary: Option<String>,
    /// What it takes; containers of a JSON body are named beside what they hold.
    pub params: Vec<Field>,
    /// Whether it may take more than is said: its body has no schema, or a free one.
    pub open_params: bool,
    /// The answers' statuses; empty if nothing is said.
    pub statuses: BTreeSet<StatusPattern>,
    /// What its JSON answers hold, by path.
    pub fields: Vec<Field>,
    /// Whether answers may hold more than is said: one has no schema, or a free one.
    pub open_fields: bool,
    /// Whether it is no longer to be used.
    pub deprecated: bool,
    /// Tags; folders of a collection.
    pub tags: Vec<String>,
    /// Extensions (`x-partial`) with their text, where they hold one.
    pub extensions: BTreeMap<String, String>,
    /// Where it is described.
    pub location: Location,
}

/// A parameter, or a field of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Where it is sent; fields of answers have none.
    pub place: Option<Place>,
    /// Its name, or the path within a JSON body as inventories write it: `data.list[].id`.
    pub name: String,
    /// Whether it is always there: it is required, and so is all that holds it. Of a body it is so
    /// where one is sent, which may be left to the caller.
    pub required: bool,
    /// Its types; empty if nothing is said.
    pub kinds: BTreeSet<Kind>,
    /// The values that it may have; empty if nothing is said.
    pub values: Vec<String>,
    /// Whether anything may lie below it.
    pub open: bool,
    /// The line, from 1.
    pub line: usize,
}

/// A status, or a class of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusPattern {
    /// `404`
    Code(u16),
    /// `4XX`
    Class(u16),
    /// All that no other one matches.
    Default,
}

impl StatusPattern {
    /// Whether a status is meant.
    pub fn matches(self, status: u16) -> bool {
        match self {
            StatusPattern::Code(code) => code == status,
            StatusPattern::Class(class) => status / 100 == class,
            StatusPattern::Default => true,
        }
    }

    /// Reads `404`, `4XX` or `default`.
    fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("default") {
            return Some(StatusPattern::Default);
        }
        let class = text.get(1..).filter(|rest| rest.eq_ignore_ascii_case("xx"));
        if class.is_some() {
            let class = text.get(..1)?.parse().ok()?;
            return (1..=5)
                .contains(&class)
                .then_some(StatusPattern::Class(class));
        }
        let code: u16 = text.parse().ok()?;
        (100..=599)
            .contains(&code)
            .then_some(StatusPattern::Code(code))
    }
}

/// Whether a file's name is one that a description of an API has; what it is its content says.
///
/// ```
/// use std::path::Path;
/// use harcov::spec::is_description;
///
/// assert!(is_description(Path::new("api/openapi.yaml")));
/// assert!(!is_description(Path::new("manifest.toml")));
/// ```
pub fn is_description(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    let named = extension.is_some_and(|extension| {
        let known = ["yaml", "yml", "json"];
        known
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    });
    named || bruno::is(file)
}

/// Reads a description: a file, or the folder of a collection of Bruno.
///
/// # Errors
/// The file cannot be read, or describes no API at all.
pub fn load(file: &Path) -> Result<Description, Diagnostics> {
    if bruno::is(file) {
        let mut notes = Notes::new(file);
        let read = bruno::read(file, &mut notes)?;
        return Ok(described(read, notes));
    }
    parse(&read_text(file)?, file)
}

/// Reads the text of a description; `file` names it in messages.
///
/// # Errors
/// The text describes no API at all.
pub fn parse(text: &str, file: &Path) -> Result<Description, Diagnostics> {
    let parsed = syntax::parse(text);
    let mut notes = Notes::new(file);
    for (line, column, message) in parsed.problems {
        notes.at(line, column, message);
    }
    let root = parsed.root;
    let read: Option<(String, String, Vec<Operation>)> = if openapi::is(&root) {
        Some(openapi::read(&root, &mut notes))
    } else if postman::is(&root) {
        Some(postman::read(&root, &mut notes))
    } else if insomnia::is(&root) {
        Some(insomnia::read(&root, &mut notes))
    } else if opencollection::is(&root) {
        Some(opencollection::read(&root, &mut notes))
    } else {
        None
    };
    let Some(read) = read else {
        let mut problems = notes.warnings;
        let place = Location::file(notes.file);
        let problem = Diagnostic::error(place, "the file describes no API that harcov can read");
        problems.push(problem.remedy(
            "name an OpenAPI 2.0, 3.0 or 3.1 file, or a collection of Postman (v2), Insomnia or Bruno",
        ));
        return Err(Diagnostics::new(problems));
    };
    Ok(described(read, notes))
}

fn described(
    (format, title, operations): (String, String, Vec<Operation>),
    mut notes: Notes,
) -> Description {
    let operations = apart(operations, &mut notes);
    let name = Path::new(&notes.file).file_stem();
    let name = name.and_then(|name| name.to_str()).unwrap_or_default();
    Description {
        title: if title.is_empty() {
            name.to_owned()
        } else {
            title
        },
        file: notes.file,
        format,
        operations,
        warnings: Diagnostics::new(notes.warnings).into_vec(),
    }
}

/// Each endpoint once: what is described again is left out with a warning, for a router could not
/// tell the two apart either.
fn apart(operations: Vec<Operation>, notes: &mut Notes) -> Vec<Operation> {
    let mut first: BTreeMap<_, usize> = BTreeMap::new();
    let mut kept: Vec<Operation> = Vec::new();
    for operation in operations {
        let key = (
            operation.method.clone(),
            operation.route.shape(),
            operation.operation.clone(),
            operation.bases.clone(),
        );
        if let Some(line) = first.get(&key) {
            notes.warn(
                operation.location.line,
                format!("the endpoint is described already in line {line}, which holds"),
            );
            continue;
        }
        first.insert(key, operation.location.line);
        kept.push(operation);
    }
    kept
}

/// Collects what could not be understood.
#[derive(Debug)]
struct Notes {
    file: String,
    warnings: Vec<Diagnostic>,
    /// How many more were there than are kept.
    dropped: usize,
}

impl Notes {
    /// Warnings of one file beyond this number only repeat what the others say.
    const MAX: usize = 200;

    fn new(file: &Path) -> Self {
        Notes {
            file: file.display().to_string(),
            warnings: Vec::new(),
            dropped: 0,
        }
    }

    fn place(&self, line: usize) -> Location {
        Location {
            file: self.file.clone(),
            line,
            column: 1,
        }
    }

    fn warn(&mut self, line: usize, message: impl Into<String>) {
        self.at(line, 1, message);
    }

    fn at(&mut self, line: usize, column: usize, message: impl Into<String>) {
        if self.warnings.len() >= Self::MAX {
            self.dropped += 1;
            return;
        }
        let place = Location {
            column,
            ..self.place(line)
        };
        let warning = Diagnostic::error(place, message).warning();
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

#[cfg(test)]
mod tests;
