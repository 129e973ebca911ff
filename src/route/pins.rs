//! What is said of routes outside of captures: corrections win over inference, claims over what it is
//! not sure of.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{Part, Template, TemplateError};

/// A template from config or manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The methods it holds for, in upper case; empty: any.
    pub methods: Vec<String>,
    /// The host it holds for, in lower case; absent: any.
    pub host: Option<String>,
    /// The template.
    pub template: Template,
    /// How far it wins over inference.
    pub authority: Authority,
}

impl Pin {
    /// Whether a parameter of it may stand for a text.
    pub(super) fn takes(&self, part: &Part, text: &str) -> Option<bool> {
        match (&self.authority, part) {
            (Authority::Claim(takes), Part::Param(name)) => takes.get(name)?.is(text),
            _ => None,
        }
    }
}

/// How far a template wins over inference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// It corrects inference, whatever that holds.
    Correction,
    /// It tells what is implemented or described: its parameters do not take in what inference is sure
    /// to be a name of the API's own. What they take is by name, where it is said.
    Claim(BTreeMap<String, Takes>),
}

/// What a parameter takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Takes {
    /// Its values, if there are no others.
    pub values: Vec<String>,
    /// Whether none of them is a text.
    pub no_text: bool,
}

impl Takes {
    /// Whether a text is a value of it; absent where that is not said.
    fn is(&self, text: &str) -> Option<bool> {
        if !self.values.is_empty() {
            return Some(self.values.iter().any(|value| value == text));
        }
        let plain = text.parse::<f64>().is_ok_and(f64::is_finite) || text.parse::<bool>().is_ok();
        (self.no_text && !plain).then_some(false)
    }
}

/// All that is said of routes.
#[derive(Debug, Clone, Default)]
pub struct Pins {
    /// Templates; the one with most literals wins, then the first.
    pub pins: Vec<Pin>,
    /// Segments that are always literal.
    pub literals: Vec<Correction>,
    /// Segments that are always values.
    pub params: Vec<Correction>,
}

/// Says which segments a correction is about.
///
/// A text without a slash means that text wherever it stands (`me`). With slashes it is a path from
/// the root whose last segment is meant: `/users/me`, `/shops/<shop>/featured`. A parameter at its
/// end means every text at that place: `/config/<section>`.
///
/// ```
/// use harcov::route::Correction;
///
/// assert!("me".parse::<Correction>().is_ok());
/// assert!("/users/<id>/me".parse::<Correction>().is_ok());
/// assert!("/".parse::<Correction>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// A text, wherever it stands.
    Anywhere(String),
    /// The last segment of a path.
    At(Template),
}

/// Why a text is no correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrectionError {
    /// It names no segment.
    Empty,
    /// It has slashes but is no route.
    Route(TemplateError),
}

impl fmt::Display for CorrectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CorrectionError::Empty => f.write_str(
                "names no segment; write a text such as `me` or a path such as `/users/me`",
            ),
            CorrectionError::Route(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CorrectionError {}

impl FromStr for Correction {
    type Err = CorrectionError;

    fn from_str(text: &str) -> Result<Self, CorrectionError> {
        if !text.contains('/') {
            return match text.trim() {
                "" => Err(CorrectionError::Empty),
                text => Ok(Correction::Anywhere(text.to_owned())),
            };
        }
        let template: Template = text.parse().map_err(CorrectionError::Route)?;
        if template.parts.is_empty() {
            return Err(CorrectionError::Empty);
        }
        Ok(Correction::At(template))
    }
}

impl Correction {
    /// Whether a segment is meant, given the decided ones before it and its text, if it has one.
    pub(super) fn is_about(&self, before: &[&Part], text: Option<&str>) -> bool {
        match self {
            Correction::Anywhere(said) => text == Some(said),
            Correction::At(template) => {
                let Some((last, path)) = template.parts.split_last() else {
                    return false;
                };
                path.len() == before.len()
                    && path.iter().zip(before).all(|(said, is)| match (said, is) {
                        (Part::Literal(said), Part::Literal(is)) => said == is,
                        (Part::Literal(_), _) | (_, Part::Literal(_)) => false,
                        _ => true,
                    })
                    && match last {
                        Part::Literal(said) => text == Some(said),
                        _ => true,
                    }
            }
        }
    }

    /// Whether it was followed in a route: a segment that it is about is variable, or is not.
    pub fn holds_in(&self, route: &Template, variable: bool) -> bool {
        route.parts.iter().enumerate().any(|(at, part)| {
            let text = match part {
                Part::Literal(text) => Some(text.as_str()),
                Part::Param(_) | Part::Mixed(_) => None,
            };
            let before: Vec<&Part> = route.parts[..at].iter().collect();
            match (variable, self) {
                (false, _) => text.is_some() && self.is_about(&before, text),
                // The text of a value is gone, so that the place decides alone.
                (true, Correction::Anywhere(_)) => text.is_none(),
                (true, Correction::At(template)) => {
                    text.is_none()
                        && template.parts.len() == at + 1
                        && self.is_about(&before, template.last_text())
                }
            }
        })
    }

    /// The name that it gives the parameter.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Correction::At(template) => match template.parts.last() {
                Some(Part::Param(name)) => Some(name),
                _ => None,
            },
            Correction::Anywhere(_) => None,
        }
    }
}
