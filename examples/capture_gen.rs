//! Writes a big capture to stdout, the same bytes each time:
//!
//! ```text
//! cargo run --release --example capture_gen -- api 100 > api.har
//! cargo run --release --example capture_gen -- web 1000 pretty > web.har
//! ```

#![expect(clippy::print_stderr, reason = "an example is a command")]

#[path = "../benches/generator/mod.rs"]
mod generator;

use std::io::{self, BufWriter};
use std::process::ExitCode;

use generator::{Plan, Style, write_capture};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (style, megabytes, pretty) = match words[..] {
        ["api", size] => (Style::Api, size, false),
        ["api", size, "pretty"] => (Style::Api, size, true),
        ["web", size] => (Style::Web, size, false),
        ["web", size, "pretty"] => (Style::Web, size, true),
        _ => return usage(),
    };
    let Ok(megabytes) = megabytes.parse::<u64>() else {
        return usage();
    };
    let plan = Plan {
        style,
        pretty,
        bytes: megabytes * 1_000_000,
    };
    match write_capture(plan, &mut BufWriter::new(io::stdout().lock())) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: capture_gen api|web MEGABYTES [pretty]");
    ExitCode::from(2)
}
