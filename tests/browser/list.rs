//! The list of endpoints: found, chosen, sorted, opened, copied.

use std::path::Path;

use serde_json::json;

use crate::driver::{Browser, ENTER, ESCAPE, TAB};
use crate::pages::Pages;

const SHOWN: &str =
    "[...document.querySelectorAll('.row')].filter(row => row.checkVisibility()).length";
pub const CHANGE: &str = "endpoint-post-ticket-wmyc-cinema-cinema-id-order-change";

pub fn shown(browser: &Browser) -> i64 {
    browser.number(SHOWN)
}

/// Types into the search field.
pub fn search_for(browser: &Browser, text: &str) {
    browser.click("#controls input");
    browser.keys(text);
}

/// Clicks the button or chip that says this.
pub fn press(browser: &Browser, label: &str) {
    let label = serde_json::to_string(label).unwrap();
    browser.run(&format!(
        "const all = [...document.querySelectorAll('button')];
         const button = all.find(one => one.checkVisibility() && one.textContent.trim().startsWith({label}));
         button.scrollIntoView({{ block: 'center' }}); button.click();"
    ));
}

pub fn count_of(browser: &Browser, chip: &str) -> i64 {
    let chip = serde_json::to_string(chip).unwrap();
    browser.number(&format!(
        "Number([...document.querySelectorAll('.chip')].find(one => one.textContent.includes({chip})).querySelector('b').textContent)"
    ))
}

fn is_pressed(browser: &Browser, label: &str) -> bool {
    let label = serde_json::to_string(label).unwrap();
    browser.eval(&format!(
        "[...document.querySelectorAll('[aria-pressed]')].find(one => one.textContent.includes({label})).getAttribute('aria-pressed') === 'true'"
    )) == json!(true)
}

pub fn search(browser: &Browser, pages: &Pages) {
    browser.open(&pages.english);
    assert_eq!(shown(browser), 17);
    search_for(browser, "sublists order");
    assert_eq!(shown(browser), 1);
    assert_eq!(
        browser.text("document.querySelector('.search .count').textContent"),
        "1 of 17 endpoints"
    );
    assert_eq!(count_of(browser, "Missing"), 1);
    assert_eq!(count_of(browser, "Implemented"), 0);
    assert!(browser.number("CSS.highlights.get('found').size") >= 2);
    browser.keys(ESCAPE);
    browser.keys(ESCAPE);
    assert_eq!(shown(browser), 17);
    // A field of a response, which the closed row does not show.
    search_for(browser, "nonce_str");
    assert_eq!(shown(browser), 1);
    search_for(browser, "zzz");
    assert_eq!(shown(browser), 0);
    assert!(
        browser
            .text("document.querySelector('#nothing').innerText")
            .contains("No endpoint fits")
    );
    press(browser, "Clear");
    assert_eq!(shown(browser), 17);
}

pub fn chips(browser: &Browser, pages: &Pages) {
    browser.open(&pages.english);
    assert_eq!(
        (count_of(browser, "Missing"), count_of(browser, "POST")),
        (8, 6)
    );
    press(browser, "✕ Missing");
    assert_eq!(shown(browser), 8);
    assert!(is_pressed(browser, "Missing"));
    // A count is what choosing the value would show: other statuses keep theirs.
    assert_eq!(count_of(browser, "Partial"), 2);
    let posts = count_of(browser, "POST");
    press(browser, "POST");
    assert_eq!(shown(browser), posts);
    press(browser, "◐ Partial");
    assert_eq!(shown(browser), posts + 2);
    press(browser, "Clear");
    press(browser, "Voucher pricing");
    assert_eq!(shown(browser), 1);
    // Groups without a row are gone.
    assert_eq!(
        browser.number("[...document.querySelectorAll('.list > .group')].filter(one => one.checkVisibility()).length"),
        1
    );
}

pub fn hide_and_flatten(browser: &Browser, pages: &Pages) {
    browser.open(&pages.english);
    press(browser, "Hide implemented");
    assert_eq!(shown(browser), 12);
    press(browser, "Without groups");
    assert_eq!(
        browser.number("document.querySelectorAll('#flat .endpoint').length"),
        17
    );
    press(browser, "Hide implemented");
    press(browser, "Without groups");
    assert_eq!(
        browser.number("document.querySelectorAll('#flat .endpoint').length"),
        0
    );
    assert_eq!(shown(browser), 17);
}

/// The numbers of requests, row by row, within the first group or all.
fn requests(browser: &Browser, within: &str) -> Vec<i64> {
    let counts = browser.eval(&format!(
        "[...document.querySelectorAll('{within} .endpoint summary .count')].map(one => parseInt(one.textContent))"
    ));
    let counts = counts.as_array().unwrap().iter();
    counts.map(|count| count.as_i64().unwrap()).collect()
}

