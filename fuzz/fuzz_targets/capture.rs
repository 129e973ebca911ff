//! Any bytes as a capture: nothing panics, every entry is accounted for, and threads change nothing.

#![no_main]

use std::io::Cursor;

use harcov::capture::{Body, JsonEvent, Source, read, read_mapped};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let source = || Source::reader("fuzz", Cursor::new(bytes.to_vec()));
    let mut given = Vec::new();
    let result = read(source(), &mut |_| (), &mut |entry| {
        given.push((entry.index, entry.request.url.len(), entry.started));
        let bodies = [Some(entry.request.body), entry.response.map(|response| response.body)];
        for body in bodies.into_iter().flatten() {
            let _ = body.looks_like_json();
            let walked = body.walk_json(&mut |_: JsonEvent<'_>| ());
            if walked.is_ok() {
                assert!(matches!(body.decode(), Body::Text(_)));
            }
        }
    });
    if let Ok(capture) = &result {
        assert_eq!(given.len() + capture.skipped(), capture.entries);
        assert!(capture.ended_at.is_none_or(|at| at <= bytes.len() as u64 * 2000));
    }
    let mut mapped = Vec::new();
    let again = read_mapped(
        source(),
        &mut |_| (),
        &|entry| (entry.index, entry.request.url.len(), entry.started),
        &mut |row| mapped.push(*row),
    );
    assert_eq!(given, mapped);
    assert_eq!(format!("{result:?}"), format!("{again:?}"));
});
