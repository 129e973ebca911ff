//! From decided paths to routes.

use std::collections::BTreeMap;

use super::super::{Inference, Part, Pins, Reason, Route, Sighting, Template, Verdict};
use super::pinned::PinIndex;
use super::walk::Walked;

/// A route while its paths are gathered.
struct Gathered {
    route: Route,
    slashed: u64,
    requests: u64,
}

/// Turns the decided paths of one host into routes; paths with one structure are one route.
pub(super) fn finish(
    host: &str,
    walked: &Walked,
    sightings: &[Sighting<'_>],
    pins: &Pins,
    index: &PinIndex<'_>,
    inference: &mut Inference,
) {
    let mut routes: BTreeMap<Vec<Part>, Gathered> = BTreeMap::new();
    let mut reached: Vec<(Vec<Part>, usize)> = Vec::new();
    for (slot, members) in &walked.ends {
        let trail = walked.trail(*slot);
        let decided: Vec<&Part> = trail.iter().map(|&at| &walked.slots[at].part).collect();
        for &at in members {
            let sighting = &sightings[at];
            let pin = index.best(host, sighting, &decided);
            if let Some(pin) = pin {
                inference.pins_used.insert(pin);
            }
            let found = match pin {
                Some(pin) => pinned(host, &pins.pins[pin].template),
                None => inferred(host, walked, &trail),
            };
            let key = found.template.shape();
            let gathered = routes.entry(key.clone()).or_insert_with(|| Gathered {
                route: found.clone(),
                slashed: 0,
                requests: 0,
            });
            if found.pinned && !gathered.route.pinned {
                gathered.route = found;
            }
            gathered.slashed += u64::from(sighting.slashed);
            gathered.requests += u64::from(sighting.requests);
            reached.push((key, at));
        }
    }
    let mut position = BTreeMap::new();
    for (key, mut gathered) in routes {
        let template = &mut gathered.route.template;
        template.slash = gathered.slashed * 2 > gathered.requests && !template.parts.is_empty();
        position.insert(key, inference.routes.len());
        inference.routes.push(gathered.route);
    }
    for (key, at) in reached {
        inference.of[at] = position[&key];
    }
}

fn inferred(host: &str, walked: &Walked, trail: &[usize]) -> Route {
    let slots = trail.iter().map(|&at| &walked.slots[at]);
    let verdicts: Vec<Verdict> = slots.clone().map(|slot| slot.verdict.clone()).collect();
    Route {
        host: host.to_owned(),
        template: Template {
            parts: slots.map(|slot| slot.part.clone()).collect(),
            slash: false,
        },
        confidence: verdicts.iter().map(|v| v.confidence).fold(1.0, f64::min),
        verdicts,
        pinned: false,
    }
}

fn pinned(host: &str, template: &Template) -> Route {
    let verdict = |part: &Part| Verdict {
        param: !matches!(part, Part::Literal(_)),
        confidence: 1.0,
        reasons: vec![Reason::Pinned],
    };
    Route {
        host: host.to_owned(),
        template: template.clone(),
        verdicts: template.parts.iter().map(verdict).collect(),
        pinned: true,
        confidence: 1.0,
    }
}
