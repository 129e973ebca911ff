//! What pins say while the tree is walked, and which pin a decided path has.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::super::{Authority, Part, Pin, Pins, Reason, Sighting, Template, Verdict};
use super::decide::Label;
use crate::value::{Segment, SegmentPiece};

/// The table `pinned.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    sure: f64,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "a constant table, read by a test")]
        toml::from_str(include_str!("pinned.toml")).expect("pinned.toml")
    })
}

/// What is said by hand of one place.
pub(super) struct Said<'p> {
    pins: &'p Pins,
    /// The pins whose parts so far fit the decided segments.
    here: &'p [usize],
    depth: usize,
    before: &'p [&'p Part],
    /// Whether values stand at the place that are such by their shape alone.
    values: bool,
}

impl<'p> Said<'p> {
    pub(super) fn new(
        pins: &'p Pins,
        here: &'p [usize],
        depth: usize,
        before: &'p [&'p Part],
        labels: &[Label<'_>],
    ) -> Said<'p> {
        Said {
            pins,
            here,
            depth,
            before,
            values: labels.iter().any(|label| label.segment.text().is_none()),
        }
    }

    fn parts(&self) -> impl Iterator<Item = (usize, &'p Part)> {
        self.here.iter().filter_map(|&pin| {
            let part = self.pins.pins[pin].template.parts.get(self.depth)?;
            Some((pin, part))
        })
    }

    /// Whether a label is a value, if anything is said of it. Corrections win over templates, and
    /// literals over parameters. A parameter in a template holds for all definite values at its
    /// place, and for the texts of paths that the whole template fits and that it takes in.
    pub(super) fn of(
        &self,
        label: &Label<'_>,
        inferred: &Verdict,
        sightings: &[Sighting<'_>],
    ) -> Option<bool> {
        let text = label.segment.text();
        let corrected = |list: &[super::super::Correction]| {
            list.iter()
                .any(|c| c.is_about(self.before, text.as_deref()))
        };
        if text.is_some() && corrected(&self.pins.literals) {
            return Some(false);
        }
        if corrected(&self.pins.params) {
            return Some(true);
        }
        let is_literal =
            |part: &Part| matches!(part, Part::Literal(said) if Some(said) == text.as_ref());
        if self.parts().any(|(_, part)| is_literal(part)) {
            return Some(false);
        }
        let fits_whole = |pin: usize| {
            let pin = &self.pins.pins[pin];
            let mut members = label.members.iter().map(|at| &sightings[*at]);
            members.any(|sighting| serves(pin, sighting) && fits(&pin.template, sighting))
        };
        self.parts()
            .any(|(pin, part)| {
                !matches!(part, Part::Literal(_))
                    && text.as_ref().is_none_or(|text| {
                        fits_whole(pin) && self.takes_in(&self.pins.pins[pin], text, inferred)
                    })
            })
            .then_some(true)
    }

    /// Whether the parameter of a template at this place takes in a text. That of a claim leaves what
    /// inference is sure of, unless the claim says that it is a value: nothing else of the template
    /// speaks for a word that stands at its end, or beside values.
    fn takes_in(&self, pin: &Pin, text: &str, inferred: &Verdict) -> bool {
        if pin.authority == Authority::Correction {
            return true;
        }
        let parts = &pin.template.parts;
        let said = parts.get(self.depth).and_then(|part| pin.takes(part, text));
        said.unwrap_or_else(|| {
            let behind = parts.iter().skip(self.depth + 1);
            let confirmed = behind.clone().any(|part| matches!(part, Part::Literal(_)));
            !is_sure(inferred) || confirmed && !self.values
        })
    }

    /// The name that is said for the parameter of this place.
    pub(super) fn name(&self) -> Option<&'p str> {
        let corrected = self
            .pins
            .params
            .iter()
            .find_map(|c| c.name().filter(|_| c.is_about(self.before, None)));
        corrected.or_else(|| {
            self.parts().find_map(|(_, part)| match part {
                Part::Param(name) => Some(name.as_str()),
                _ => None,
            })
        })
    }

    /// The pins that still fit behind a literal, or behind a parameter.
    pub(super) fn behind(&self, literal: Option<&str>) -> Vec<usize> {
        self.parts()
            .filter(|(_, part)| match (part, literal) {
                (Part::Literal(said), Some(text)) => said == text,
                (Part::Param(_) | Part::Mixed(_), None) => true,
                _ => false,
            })
            .map(|(pin, _)| pin)
            .collect()
    }
}

