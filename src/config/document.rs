//! From the text of a TOML file to the form that was written, with all problems of its shape.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::source::Source;
use super::{Diagnostic, schema, shape};

/// Parses a file into its written form.
///
/// What does not fit is left out of the form and told as a problem. Problems of TOML's own syntax
/// come alone, one for each line, since what follows them cannot be trusted; then there is no form.
pub(crate) fn read<T: DeserializeOwned + JsonSchema>(
    source: &Source<'_>,
) -> (Option<T>, Vec<Diagnostic>) {
    if source.text.trim_start().starts_with('{') {
        let problem = source.error(&(0..0), "the file is JSON, not TOML");
        return (None, vec![problem.remedy("write it as TOML")]);
    }
    let (document, errors) = DeTable::parse_recoverable(source.text);
    if !errors.is_empty() {
        return (None, syntax(source, &errors));
    }
    let mut table = document.into_inner();
    let mut problems = shape::check(&mut table, &schema::of::<T>(), source);
    let value = Spanned::new(0..source.text.len(), DeValue::Table(table));
    match T::deserialize(ValueDeserializer::from(value)) {
        Ok(form) => (Some(form), problems),
        Err(error) => {
            let span = error.span().unwrap_or_default();
            problems.push(source.error(&span, error.message()));
            (None, problems)
        }
    }
}

/// The first problem of each line that TOML's parser complains about.
fn syntax(source: &Source<'_>, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = errors
        .iter()
        .map(|error| source.error(&error.span().unwrap_or_default(), error.message()))
        .collect();
    problems.sort_by_key(|problem| (problem.location.line, problem.location.column));
    problems.dedup_by_key(|problem| problem.location.line);
    problems
}
