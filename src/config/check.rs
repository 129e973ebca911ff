//! Checks of single values that the files share: regular expressions, routes, hosts, methods.

use std::ops::Range;

use regex::Regex;
use toml::Spanned;
use url::Url;

use super::forms::{Day, OneOrMany};
use super::source::Source;
use super::words::quote;
use super::{Diagnostic, Diagnostics, Location, Marker, Severity};
use crate::route::{Correction, EndpointPattern, PatternError, Template, TemplateError};

/// Turns written values into valid ones and collects the problems of one file.
pub(crate) struct Checks<'a> {
    source: &'a Source<'a>,
    problems: Vec<Diagnostic>,
}

impl<'a> Checks<'a> {
    /// Goes on from the problems that were found so far.
    pub(crate) fn new(source: &'a Source<'a>, problems: Vec<Diagnostic>) -> Self {
        Checks { source, problems }
    }

    /// The result with its warnings, or all problems if one of them is an error.
    pub(crate) fn finish<T>(self, result: Option<T>) -> Result<(T, Vec<Diagnostic>), Diagnostics> {
        let errors = self.problems.iter().any(|p| p.severity == Severity::Error);
        match result {
            Some(result) if !errors => Ok((result, Diagnostics::new(self.problems).into_vec())),
            _ => Err(Diagnostics::new(self.problems)),
        }
    }

    /// The place of a value.
    pub(crate) fn place(&self, span: &Range<usize>) -> Location {
        self.source.locate(span.start)
    }

    /// Notes an error and what to do about it.
    pub(crate) fn error(&mut self, span: &Range<usize>, message: impl Into<String>, remedy: &str) {
        let problem = self.source.error(span, message);
        self.problems.push(problem.remedy(remedy));
    }

    /// Notes a warning.
    pub(crate) fn warn(&mut self, span: &Range<usize>, message: impl Into<String>, remedy: &str) {
        let problem = self.source.error(span, message);
        self.problems.push(problem.remedy(remedy).warning());
    }

    pub(crate) fn regex(&mut self, text: &Spanned<String>) -> Option<Regex> {
        match Regex::new(text.get_ref()) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let reason = reason(&error);
                let message = format!(
                    "{} is no regular expression: {reason}",
                    quote(text.get_ref())
                );
                let remedy = "the syntax is described at docs.rs/regex";
                self.error(&text.span(), message, remedy);
                None
            }
        }
    }

    /// A day in the form `YYYY-MM-DD` that the calendar has.
    pub(crate) fn day(&mut self, text: &Spanned<Day>) -> Option<String> {
        let day = &text.get_ref().0;
        if is_day(day) {
            return Some(day.clone());
        }
        let message = format!("`{day}` is no date");
        self.error(&text.span(), message, "write it as `2026-01-31`");
        None
    }

    /// A number from one to the most that there may be.
    pub(crate) fn limit(&mut self, asked: &Spanned<i64>, most: usize) -> usize {
        let number = usize::try_from(*asked.get_ref()).ok();
        number
            .filter(|number| (1..=most).contains(number))
            .unwrap_or_else(|| {
                let message = format!("{} is no limit", asked.get_ref());
                let remedy = format!("write a number from 1 to {most}");
                self.error(&asked.span(), message, &remedy);
                most
            })
    }

    pub(crate) fn regexes(&mut self, texts: &OneOrMany) -> Vec<Regex> {
        texts.0.iter().filter_map(|text| self.regex(text)).collect()
    }

    /// What marks operations of descriptions.
    pub(crate) fn markers(&mut self, texts: &OneOrMany) -> Vec<Marker> {
        let mut markers = Vec::new();
        for text in &texts.0 {
            match text.get_ref().parse() {
                Ok(marker) => markers.push(marker),
                Err(error) => {
                    let message = format!("{} is no marker: {error}", quote(text.get_ref()));
                    self.error(&text.span(), message, "write `x-partial` or `tag:wip`");
                }
            }
        }
        markers
    }

    /// Corrections of single segments, with their places.
    pub(crate) fn corrections(&mut self, texts: &OneOrMany) -> Vec<(Correction, Location)> {
        let mut corrections = Vec::new();
        for text in &texts.0 {
            match text.get_ref().parse() {
                Ok(correction) => corrections.push((correction, self.place(&text.span()))),
                Err(error) => {
                    let message = format!("{} is no segment: {error}", quote(text.get_ref()));
                    self.error(&text.span(), message, "write `me` or `/users/me`");
                }
            }
        }
        corrections
    }

    pub(crate) fn template(&mut self, text: &Spanned<String>) -> Option<Template> {
        match text.get_ref().parse() {
            Ok(template) => Some(template),
            Err(error) => {
                let remedy = match error {
                    TemplateError::NoLeadingSlash if text.get_ref().contains("://") => {
                        "write the path here and the host under `host`"
                    }
                    TemplateError::NoLeadingSlash => "put a `/` in front",
                    TemplateError::NotAPath => "leave out what follows the path",
                    TemplateError::BadParam(_) => "close the name of the parameter",
                };
                let message = format!("{} is no route: {error}", quote(text.get_ref()));
                self.error(&text.span(), message, remedy);
                None
            }
        }
    }

    pub(crate) fn pattern(&mut self, text: &Spanned<String>) -> Option<EndpointPattern> {
        match text.get_ref().parse() {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let (reason, remedy) = match error {
                    PatternError::NoRoute => (
                        "it has no route".to_owned(),
                        "write a method and a route, as `POST */order/price/`",
                    ),
                    PatternError::BadRoute(_) => (error.to_string(), "put `*/` or `/` in front"),
                };
                let message = format!("{} names no endpoint: {reason}", quote(text.get_ref()));
                self.error(&text.span(), message, remedy);
                None
            }
        }
    }

    pub(crate) fn patterns(&mut self, texts: &OneOrMany) -> Vec<EndpointPattern> {
        texts
            .0
            .iter()
            .filter_map(|text| self.pattern(text))
            .collect()
    }

    /// A host as exchanges have it: lower case, punycode, and no port where it is the scheme's own.
    pub(crate) fn host(&mut self, text: &Spanned<String>) -> Option<String> {
        let host = parse_host(text.get_ref());
        if host.is_none() {
            let message = format!("{} is no host", quote(text.get_ref()));
            self.error(
                &text.span(),
                message,
                "write it without scheme and path, as `api.example.com`",
            );
        }
        host
    }

    /// Hosts of which each may stand for its subdomains by `*.` in front.
    pub(crate) fn hosts(&mut self, texts: &OneOrMany) -> Vec<String> {
        let mut hosts = Vec::new();
        for text in &texts.0 {
            let (prefix, rest) = match text.get_ref().strip_prefix("*.") {
                Some(rest) => ("*.", rest.to_owned()),
                None => ("", text.get_ref().clone()),
            };
            if let Some(host) = self.host(&Spanned::new(text.span(), rest)) {
                hosts.push(format!("{prefix}{host}"));
            }
        }
        hosts
    }

    /// A method in upper case.
    pub(crate) fn method(&mut self, text: &Spanned<String>) -> Option<String> {
        let name = text.get_ref();
        if !is_method(name) {
            let message = format!("{} is no HTTP method", quote(name));
            self.error(&text.span(), message, "write it as `GET` or `POST`");
            return None;
        }
        Some(name.to_ascii_uppercase())
    }

    /// Methods in upper case; a `*` among them stands for all, as an empty list does.
    pub(crate) fn methods(&mut self, texts: &OneOrMany) -> Vec<String> {
        if texts.0.iter().any(|text| text.get_ref() == "*") {
            return Vec::new();
        }
        texts
            .0
            .iter()
            .filter_map(|text| self.method(text))
            .collect()
    }
}