/// Whether inference is sure that a text is a name of the API's own: it is one of the words of APIs.
fn is_sure(inferred: &Verdict) -> bool {
    !inferred.param
        && inferred.confidence >= table().sure
        && inferred.reasons.contains(&Reason::ApiWord)
}

/// Whether a pin is about the host and the method of a path.
fn serves(pin: &Pin, sighting: &Sighting<'_>) -> bool {
    pin.host.as_deref().is_none_or(|host| host == sighting.host)
        && (pin.methods.is_empty() || pin.methods.iter().any(|m| m == sighting.method))
}

/// Stands for a value, whose text is gone, where a template is matched.
const SOME_VALUE: &str = "\u{fffc}";

/// Whether a template fits all segments of a path; a value fits every parameter and no literal.
pub(super) fn fits(template: &Template, sighting: &Sighting<'_>) -> bool {
    template.fits(sighting.segments)
}

impl Template {
    /// Whether it fits all segments of a path; a value fits every parameter and no literal.
    pub fn fits(&self, segments: &[Segment]) -> bool {
        fits_segments(self, segments)
    }
}

fn fits_segments(template: &Template, segments: &[Segment]) -> bool {
    let mut parts = template.parts.iter().zip(segments);
    template.parts.len() == segments.len()
        && parts.all(|(part, segment)| part.matches(&text_of(segment)))
}

/// A segment as templates are matched with it.
fn text_of(segment: &Segment) -> String {
    let pieces = segment.pieces().iter().map(|piece| match piece {
        SegmentPiece::Fixed(text) | SegmentPiece::Word(text) => &**text,
        SegmentPiece::Value(_) => SOME_VALUE,
    });
    pieces.collect()
}

/// How many parts a template has, and where literals are among them.
type Form = (usize, Vec<usize>);
/// Positions of pins by their literals.
type ByLiterals<'p> = BTreeMap<Vec<&'p str>, Vec<usize>>;

/// The pins, to be found by the literals of a path: a manifest has as many as there are endpoints.
pub(super) struct PinIndex<'p> {
    pins: &'p Pins,
    by_form: BTreeMap<Form, ByLiterals<'p>>,
}

impl<'p> PinIndex<'p> {
    pub(super) fn new(pins: &'p Pins) -> Self {
        let mut by_form: BTreeMap<Form, ByLiterals<'p>> = BTreeMap::new();
        for (at, pin) in pins.pins.iter().enumerate() {
            let parts = &pin.template.parts;
            let literals = parts
                .iter()
                .enumerate()
                .filter_map(|(at, part)| match part {
                    Part::Literal(text) => Some((at, text.as_str())),
                    Part::Param(_) | Part::Mixed(_) => None,
                });
            let (places, texts): (Vec<usize>, Vec<&str>) = literals.unzip();
            let same_form = by_form.entry((parts.len(), places)).or_default();
            same_form.entry(texts).or_default().push(at);
        }
        PinIndex { pins, by_form }
    }

    /// The pin that fits a path as it was decided: the one with most literals, then the first.
    pub(super) fn best(
        &self,
        host: &str,
        sighting: &Sighting<'_>,
        decided: &[&Part],
    ) -> Option<usize> {
        let length = sighting.segments.len();
        let texts: Vec<String> = sighting.segments.iter().map(text_of).collect();
        let forms = self.by_form.range((length, Vec::new())..);
        let mut best: Option<(usize, usize)> = None;
        for ((_, places), pins) in forms.take_while(|((parts, _), _)| *parts == length) {
            let key: Vec<&str> = places.iter().map(|at| texts[*at].as_str()).collect();
            let Some(pins) = pins.get(&key) else { continue };
            let fitting = pins
                .iter()
                .find(|at| self.fits(**at, host, sighting, decided));
            if let Some(&at) = fitting {
                let is_better = best.is_none_or(|(literals, known)| {
                    literals < places.len() || literals == places.len() && at < known
                });
                if is_better {
                    best = Some((places.len(), at));
                }
            }
        }
        best.map(|(_, at)| at)
    }

    fn fits(&self, at: usize, host: &str, sighting: &Sighting<'_>, decided: &[&Part]) -> bool {
        let pin = &self.pins.pins[at];
        // What was decided to be a name is no value of a claim's parameter.
        let agrees = || {
            let mut parts = pin.template.parts.iter().zip(decided);
            parts.all(|(said, is)| {
                matches!(said, Part::Literal(_)) || !matches!(is, Part::Literal(_))
            })
        };
        pin.host.as_deref().is_none_or(|h| h == host)
            && serves(pin, sighting)
            && fits(&pin.template, sighting)
            && (pin.authority == Authority::Correction || agrees())
    }
}