pub fn sort(browser: &Browser, pages: &Pages) {
    browser.open(&pages.english);
    let sorted = "document.querySelector('.heads [aria-sort]')";
    assert!(browser.eval(sorted).is_null());
    let before = requests(browser, "");
    browser.click(".heads .count button");
    assert_eq!(
        browser.text(&format!("{sorted}.getAttribute('aria-sort')")),
        "descending"
    );
    assert_eq!(browser.text(&format!("{sorted}.textContent")), "Requests");
    press(browser, "Without groups");
    let falling = requests(browser, "#flat");
    assert!(
        falling.is_sorted_by(|a, b| a >= b) && falling[0] > falling[16],
        "{falling:?}"
    );
    browser.click(".heads .count button");
    assert_eq!(
        browser.text(&format!("{sorted}.getAttribute('aria-sort')")),
        "ascending"
    );
    assert!(requests(browser, "#flat").is_sorted());
    press(browser, "Without groups");
    browser.click(".heads .count button");
    assert!(browser.eval(sorted).is_null());
    assert_eq!(requests(browser, ""), before);
    // By priority: what is most urgent first.
    browser.click(".heads .level button");
    press(browser, "Without groups");
    assert!(
        browser
            .text("document.querySelector('#flat .level').textContent")
            .contains("High")
    );
}

pub fn address(browser: &Browser, pages: &Pages) {
    browser.open(&pages.english);
    press(browser, "✕ Missing");
    press(browser, "POST");
    assert!(browser.text("location.hash").contains("status=missing"));
    let both = shown(browser);
    assert!(both < 8);
    browser.back();
    browser.wait("!location.hash.includes('POST')");
    assert_eq!(shown(browser), 8);
    assert!(!is_pressed(browser, "POST"));
    browser.back();
    browser.wait("location.hash === ''");
    assert_eq!(shown(browser), 17);
    // Typing is one step, whatever its length.
    search_for(browser, "order");
    browser.back();
    browser.wait("location.hash === ''");
    assert_eq!(shown(browser), 17);
    // An address that somebody sent.
    let shared = format!(
        "{}#?status=missing&method=POST&sort=-requests&flat=1&unknown=1&status=nope",
        pages.english
    );
    browser.open(&shared);
    assert_eq!(shown(browser), both);
    assert_eq!(
        browser.text("document.querySelector('.heads [aria-sort]').textContent"),
        "Requests"
    );
}

pub fn deep_links(browser: &Browser, pages: &Pages) {
    browser.open(&format!("{}#{CHANGE}", pages.english));
    let open = format!("document.getElementById('{CHANGE}').closest('details').open");
    browser.wait(&open);
    browser.wait(&format!(
        "document.getElementById('{CHANGE}').getBoundingClientRect().top < innerHeight"
    ));
    // From another part of the page, although it was filtered away.
    browser.open(&pages.english);
    search_for(browser, "zzz");
    browser.keys(ESCAPE);
    browser.run(&format!("document.querySelector('#gaps a[href=\"#{CHANGE}\"], #order a[href=\"#{CHANGE}\"]').click()"));
    browser.wait(&open);
    assert_eq!(shown(browser), 17);
    browser.open(&format!("{}#{}", pages.chinese, "module-券价格计算"));
    browser.wait(
        "document.getElementById('module-券价格计算').getBoundingClientRect().top < innerHeight",
    );
    browser.open(&format!("{}#flow-paying", pages.english));
    browser
        .wait("document.getElementById('flow-paying').getBoundingClientRect().top < innerHeight");
}

/// What a button of an endpoint copies.
pub fn copied(browser: &Browser, button: &str) -> String {
    browser.run("navigator.clipboard.writeText = async text => { window.copied = text; }; window.copied = '';");
    press(browser, button);
    browser.wait("window.copied !== ''");
    browser.text("window.copied")
}

