//! Any bytes are redacted without a panic, into JSON that is read again, and redacting the result
//! changes nothing.

#![no_main]

use harcov::capture::Source;
use harcov::inventory::{Inventory, collect};
use harcov::redact::{Keep, Key, Options, redact};
use harcov::route::Pins;
use harcov::scope::Filter;
use libfuzzer_sys::fuzz_target;

fn run(bytes: &[u8]) -> Option<Vec<u8>> {
    let filter = Filter::default();
    let source = || Source::reader("fuzz", std::io::Cursor::new(bytes.to_vec()));
    let collected = collect(vec![source()], &filter, false, &mut |_, _| ());
    let evidence = collected.parts.fold().ok()?;
    let inventory = Inventory::build(&evidence, &filter, &Pins::default());
    let keep = Keep::of(&inventory, &filter);
    let key = Key::kept(b"0123456789abcdef").ok()?;
    let mut out = Vec::new();
    redact(source(), &keep, &key, &Options::default(), &mut out).ok()?;
    Some(out)
}

fuzz_target!(|data: &[u8]| {
    // The frame is given, so that most inputs get to where values are replaced.
    let framed = [&b"{\"log\":{\"entries\":["[..], data, b"]}}"].concat();
    for input in [data, &framed] {
        let Some(once) = run(input) else { continue };
        let _: serde_json::Value = serde_json::from_slice(&once).expect("the result is JSON");
        let twice = run(&once).expect("the result can be redacted");
        assert!(once == twice, "redacting again changes something");
    }
});
