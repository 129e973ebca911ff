//! The stages of reading a capture, over 16 MB of each style.

#![expect(clippy::unwrap_used, reason = "a bench may fail")]

mod generator;

use std::io::Cursor;
use std::sync::Arc;
use std::sync::LazyLock;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use generator::{Plan, Style, write_capture};
use harcov::capture::{Body, Entry, JsonEvent, Source, read, read_mapped};

fn main() {
    divan::main();
}

static API: LazyLock<Arc<[u8]>> = LazyLock::new(|| capture(Style::Api));
static WEB: LazyLock<Arc<[u8]>> = LazyLock::new(|| capture(Style::Web));

fn capture(style: Style) -> Arc<[u8]> {
    let mut bytes = Vec::new();
    let plan = Plan {
        style,
        pretty: false,
        bytes: 16_000_000,
    };
    write_capture(plan, &mut bytes).unwrap();
    bytes.into()
}

fn bytes_of(style: Style) -> Arc<[u8]> {
    Arc::clone(match style {
        Style::Api => &API,
        Style::Web => &WEB,
    })
}

fn source(style: Style) -> Source {
    Source::reader("bench", Cursor::new(bytes_of(style)))
}

fn run(bencher: Bencher<'_, '_>, style: Style, each: fn(&Entry<'_>)) {
    bencher
        .counter(BytesCount::new(bytes_of(style).len()))
        .bench_local(|| {
            read(source(style), &mut |_| (), &mut |entry| {
                each(black_box(&entry));
            })
            .unwrap()
        });
}

/// All fields found, no body decoded.
#[divan::bench(args = [Style::Api, Style::Web])]
fn entries(bencher: Bencher<'_, '_>, style: Style) {
    run(bencher, style, |_| ());
}

/// Every body unescaped, decoded of base64 and checked for text.
#[divan::bench(args = [Style::Api, Style::Web])]
fn bodies_decoded(bencher: Bencher<'_, '_>, style: Style) {
    run(bencher, style, |entry| {
        if let Some(response) = &entry.response {
            black_box(matches!(response.body.decode(), Body::Text(_)));
        }
    });
}

fn walk(entry: &Entry<'_>) -> usize {
    let mut events = 0;
    if let Some(response) = &entry.response
        && response.body.looks_like_json()
    {
        // What is no JSON counts up to where it stops being any.
        let _ = response.body.walk_json(&mut |_: JsonEvent<'_>| events += 1);
    }
    events
}

/// JSON bodies walked where they stand.
#[divan::bench(args = [Style::Api, Style::Web])]
fn bodies_walked(bencher: Bencher<'_, '_>, style: Style) {
    run(bencher, style, |entry| _ = black_box(walk(entry)));
}

/// The same with several threads.
#[divan::bench(args = [Style::Api, Style::Web])]
fn bodies_walked_by_threads(bencher: Bencher<'_, '_>, style: Style) {
    bencher
        .counter(BytesCount::new(bytes_of(style).len()))
        .bench_local(|| {
            let mut events = 0;
            read_mapped(
                source(style),
                &mut |_| (),
                &|entry| walk(&entry),
                &mut |count| events += count,
            )
            .unwrap();
            events
        });
}