pub fn copying(browser: &Browser, pages: &Pages) {
    browser.open(&format!("{}#{CHANGE}", pages.english));
    browser.wait("document.querySelector('.actions')?.checkVisibility()");
    let curl = copied(browser, "Copy as cURL");
    let expected = "curl -X POST 'https://ct.womovie.cn/ticket/wmyc/cinema/<cinema_id>/order/change/' \\\n  --data-urlencode 'order_id=<order_id>' \\\n  --data-urlencode 'pay_type=MEMBER_CARD'";
    assert!(curl.starts_with(expected), "{curl}");
    browser.wait("document.querySelector('.toast').textContent === 'Copied'");
    let entry = copied(browser, "Copy manifest entry");
    let manifest = harcov::manifest::parse(&entry, Path::new("manifest.toml")).unwrap();
    assert_eq!(manifest.claims[0].method, "POST");
    assert_eq!(
        copied(browser, "Copy Markdown row"),
        "| `POST /ticket/wmyc/cinema/<cinema_id>/order/change/` | Partial | Medium | 2 |"
    );
    assert_eq!(
        copied(browser, "Copy link"),
        format!("{}#{CHANGE}", pages.english)
    );
    let evidence = "document.querySelector('.endpoint [open] a[href^=https]').href";
    assert_eq!(
        browser.text(evidence),
        "https://git.example/r/client/womovie.py#L45"
    );

    // Strings of a capture stay strings in a shell and in TOML.
    browser.open(&pages.hostile);
    browser
        .run("navigator.clipboard.writeText = async text => { (window.all ??= []).push(text); };");
    press(browser, "Open all");
    browser.run("for (const one of document.querySelectorAll('.body > .actions')) { one.children[0].click(); one.children[1].click(); }");
    let rows = browser.number("document.querySelectorAll('.endpoint').length");
    browser.wait(&format!("window.all.length === {}", rows * 2));
    let all = browser.eval("window.all");
    for pair in all.as_array().unwrap().chunks(2) {
        let (curl, entry) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        assert_quoted(curl);
        entry.parse::<toml::Table>().unwrap();
    }
}

/// Nothing of a command stands outside of quotes but the words that the page writes.
fn assert_quoted(command: &str) {
    let mut outside = String::new();
    // How a quote stands inside quotes.
    for (at, part) in command.replace("'\\''", "").split('\'').enumerate() {
        if at % 2 == 0 {
            outside.push_str(part);
            outside.push(' ');
        }
    }
    for word in outside.split_whitespace() {
        let known = ["curl", "-X", "-H", "-F", "--data", "--data-urlencode", "\\"];
        let is_method = word.chars().all(|c| c.is_ascii_uppercase());
        assert!(known.contains(&word) || is_method, "{word} in {command}");
    }
}

pub fn checklist(browser: &Browser, pages: &Pages) {
    browser.open(&pages.english);
    let issue = copied(browser, "Copy as issue");
    assert!(
        issue.starts_with("## Voucher pricing\n\n**Priority:** High\n"),
        "{issue}"
    );
    assert!(
        issue.contains("- [ ] `POST /ticket/wmyc/cinema/<cinema_id>/order/voucher/price/`"),
        "{issue}"
    );
    let all = copied(browser, "Copy all as Markdown issues");
    assert_eq!(all.matches("\n## ").count() + 1, 10);
    browser.click(".issues input");
    assert_eq!(
        browser.text("document.querySelector('#order .count').textContent"),
        "1 of 10 done"
    );
    assert!(!copied(browser, "Copy what is not ticked").contains("## Voucher pricing"));
    browser.reload();
    assert_eq!(
        browser.eval("document.querySelector('.issues input').checked"),
        json!(true)
    );
    browser.click(".issues input");
}

pub fn keyboard(browser: &Browser, pages: &Pages) {
    browser.open(&pages.english);
    browser.keys(TAB);
    assert_eq!(browser.text("document.activeElement.className"), "skip");
    browser.keys("/");
    browser.keys("payment");
    browser.keys(ESCAPE);
    let found = shown(browser);
    assert!(found < 17);
    browser.keys("j");
    assert_eq!(browser.text("document.activeElement.tagName"), "SUMMARY");
    browser.keys(ENTER);
    let open = "document.querySelectorAll('.endpoint [open]').length";
    browser.wait(&format!("{open} === 1"));
    browser.keys("o");
    browser.wait(&format!("{open} === 0"));
    browser.keys("e");
    browser.wait(&format!("{open} === {found}"));
    browser.keys("e");
    browser.keys(ESCAPE);
    assert_eq!(shown(browser), 17);
    browser.run("document.activeElement.blur();");
    browser.keys("jjk");
    let first =
        "document.activeElement.closest('.endpoint') === document.querySelector('.endpoint')";
    assert_eq!(browser.eval(first), json!(true));
    browser.keys("i");
    assert_eq!(shown(browser), 12);
    browser.keys("i");
    browser.keys("?");
    browser.wait("document.querySelector('dialog').open");
    browser.keys(ESCAPE);
    browser.wait("!document.querySelector('dialog').open");
    // Single keys can be switched off, for those who speak to their computer.
    browser.keys("?");
    browser.click("dialog input");
    browser.keys(ESCAPE);
    browser.keys("i");
    assert_eq!(shown(browser), 17);
    browser.click("#tools button:last-child");
    browser.click("dialog input");
    browser.keys(ESCAPE);
}
