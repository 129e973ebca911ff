//! Scores `harcov scan` on source code against a table of what is implemented:
//! `cargo run --example scanbench -- tests/scan/docker.tsv CLIENT SOURCE...`
//!
//! The table has a column for the method, one for the route, and one for each client: `yes` where
//! the client implements the operation, `no` where it does not.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;
use std::path::PathBuf;

use harcov::config::Status;
use harcov::scan::{ScanOptions, Target, scan};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(table), Some(client)) = (args.next(), args.next()) else {
        return Err("usage: scanbench TABLE CLIENT SOURCE...".into());
    };
    let sources: Vec<PathBuf> = args.map(PathBuf::from).collect();
    let table = std::fs::read_to_string(table)?;
    let mut rows = table.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<&str> = rows.next().unwrap_or_default().split('\t').collect();
    let column = columns.iter().position(|name| *name == client);
    let mut targets = Vec::new();
    let mut truth = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split('\t').collect();
        targets.push(Target {
            method: cells[0].to_owned(),
            route: cells[1].parse()?,
            host: None,
            hosts: Vec::new(),
            operation: None,
            params: Vec::new(),
            bases: Vec::new(),
        });
        truth.push(
            column
                .and_then(|at| cells.get(at))
                .is_some_and(|cell| *cell == "yes"),
        );
    }
    let options = ScanOptions {
        root: sources.first().cloned().unwrap_or_default(),
        sources,
        ..ScanOptions::default()
    };
    let found = scan(&targets, &options, &mut |_, _| {});
    let (mut right, mut wrong, mut absent) = (0, 0, 0);
    for (endpoint, truth) in found.endpoints.iter().zip(truth) {
        let said = matches!(endpoint.status, Status::Implemented | Status::Partial);
        let word = match (said, truth) {
            (true, true) => {
                right += 1;
                "right"
            }
            (true, false) => {
                wrong += 1;
                "WRONG"
            }
            (false, true) => {
                absent += 1;
                "ABSENT"
            }
            (false, false) => "-",
        };
        let places: Vec<String> = endpoint
            .evidence
            .iter()
            .take(3)
            .map(|row| {
                let function = row.function.as_deref().unwrap_or("");
                format!(
                    "{} {function} {} {:.2}",
                    row.place(),
                    row.kind.name(),
                    row.confidence
                )
            })
            .collect();
        println!(
            "{word:<7}{:<8}{:<7} {:?} {}",
            endpoint.status.name(),
            endpoint.target.method,
            endpoint
                .target
                .route
                .display(harcov::route::ParamStyle::Brace)
                .to_string(),
            places.join("; ")
        );
    }
    println!(
        "{client}: {right} right, {wrong} wrong, {absent} absent; precision {:.1} %, recall {:.1} %; {} files, {} lines, {} parsed, {} broken",
        percent(right, right + wrong),
        percent(right, right + absent),
        found.files,
        found.lines,
        found.parsed,
        found.broken.len(),
    );
    Ok(())
}

fn percent(part: u32, whole: u32) -> f64 {
    100.0 * f64::from(part) / f64::from(whole.max(1))
}
