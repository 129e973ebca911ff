//! Where things are on the page: an address for each endpoint, group, module and flow.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{EndpointRow, Report};

/// The longest address, in characters.
const LONGEST: usize = 96;

/// The addresses of a report's rows.
pub(super) struct Anchors<'a> {
    endpoints: BTreeMap<&'a str, (&'a EndpointRow, String)>,
    /// Those of the groups, modules and flows, in the report's order.
    pub(super) groups: Vec<String>,
    pub(super) modules: Vec<String>,
    pub(super) flows: Vec<String>,
    /// Those of the flows that were observed, by number.
    observed: BTreeMap<usize, String>,
    /// Whether routes alone would not tell endpoints apart.
    several_hosts: bool,
}

impl<'a> Anchors<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let mut taken = Taken::default();
        let mut endpoints = BTreeMap::new();
        for row in &report.endpoints {
            let anchor = taken.slug("endpoint", &row.id);
            endpoints.entry(row.id.as_str()).or_insert((row, anchor));
        }
        let hosts: BTreeSet<&str> = report
            .endpoints
            .iter()
            .map(|row| row.host.as_str())
            .filter(|host| !host.is_empty())
            .collect();
        let mut all = |kind: &str, names: Vec<&String>| {
            let slugs = names.into_iter().map(|name| taken.slug(kind, name));
            slugs.collect::<Vec<_>>()
        };
        Anchors {
            endpoints,
            groups: all("group", report.groups.iter().map(|row| &row.name).collect()),
            modules: all(
                "module",
                report.modules.iter().map(|row| &row.name).collect(),
            ),
            flows: all("flow", report.flows.iter().map(|row| &row.name).collect()),
            observed: (report.story.steps.iter())
                .map(|step| (step.flow, format!("observed-{}", step.flow)))
                .collect(),
            several_hosts: hosts.len() > 1,
        }
    }

    /// The address of a flow that was observed.
    pub(super) fn observed(&self, number: usize) -> &str {
        self.observed.get(&number).map_or("flows", String::as_str)
    }

    /// An endpoint and its address.
    pub(super) fn endpoint(&self, id: &str) -> Option<(&'a EndpointRow, &str)> {
        let (row, anchor) = self.endpoints.get(id)?;
        Some((row, anchor))
    }

    /// The route, after the host if the report has several.
    pub(super) fn address(&self, row: &EndpointRow) -> String {
        let host = if self.several_hosts {
            row.host.as_str()
        } else {
            ""
        };
        format!("{host}{}", row.route)
    }
}

/// The addresses that are given away already.
#[derive(Default)]
struct Taken(BTreeSet<String>);

impl Taken {
    /// The letters and digits of a name, and a number if another has the same.
    fn slug(&mut self, kind: &str, name: &str) -> String {
        let words = name
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        let words = words.collect::<Vec<_>>().join("-").to_lowercase();
        let words: String = words.chars().take(LONGEST).collect();
        let slug = format!("{kind}-{}", words.trim_end_matches('-'));
        let mut unique = slug.clone();
        let mut number = 1;
        while !self.0.insert(unique.clone()) {
            number += 1;
            unique = format!("{slug}-{number}");
        }
        unique
    }
}

#[cfg(test)]
mod tests {
    use super::Taken;

    #[test]
    fn addresses_are_readable_and_differ() {
        let mut taken = Taken::default();
        let slug = taken.slug("endpoint", "GET /v1/orders/<order_id>");
        assert_eq!(slug, "endpoint-get-v1-orders-order-id");
        let again = taken.slug("endpoint", "GET /v1/orders/{order_id}");
        assert_eq!(again, "endpoint-get-v1-orders-order-id-2");
        assert_eq!(taken.slug("module", "VCC 券管理"), "module-vcc-券管理");
        assert_eq!(taken.slug("module", "…"), "module-");
    }
}