/// Whether a text is a method's name (RFC 9110, section 5.6.2: `token`) without a star, which
/// stands for any method here.
pub(crate) fn is_method(name: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_token)
}

/// Whether a text is a day of the calendar in the form `YYYY-MM-DD`.
pub(crate) fn is_day(text: &str) -> bool {
    text.parse::<toml::value::Datetime>()
        .is_ok_and(|parsed| parsed.date.is_some() && parsed.time.is_none())
}

/// A host as exchanges have it; none if the text is something else.
pub(crate) fn parse_host(text: &str) -> Option<String> {
    if text.contains(['/', '?', '#', '@', '\\', '*']) || text.contains(char::is_whitespace) {
        return None;
    }
    let url = Url::parse(&format!("http://{text}/")).ok()?;
    let host = url.host_str()?;
    Some(match url.port() {
        None | Some(443) => host.to_owned(),
        Some(port) => format!("{host}:{port}"),
    })
}

/// The last line of a regex error: what is wrong, without the picture above it.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    let last = last.strip_prefix("error: ").unwrap_or(last);
    last.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_written_as_exchanges_have_them() {
        let host = |text| parse_host(text);
        assert_eq!(host("API.Example.com").as_deref(), Some("api.example.com"));
        assert_eq!(host("localhost:8080").as_deref(), Some("localhost:8080"));
        assert_eq!(host("a.cn:443").as_deref(), Some("a.cn"));
        assert_eq!(host("[::1]:3000").as_deref(), Some("[::1]:3000"));
        assert_eq!(host("票务.cn").as_deref(), Some("xn--zfr551g.cn"));
        for bad in ["", "https://a.cn", "a.cn/x", "a b", "a@b", "a:b", "a.*.cn"] {
            assert_eq!(host(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_regex_error_is_one_line() {
        let error = |text: &str| reason(&Regex::new(text).unwrap_err());
        assert_eq!(error("/(a"), "unclosed group");
        assert_eq!(
            error("(?=a)"),
            "look-around, including look-ahead and look-behind, is not supported"
        );
    }
}
