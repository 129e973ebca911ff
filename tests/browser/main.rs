//! The HTML report in a real browser: clicked, typed into, printed, read without scripts and styles,
//! audited by axe-core, and attacked.
//!
//! Needs Chromium and chromedriver, and for the audit axe-core (`HARCOV_AXE` names its
//! `axe.min.js`). Without them the test says what it leaves out; with `HARCOV_BROWSER=required`, as
//! in `.ci/run`, it fails instead.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    unreachable_pub,
    reason = "a test fails by panicking, and says what it leaves out"
)]

mod changes;
#[path = "../common/mod.rs"]
mod common;
mod driver;
mod large;
mod list;
mod live;
mod pages;
mod reading;
mod safety;
mod story;

use std::panic::{AssertUnwindSafe, catch_unwind};

use driver::Browser;
use pages::Pages;

type Check = fn(&Browser, &Pages);

const CHECKS: [(&str, Check); 22] = [
    ("search", list::search),
    ("chips and their counts", list::chips),
    ("hiding and ungrouping", list::hide_and_flatten),
    ("sorting", list::sort),
    ("state in the address", list::address),
    ("deep links", list::deep_links),
    ("copying", list::copying),
    ("checklist", list::checklist),
    ("keyboard only", list::keyboard),
    ("a thousand endpoints", large::thousand),
    ("ten thousand endpoints", large::ten_thousand),
    ("the page of a diff", changes::list),
    ("the story", story::story),
    ("what changed since", story::since),
    ("the served page", live::served),
    ("theme", reading::theme),
    ("printing", reading::printing),
    ("without scripts", reading::without_scripts),
    ("without styles", reading::without_styles),
    ("every width", reading::widths),
    ("axe-core", reading::audit),
    ("hostile captures", safety::hostile),
];

fn required() -> bool {
    std::env::var("HARCOV_BROWSER").is_ok_and(|value| value == "required")
}

/// Leaves something out, and says so; where everything is required, fails.
fn leave_out(what: &str, why: &str) {
    assert!(!required(), "{what}: {why}");
    eprintln!("left out: {what}: {why}");
}

#[test]
fn the_page_in_a_browser() {
    let browser = match Browser::start() {
        Ok(browser) => browser,
        Err(why) => return leave_out("the HTML page in a browser", &why),
    };
    let pages = Pages::make();
    let mut failed = Vec::new();
    // `HARCOV_CHECK=search` runs those whose name holds it.
    let wanted = std::env::var("HARCOV_CHECK").unwrap_or_default();
    for (name, check) in CHECKS
        .into_iter()
        .filter(|(name, _)| name.contains(&wanted))
    {
        let start = std::time::Instant::now();
        if catch_unwind(AssertUnwindSafe(|| check(&browser, &pages))).is_err() {
            failed.push(name);
        }
        eprintln!("{name}: {} ms", start.elapsed().as_millis());
    }
    assert_eq!(failed, [""; 0]);
}
