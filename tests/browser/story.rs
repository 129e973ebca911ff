//! The story in the page: lineage, polls and roles; and what changed since.

use serde_json::json;

use crate::driver::Browser;
use crate::list::CHANGE;
use crate::pages::Pages;

/// How visible what a step takes and gives is.
const VALUES: &str = "[...document.querySelectorAll('.step .value')].filter(one => getComputedStyle(one).opacity !== '0').length";

/// An endpoint whose list is read in pieces.
const PAGED: &str = "endpoint-get-ticket-wmyc-cinema-cinema-id-user-vouchers-page";

pub fn story(browser: &Browser, pages: &Pages) {
    browser.prefer(&[("prefers-reduced-motion", "reduce")]);
    // On narrow windows flows are lists, which say the same.
    browser.resize(1280, 900);
    browser.open(&pages.english);
    assert_eq!(browser.number(VALUES), 0);
    // By keys: a step shows where its values come from, in words.
    browser.run("document.querySelector('.step:has(.value) a').focus();");
    browser.wait(&format!("{VALUES} > 0"));
    let told = browser.text("document.querySelector('.step:focus-within .value text').textContent");
    assert!(told.contains(" ← "), "{told}");
    // A loop of calls is one step, with how often, how fast and to what end.
    let polls = browser.text("document.querySelector('#flows').textContent");
    assert!(polls.contains('↻') && polls.contains("every"), "{polls}");
    // A flow that nobody declared has an address, and the endpoint says where in it it is.
    browser.open(&format!("{}#observed-1", pages.english));
    browser.wait("document.getElementById('observed-1').getBoundingClientRect().top < 400");
    let observed = "document.querySelectorAll('.flow.seen')";
    assert_eq!(browser.number(&format!("{observed}.length")), 1);
    let told = browser.text(&format!("{observed}[0].querySelector('svg').textContent"));
    assert!(told.contains("optional · up to 4 times"), "{told}");
    assert!(
        told.contains("PROCESSING → SUCCESS · reaches data.status=SUCCESS"),
        "{told}"
    );
    browser.open(&format!("{}#{PAGED}", pages.english));
    browser.wait("document.querySelector('.row [open] .actions')");
    let body = browser.text("document.querySelector('.row [open] .body').innerText");
    assert!(body.contains("Observed flow 1 (step 12)"), "{body}");
    assert!(
        body.contains("page number page_index query · 2 requests"),
        "{body}"
    );
    // Roles of an endpoint, each with its status; where its values come from.
    browser.open(&format!("{}#{CHANGE}", pages.english));
    browser.wait("document.querySelector('.row [open] .roles')");
    assert!(browser.number("document.querySelectorAll('.row [open] .roles .badge').length") >= 2);
    let body = browser.text("document.querySelector('.row [open] .body').innerText");
    assert!(body.contains("Sends values of"), "{body}");
    browser.prefer(&[]);
    browser.cdp("Emulation.clearDeviceMetricsOverride", &json!({}));
}

pub fn since(browser: &Browser, pages: &Pages) {
    browser.open(&pages.since);
    let trend = browser.text("document.querySelector('.trend').getAttribute('aria-label')");
    assert!(trend.contains("of 17") && trend.contains("now"), "{trend}");
    assert_eq!(
        browser.number("document.querySelectorAll('.trend .dot').length"),
        3
    );
    browser.click(".since dd a");
    browser.wait("document.querySelector('.row [open] .actions')");
}
