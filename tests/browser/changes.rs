//! The page of a diff: the same list, about changes.

use serde_json::json;

use crate::driver::{Browser, ESCAPE};
use crate::list::{copied, count_of, press, search_for, shown};
use crate::pages::Pages;

pub fn list(browser: &Browser, pages: &Pages) {
    browser.open(&pages.diff);
    assert_eq!(shown(browser), 5);
    assert_eq!(
        (count_of(browser, "Breaking"), count_of(browser, "Warnings")),
        (1, 3)
    );
    press(browser, "◆ Warnings");
    assert_eq!(shown(browser), 3);
    assert_eq!(count_of(browser, "param-new"), 1);
    assert_eq!(count_of(browser, "Order endpoints"), 1);
    press(browser, "param-new");
    assert_eq!(shown(browser), 1);
    assert!(browser.text("location.hash").contains("code=param-new"));
    press(browser, "Clear");
    search_for(browser, "coupon_scene");
    assert_eq!(shown(browser), 1);
    assert_eq!(
        browser.text("document.querySelector('.search .count').textContent"),
        "1 of 5 changes"
    );
    browser.keys(ESCAPE);
    browser.keys(ESCAPE);
    // What can be copied, by keys alone.
    browser.keys("jo");
    browser.wait("document.querySelector('.row [open] .actions')");
    let text = copied(browser, "Copy as Markdown");
    assert!(
        text.starts_with("- `GET /ticket/wmyc/cinema/<cinema_id>/order/info/`: the response field"),
        "{text}"
    );
    let rule: toml::Table = copied(browser, "Copy as ignore rule").parse().unwrap();
    assert_eq!(
        rule["diff"]["ignore"][0]["fingerprint"].as_str(),
        Some("276788e9a87a")
    );
    // Keys for what a diff has not do nothing.
    browser.keys("i");
    assert_eq!(shown(browser), 5);
    browser.click(".heads .level button");
    assert_eq!(
        browser.text("document.querySelector('.heads [aria-sort]').textContent"),
        "Kind of change"
    );
    let link = format!("{}#92388b0ed2f2", pages.diff);
    browser.open(&link);
    browser.wait("document.getElementById('92388b0ed2f2').closest('details').open");
    assert_eq!(
        browser.eval("document.querySelector('#tools').checkVisibility()"),
        json!(true)
    );
}
