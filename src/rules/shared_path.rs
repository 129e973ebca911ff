//! The path that nearly all routes share, such as `/api/v1` or `/ticket/wmyc/cinema/<cinema_id>`.

use std::collections::BTreeMap;

use crate::inventory::Inventory;
use crate::route::{ParamStyle, Part, Template};

/// A segment that at least this share of all routes have in common is part of the shared path.
const SHARE: f64 = 0.75;

/// The parts that nearly all routes start with; what follows them tells routes apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharedPath {
    parts: Vec<Part>,
}

impl SharedPath {
    /// What the inventory's routes share. The last segment of a route is never shared, and a lone
    /// route shares nothing but its version.
    pub fn of(inventory: &Inventory) -> SharedPath {
        SharedPath::of_routes(inventory.endpoints.iter().map(|endpoint| &endpoint.route))
    }

    /// The same of any routes.
    pub fn of_routes<'r>(routes: impl Iterator<Item = &'r Template>) -> SharedPath {
        let shapes: Vec<Vec<Part>> = routes.map(Template::shape).collect();
        let mut parts: Vec<Part> = Vec::new();
        loop {
            let depth = parts.len();
            let mut counts: BTreeMap<&Part, usize> = BTreeMap::new();
            let following = shapes
                .iter()
                .filter(|shape| shape.starts_with(&parts) && shape.len() > depth + 1);
            for shape in following {
                *counts.entry(&shape[depth]).or_default() += 1;
            }
            let most = counts.into_iter().max_by_key(|(_, count)| *count);
            let Some((part, count)) = most else { break };
            #[expect(clippy::cast_precision_loss, reason = "counts of endpoints are small")]
            let shared = count as f64 >= SHARE * shapes.len() as f64;
            if !shared || (shapes.len() < 3 && !is_base(part)) {
                break;
            }
            parts.push(part.clone());
        }
        // A collection's id is not shared without something shared behind it.
        SharedPath { parts }
    }

    /// How many parts a route has of the shared path.
    pub fn depth(&self, route: &Template) -> usize {
        let parts = self.parts.iter().zip(route.shape());
        parts.take_while(|(ours, theirs)| **ours == *theirs).count()
    }

    /// The parts of a route behind what it has of the shared path.
    pub fn rest<'a>(&self, route: &'a Template) -> &'a [Part] {
        &route.parts[self.depth(route).min(route.parts.len())..]
    }

    /// The route without the shared path, for titles: `/order/price/`.
    pub fn short(&self, route: &Template, style: ParamStyle) -> String {
        let rest = self.rest(route);
        Template {
            parts: rest.to_vec(),
            slash: route.slash,
        }
        .display(style)
        .to_string()
    }

    /// The literal segments behind the shared path, in order; the shared path's own last one if
    /// there is none.
    pub fn nouns(&self, route: &Template) -> Vec<String> {
        let literals = |parts: &[Part]| -> Vec<String> {
            parts
                .iter()
                .filter_map(|part| match part {
                    Part::Literal(text) if !text.is_empty() => Some(text.clone()),
                    _ => None,
                })
                .collect()
        };
        let rest: Vec<String> = literals(self.rest(route))
            .into_iter()
            .filter(|word| !is_version(word))
            .collect();
        if rest.is_empty() {
            literals(&route.parts).pop().into_iter().collect()
        } else {
            rest
        }
    }
}

fn is_base(part: &Part) -> bool {
    matches!(part, Part::Literal(text) if text == "api" || is_version(text))
}

/// `v1`, `v2.1`, `1.0`, `2024-01`.
fn is_version(text: &str) -> bool {
    let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
}
