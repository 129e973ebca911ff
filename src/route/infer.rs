//! Inference: from the evidence of distinct paths to templates.
//!
//! Paths are read as a tree and decided from the root down. At each node every distinct segment is
//! decided on its own, with its siblings as evidence; those that are values become one parameter,
//! their subtrees one subtree, before the next segment is looked at. So a decision is made once for
//! all paths that share it, and the result does not depend on the order of the sightings.

mod decide;
mod walk;

use std::collections::BTreeMap;

use super::{Inference, Pins, Sighting};

/// The templates of some sightings, and why.
///
/// Sightings of one host are decided together. A pin wins over evidence for every path that it
/// fits, and what it says of a place holds for the other paths through that place. The trailing
/// slash is as most requests wrote it; where both are equal, there is none.
pub fn infer(sightings: &[Sighting<'_>], pins: &Pins) -> Inference {
    let mut hosts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, sighting) in sightings.iter().enumerate() {
        hosts.entry(sighting.host).or_default().push(at);
    }
    let mut inference = Inference {
        routes: Vec::new(),
        of: vec![0; sightings.len()],
    };
    for (host, mut members) in hosts {
        members.sort_by(|&a, &b| {
            let key = |s: &Sighting<'_>| (s.segments.len(), s.requests);
            let (a, b) = (&sightings[a], &sightings[b]);
            (a.segments, a.method, a.operation)
                .cmp(&(b.segments, b.method, b.operation))
                .then_with(|| key(a).cmp(&key(b)))
        });
        walk::walk(host, members, sightings, pins, &mut inference);
    }
    inference
}

#[cfg(test)]
mod tests {
    use super::super::{ParamStyle, Pin, SegmentStats};
    use super::*;
    use crate::value::{Segment, Tokens};

    fn routes_with(paths: &[&str], pins: &Pins) -> Vec<String> {
        let tokens = Tokens::new();
        let parsed: Vec<(Vec<Segment>, Vec<SegmentStats>, u32)> = paths
            .iter()
            .map(|path| {
                let inner = path.trim_matches('/');
                let segments = Segment::path(inner.split('/'), &tokens);
                let stats = vec![SegmentStats::default(); segments.len()];
                (segments, stats, u32::from(path.ends_with('/')))
            })
            .collect();
        let sightings: Vec<Sighting<'_>> = parsed
            .iter()
            .map(|(segments, stats, slashed)| Sighting {
                method: "GET",
                host: "api.example.com",
                segments,
                operation: None,
                slashed: *slashed,
                requests: 1,
                stats,
                params: Vec::new(),
                fields: Vec::new(),
                statuses: Vec::new(),
            })
            .collect();
        let inference = infer(&sightings, pins);
        let text = |at: &usize| {
            let template = &inference.routes[*at].template;
            template.display(ParamStyle::Angle).to_string()
        };
        inference.of.iter().map(text).collect()
    }

    fn routes(paths: &[&str]) -> Vec<String> {
        routes_with(paths, &Pins::default())
    }

    #[test]
    fn definite_values_are_parameters_named_by_their_noun() {
        assert_eq!(
            routes(&[
                "/cinema/1001/order/info/",
                "/v1/companies/7/addresses/9",
                "/2024-01/products/12.json",
                "/users/1/users/2",
            ]),
            [
                "/cinema/<cinema_id>/order/info/",
                "/v1/companies/<company_id>/addresses/<address_id>",
                "/2024-01/products/<product_id>.json",
                "/users/<user_id>/users/<id>",
            ]
        );
    }

    #[test]
    fn slash_variants_are_one_route() {
        assert_eq!(
            routes(&["/a/1/", "/a/2/", "/a/x"]),
            ["/a/<a_id>/", "/a/<a_id>/", "/a/x"]
        );
        assert_eq!(routes(&["/a/1/", "/a/b2c3d4e5"])[0], "/a/<a_id>");
    }

    #[test]
    fn pins_win_and_unify() {
        let pins = Pins {
            pins: vec![Pin {
                methods: Vec::new(),
                host: None,
                template: "/t/<shop>/c/<cinema>".parse().unwrap(),
            }],
        };
        assert_eq!(
            routes_with(&["/t/wmyc/c/1", "/t/wmyc/c/1/x", "/t/other"], &pins),
            ["/t/<shop>/c/<cinema>", "/t/<shop>/c/<cinema>/x", "/t/other"]
        );
    }
}
