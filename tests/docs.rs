//! The book in `docs/`: its reference is what the program says, and its examples run.
//!
//! `INSTA_UPDATE=always cargo test --test docs` writes the reference anew.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it leaves out"
)]

#[path = "docs/examples.rs"]
mod examples;
#[path = "docs/reference.rs"]
mod reference;

use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The pages of the book by their paths below `docs/src`, in the order of its contents.
fn pages() -> Vec<String> {
    let contents = read("docs/src/SUMMARY.md");
    let links = contents.split("](").skip(1);
    links
        .map(|link| link.split(')').next().unwrap().to_owned())
        .collect()
}

fn read(name: &str) -> String {
    let text = std::fs::read_to_string(Path::new(ROOT).join(name)).unwrap();
    text.replace("\r\n", "\n")
}

/// Every Markdown file below a folder.
fn markdown(folder: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    let files = files.map(|file| file.unwrap().into_path());
    files
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect()
}

#[test]
fn every_page_is_in_the_contents() {
    let source = Path::new(ROOT).join("docs/src");
    let mut listed: Vec<PathBuf> = pages().iter().map(|page| source.join(page)).collect();
    listed.push(source.join("SUMMARY.md"));
    listed.sort();
    let mut there = markdown(&source);
    there.sort();
    assert_eq!(listed, there);
}

#[test]
fn links_lead_somewhere() {
    for page in pages() {
        let path = Path::new(ROOT).join("docs/src").join(&page);
        let text = read(&format!("docs/src/{page}"));
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            if target.is_empty() || target.starts_with("https://") {
                continue;
            }
            let there = path.parent().unwrap().join(target);
            assert!(there.exists(), "{page}: {target}");
        }
    }
}

/// The TOML blocks of a text.
fn toml_blocks(text: &str) -> Vec<&str> {
    let blocks = text.split("```toml\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap())
        .collect()
}

#[test]
fn the_files_that_are_shown_are_valid() {
    let mut pages = markdown(&Path::new(ROOT).join("docs/src"));
    pages.push(Path::new(ROOT).join("README.md"));
    let mut shown = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page)
            .unwrap()
            .replace("\r\n", "\n");
        for block in toml_blocks(&text) {
            let warnings = if block.contains("[[endpoint]]") {
                harcov::manifest::parse(block, &page).map(|manifest| manifest.warnings)
            } else {
                harcov::config::parse(block, &page).map(|config| config.warnings)
            };
            assert_eq!(
                warnings.map_err(|problems| problems.to_string()),
                Ok(Vec::new())
            );
            shown += 1;
        }
    }
    assert!(shown > 6, "only {shown} files are shown");
}
