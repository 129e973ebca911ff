//! Any bytes as an inventory: nothing panics, what is read is written so that it is read as the same, and
//! joining it with itself changes nothing.

#![no_main]

use std::io::Cursor;

use harcov::capture::Source;
use harcov::inventory::{Inventory, Known, collect, write};
use harcov::route::Pins;
use harcov::scope::Filter;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let filter = Filter::default();
    let source = |bytes: &[u8]| Source::reader("fuzz", Cursor::new(bytes.to_vec()));
    let collected = collect(vec![source(bytes)], &filter, false, &mut |_, _| ());
    if collected.inventories.is_empty() {
        return;
    }
    let known = Known::default();
    let written = |text: &[u8], times: usize| {
        let sources = (0..times).map(|_| source(text)).collect();
        let collected = collect(sources, &filter, false, &mut |_, _| ());
        assert!(collected.failed.is_empty(), "{:?}", collected.failed);
        write(collected.parts, &known, false)
    };
    // Sums that overlap are refused.
    let Ok(once) = write(collected.parts.clone(), &known, false) else {
        return;
    };
    assert_eq!(written(once.as_bytes(), 1), Ok(once.clone()));
    assert_eq!(written(once.as_bytes(), 2), Ok(once));
    if let Ok(evidence) = collected.parts.fold() {
        let inventory = Inventory::build(&evidence, &filter, &Pins::default());
        let requests = inventory.endpoints.iter().map(|e| e.observed.requests);
        assert!(requests.sum::<usize>() < usize::MAX);
    }
});
