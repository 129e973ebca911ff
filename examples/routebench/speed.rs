//! How long inference takes on paths that are all distinct.

use std::time::Instant;

use harcov::route::{Origin, Pins, SegmentStats, Sighting, infer};
use harcov::value::{Segment, Tokens};

/// Distinct paths in the largest run.
const MOST: usize = 80_000;

/// Measures runs of growing size; the time grows in proportion.
pub(crate) fn measure() {
    let tokens = Tokens::new();
    for n in [MOST / 8, MOST / 4, MOST / 2, MOST] {
        let paths: Vec<Vec<Segment>> = (0..n).map(|i| path(i, &tokens)).collect();
        let stats: Vec<SegmentStats> = (0..8).map(stats).collect();
        let fields: Vec<String> = (0..12).map(|i| format!("data[].field{i}")).collect();
        let sighting = |segments| sighting(segments, &stats, &fields);
        let sightings: Vec<Sighting<'_>> = paths.iter().map(|path| sighting(path)).collect();
        let start = Instant::now();
        let routes = infer(&sightings, &Pins::default()).routes.len();
        println!(
            "{n} distinct paths: {routes} routes in {:?}",
            start.elapsed()
        );
    }
}

fn path(i: usize, tokens: &Tokens) -> Vec<Segment> {
    let path = match i % 3 {
        0 => format!("api/v1/users/user-{i}/posts"),
        1 => format!("api/v1/repos/owner{}/name-{i}/issues/{i}", i % 97),
        _ => format!("api/v1/things/word{i}"),
    };
    Segment::path(path.split('/'), tokens)
}

fn stats(i: usize) -> SegmentStats {
    SegmentStats {
        distinct: 1,
        origins: [(Origin::Response(format!("data[].field{i}")), 1)].into(),
        parts: Vec::new(),
    }
}

fn sighting<'a>(
    segments: &'a [Segment],
    stats: &'a [SegmentStats],
    fields: &'a [String],
) -> Sighting<'a> {
    Sighting {
        method: "GET",
        host: "api.example.com",
        segments,
        operation: None,
        slashed: 0,
        requests: 1,
        stats: &stats[..segments.len()],
        params: Vec::new(),
        fields: fields.iter().map(String::as_str).collect(),
        statuses: vec![200],
    }
}
