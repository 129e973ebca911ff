//! Reads captures and only counts what is in them, to measure the reader alone:
//!
//! ```text
//! capture_read entries FILE   # all fields found, no body decoded; one thread
//! capture_read bodies FILE    # every JSON body walked too
//! capture_read mapped FILE    # the same with several threads
//! capture_read inventory FILE # the endpoints inferred, with all that was observed of them
//! ```

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example is a command"
)]

use std::process::ExitCode;

use harcov::capture::{Entry, JsonEvent, Source, read, read_mapped};
use harcov::inventory::{Inventory, collect};
use harcov::route::Pins;
use harcov::scope::Filter;

/// Headers, and events in JSON bodies.
#[derive(Default, Clone, Copy)]
struct Counts(usize, usize);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stage, files @ ..] = &arguments[..] else {
        eprintln!("usage: capture_read entries|bodies|mapped|inventory FILE...");
        return ExitCode::from(2);
    };
    for file in files {
        let source = match &file[..] {
            "-" => Source::stdin(),
            _ => Source::file(file),
        };
        if stage == "inventory" {
            inventory(source);
            continue;
        }
        let mut total = Counts::default();
        let mut add = |counts: Counts| {
            total.0 += counts.0;
            total.1 += counts.1;
        };
        let bodies = stage != "entries";
        let result = match &stage[..] {
            "mapped" => read_mapped(
                source,
                &mut |_| (),
                &|entry| count(&entry, bodies),
                &mut |counts: &Counts| add(*counts),
            ),
            _ => read(source, &mut |_| (), &mut |entry| add(count(&entry, bodies))),
        };
        match result {
            Ok(capture) => println!(
                "{}: {} entries, {} unusable, {} headers, {} events",
                capture.name,
                capture.entries,
                capture.skipped(),
                total.0,
                total.1
            ),
            Err(error) => {
                eprintln!("{file}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}

fn inventory(source: Source) {
    let filter = Filter::default();
    let collected = collect(vec![source], &filter, false, &mut |_, _| ());
    for failed in &collected.failed {
        eprintln!("{}: {}", failed.place, failed.error);
    }
    let Ok(evidence) = collected.parts.fold() else {
        return;
    };
    let inventory = Inventory::build(&evidence, &filter, &Pins::default());
    for capture in &inventory.captures {
        println!(
            "{}: {} entries, {} endpoints, {} links",
            capture.capture.name,
            capture.capture.entries,
            inventory.endpoints.len(),
            inventory.links.len()
        );
    }
}

fn count(entry: &Entry<'_>, bodies: bool) -> Counts {
    let mut counts = Counts(entry.request.headers.len(), 0);
    if let Some(response) = &entry.response {
        counts.0 += response.headers.len();
        if bodies && response.body.looks_like_json() {
            // What is no JSON counts up to where it stops being any.
            let _ = response
                .body
                .walk_json(&mut |_: JsonEvent<'_>| counts.1 += 1);
        }
    }
    counts
}
