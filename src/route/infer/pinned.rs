//! What pins say while the tree is walked.

use super::super::{Part, Pins, Sighting, Template};
use super::decide::Label;
use crate::value::{Segment, SegmentPiece};

/// What is said by hand of one place.
pub(super) struct Said<'p> {
    pins: &'p Pins,
    /// The pins whose parts so far fit the decided segments.
    here: &'p [usize],
    depth: usize,
    before: &'p [&'p Part],
}

impl<'p> Said<'p> {
    pub(super) fn new(
        pins: &'p Pins,
        here: &'p [usize],
        depth: usize,
        before: &'p [&'p Part],
    ) -> Said<'p> {
        Said {
            pins,
            here,
            depth,
            before,
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
    /// place, and for the texts of paths that the whole template fits.
    pub(super) fn of(&self, label: &Label<'_>, sightings: &[Sighting<'_>]) -> Option<bool> {
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
            let template = &self.pins.pins[pin].template;
            label
                .members
                .iter()
                .any(|&at| fits(template, &sightings[at]))
        };
        self.parts()
            .any(|(pin, part)| {
                !matches!(part, Part::Literal(_)) && (text.is_none() || fits_whole(pin))
            })
            .then_some(true)
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
    let text = |segment: &Segment| -> String {
        let pieces = segment.pieces().iter().map(|piece| match piece {
            SegmentPiece::Fixed(text) | SegmentPiece::Word(text) => &**text,
            SegmentPiece::Value(_) => SOME_VALUE,
        });
        pieces.collect()
    };
    let mut parts = template.parts.iter().zip(segments);
    template.parts.len() == segments.len()
        && parts.all(|(part, segment)| part.matches(&text(segment)))
}

/// The pin that fits a path: the one with most literals, then the first.
pub(super) fn best_pin(pins: &Pins, host: &str, sighting: &Sighting<'_>) -> Option<usize> {
    let literals = |at: usize| {
        let parts = &pins.pins[at].template.parts;
        let literal = |part: &&Part| matches!(part, Part::Literal(_));
        parts.iter().filter(literal).count()
    };
    (0..pins.pins.len())
        .filter(|&at| {
            let pin = &pins.pins[at];
            pin.host.as_deref().is_none_or(|h| h == host)
                && (pin.methods.is_empty() || pin.methods.iter().any(|m| m == sighting.method))
                && fits(&pin.template, sighting)
        })
        .reduce(|best, next| {
            if literals(next) > literals(best) {
                next
            } else {
                best
            }
        })
}
