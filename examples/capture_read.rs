//! Reads captures and does nothing with them, to measure the reader alone:
//!
//! ```text
//! capture_read entries FILE   # all fields found, no body decoded
//! capture_read bodies FILE    # every JSON body of the API walked
//! ```

use std::process::ExitCode;

use harcov::capture::{Body, JsonEvent, Source, read, walk_json};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stage, files @ ..] = &arguments[..] else {
        eprintln!("usage: capture_read entries|bodies FILE...");
        return ExitCode::from(2);
    };
    for file in files {
        let source = if file == "-" {
            Source::stdin()
        } else {
            Source::file(file)
        };
        let (mut headers, mut events) = (0, 0);
        let result = read(source, &mut |_| (), &mut |entry| {
            headers += entry.request.headers.len();
            let Some(response) = entry.response else {
                return;
            };
            headers += response.headers.len();
            let json = response.media.is_some_and(|media| media.contains("json"));
            if stage == "bodies"
                && json
                && let Body::Text(text) = response.body.decode()
            {
                let _ = walk_json(&text, &mut |_: JsonEvent<'_>| events += 1);
            }
        });
        match result {
            Ok(capture) => println!(
                "{}: {} entries, {} unusable, {headers} headers, {events} events",
                capture.name,
                capture.entries,
                capture.unusable.len()
            ),
            Err(error) => {
                eprintln!("{file}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}
