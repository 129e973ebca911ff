//! Every capture of a corpus against what its table expects; run where the corpus is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Capture, ReadError, Source, read};

fn corpus() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .find_map(|folder| {
            let root = folder.join("shared/har-corpus");
            root.is_dir().then_some(root)
        });
    if root.is_none() {
        println!("skipped: there is no ../shared/har-corpus");
    }
    root
}

fn read_file(path: &Path) -> (Result<Capture, ReadError>, usize) {
    let mut given = 0;
    let result = read(Source::file(path), &mut |_| (), &mut |entry| {
        // Decoding must work for every body, whatever it is.
        entry.request.body.decode();
        entry
            .response
            .inspect(|response| drop(response.body.decode()));
        given += 1;
    });
    (result, given)
}

/// What one row of the table says: entries to be seen, whether some are unusable, or refusal.
fn as_expected(expect: &str, result: &Result<Capture, ReadError>) -> bool {
    let number = |word: &str| {
        expect
            .split(word)
            .nth(1)?
            .split(' ')
            .nth(1)?
            .parse::<usize>()
            .ok()
    };
    match result {
        Err(_) => expect.starts_with("reject"),
        Ok(capture) => {
            let problems = number(";").unwrap_or(0);
            number("accept") == Some(capture.entries)
                && capture.ended_at.is_none()
                && capture.unusable.len() <= problems
                && capture.unusable.is_empty() == (problems == 0)
        }
    }
}

#[test]
fn every_capture_gives_what_its_row_expects() {
    let Some(root) = corpus() else { return };
    let table = fs::read_to_string(root.join("MANIFEST.tsv")).unwrap();
    let mut reasons = BTreeMap::<&str, usize>::new();
    let mut refused = BTreeMap::<String, usize>::new();
    let (mut files, mut entries, mut wrong) = (0, 0, Vec::new());
    for row in table.lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        let (file, expect) = (columns[0], columns[8]);
        let (result, given) = read_file(&root.join(file));
        files += 1;
        let came = match &result {
            Ok(capture) => {
                assert_eq!(given + capture.unusable.len(), capture.entries, "{file}");
                entries += given;
                for unusable in &capture.unusable {
                    *reasons.entry(unusable.problem.code()).or_default() += 1;
                }
                format!("{given} + {} unusable", capture.unusable.len())
            }
            Err(error) => {
                *refused.entry(error.code().to_owned()).or_default() += 1;
                error.to_string()
            }
        };
        println!("{file}\t{expect}\t{came}");
        if !as_expected(expect, &result) {
            wrong.push(format!("{file}: expected {expect}, came {came}"));
        }
    }
    println!(
        "{files} files, {entries} entries read, skipped by reason: {reasons:?}, files refused: {refused:?}"
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(files > 100);
}

/// What is not HAR is named for what it is.
#[test]
fn refusals_name_what_it_is() {
    let Some(root) = corpus() else { return };
    for (file, code) in [
        ("broken-json/flow-analyzer__out.har", "mitmproxy-flows"),
        ("broken-json/har__incomplete-json.har", "truncated"),
        ("broken-json/har__invalid-json.har", "not-json"),
        ("broken-json/mitmproxy__brokenfile.har", "not-json"),
        (
            "chrome-devtools/har-to-postman__noEntries.har",
            "no-entries",
        ),
        ("no-creator/har-to-k6__page.har", "no-entries"),
        ("not-a-har/har-to-postman__invalidHAR.har", "object"),
        ("not-a-har/har-to-postman__noLog.har", "object"),
        ("not-a-har/har__invalid-structure.har", "log-not-object"),
        ("not-a-har/haralyzer__single_entry.har", "entry"),
        ("not-a-har/harfile__entries.json", "array"),
        ("not-a-har/insomnia__shallow-input.json", "request"),
        ("not-a-har/mitmproxy__har_extractor.har", "object"),
        ("not-a-har/python__test.har", "log"),
        ("not-a-har/templates__18comic.har", "array"),
        ("polly-js/cody__configuration__recording.har.yaml", "yaml"),
    ] {
        assert_eq!(
            read_file(&root.join(file)).0.unwrap_err().code(),
            code,
            "{file}"
        );
    }
}
