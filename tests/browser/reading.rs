//! The page for every reader: in both themes, on paper, without scripts, without styles, at every
//! width, and with a screen reader.

use serde_json::json;

use crate::driver::Browser;
use crate::leave_out;
use crate::pages::Pages;

const BACKGROUND: &str = "getComputedStyle(document.body).backgroundColor";

pub fn theme(browser: &Browser, pages: &Pages) {
    let themed = |wanted: &str| {
        browser.prefer(&[("prefers-color-scheme", wanted)]);
        browser.text(BACKGROUND)
    };
    browser.open(&pages.english);
    let (light, dark) = (themed("light"), themed("dark"));
    assert_ne!(light, dark);
    browser.keys("t");
    assert_eq!(browser.text(BACKGROUND), light);
    browser.reload();
    assert_eq!(browser.text(BACKGROUND), light);
    browser.click("#tools button");
    assert_eq!(
        browser.text("document.documentElement.dataset.theme"),
        "dark"
    );
    browser.prefer(&[("prefers-color-scheme", "light")]);
    assert_eq!(browser.text(BACKGROUND), dark);
    browser.click("#tools button");
    assert_eq!(browser.text(BACKGROUND), light);
    // Nothing moves for those who do not want it.
    browser.prefer(&[("prefers-reduced-motion", "reduce")]);
    assert_eq!(
        browser.text("getComputedStyle(document.documentElement).scrollBehavior"),
        "auto"
    );
    browser.prefer(&[]);
}

pub fn printing(browser: &Browser, pages: &Pages) {
    browser.open(&pages.english);
    let closed = "document.querySelectorAll('details:not([open])').length";
    let before = browser.number(closed);
    assert!(before >= 17);
    browser.run(
        "addEventListener('beforeprint', () => { window.left = document.querySelectorAll('details:not([open])').length; });",
    );
    let paper = browser.print();
    assert_eq!(browser.number("window.left"), 0);
    assert_eq!(browser.number(closed), before);
    assert!(paper.len() > 100_000, "{}", paper.len());
    // What details have is on paper, and what only a screen can use is not.
    browser.cdp("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    for selector in ["nav", "#controls > *", "#tools", ".heads"] {
        let shown = format!("document.querySelector('{selector}').checkVisibility()");
        assert_eq!(browser.eval(&shown), json!(false), "{selector}");
    }
    browser.cdp("Emulation.setEmulatedMedia", &json!({ "media": "" }));
}

pub fn without_scripts(browser: &Browser, pages: &Pages) {
    /// Lets scripts run again, however the check ends.
    struct Allowed<'b>(&'b Browser);
    impl Drop for Allowed<'_> {
        fn drop(&mut self) {
            let scripts = json!({ "value": false });
            self.0.cdp("Emulation.setScriptExecutionDisabled", &scripts);
        }
    }
    let _allowed = Allowed(browser);
    browser.cdp(
        "Emulation.setScriptExecutionDisabled",
        &json!({ "value": true }),
    );
    browser.open(&pages.english);
    // Nothing that needs the script is offered, and details open by themselves.
    for selector in ["#tools", "#controls"] {
        assert_eq!(
            browser.eval(&format!(
                "document.querySelector('{selector}').checkVisibility()"
            )),
            json!(false)
        );
    }
    browser.click(".endpoint summary");
    assert_eq!(
        browser.eval("document.querySelector('.endpoint dl').checkVisibility()"),
        json!(true)
    );
    let anchor = "endpoint-post-ticket-wmyc-cinema-cinema-id-order-change";
    browser.open(&format!("{}#{anchor}", pages.english));
    browser.wait(&format!(
        "document.getElementById('{anchor}').closest('details').open"
    ));
    // Large pages, too.
    browser.open(&pages.many);
    browser.click(".endpoint summary");
    assert_eq!(
        browser.eval("document.querySelector('.endpoint dl').checkVisibility()"),
        json!(true)
    );
    browser.cdp(
        "Emulation.setScriptExecutionDisabled",
        &json!({ "value": false }),
    );
}

pub fn without_styles(browser: &Browser, pages: &Pages) {
    let page = pages.text("english.html");
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    browser.open(&pages.add("plain.html", &format!("{head}{body}")));
    let outline =
        browser.eval("[...document.querySelectorAll('h1, h2')].map(one => one.textContent)");
    let outline: Vec<&str> = outline
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|h| h.as_str())
        .collect();
    assert_eq!(
        outline[..3],
        [
            "Womovie ticket system: HAR analysis report",
            "Overview",
            "Endpoints by group"
        ]
    );
    let text = browser.text("document.querySelector('main').innerText");
    // Status is a word, and words are apart.
    for line in [
        "29.4%",
        "5 of 17 endpoints implemented",
        "POST/ticket/wmyc/cinema/<cinema_id>/order/change/ Change the order◆ Medium priority◐ Partial2 requests",
    ] {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        assert!(plain(&text).contains(&plain(line)), "{line}");
    }
}

pub fn widths(browser: &Browser, pages: &Pages) {
    for page in [
        &pages.english,
        &pages.chinese,
        &pages.many,
        &pages.one,
        &pages.hostile,
        &pages.since,
        &pages.diff,
        &pages.diff_hostile,
    ] {
        let few: &[u32] = if page == &pages.many {
            &[375]
        } else {
            &[1440, 1100, 768, 375, 320]
        };
        browser.resize(few[0], 900);
        browser.open(page);
        for &width in few {
            browser.resize(width, 900);
            if page == &pages.english && width > 320 {
                // Phones ask for the filters; elsewhere there is room for them.
                let chips = "document.querySelector('.chip').checkVisibility()";
                browser.wait(&format!("{chips} === {}", width > 576));
            }
            browser.run("for (const details of [...document.querySelectorAll('details')].slice(0, 25)) details.open = true;");
            let over = browser.text(
                "(document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')])
                   .filter(one => one.getBoundingClientRect().right > innerWidth)
                   .map(one => one.outerHTML.slice(0, 200)).at(-1) ?? ''",
            );
            assert_eq!(over, "", "{page} at {width} is too wide");
        }
    }
    browser.cdp("Emulation.clearDeviceMetricsOverride", &json!({}));
}

pub fn audit(browser: &Browser, pages: &Pages) {
    let Some(axe) = std::env::var_os("HARCOV_AXE") else {
        return leave_out("axe-core", "HARCOV_AXE does not name its axe.min.js");
    };
    let axe = std::fs::read_to_string(axe).unwrap();
    let mut violations = Vec::new();
    // Each language in each theme, each theme at each width.
    for (page, theme, width) in [
        (&pages.english, "light", 1280),
        (&pages.english, "dark", 375),
        (&pages.chinese, "light", 375),
        (&pages.chinese, "dark", 1280),
        (&pages.since, "light", 375),
        (&pages.diff, "light", 375),
        (&pages.diff_chinese, "dark", 1280),
    ] {
        browser.prefer(&[("prefers-color-scheme", theme)]);
        browser.resize(width, 900);
        browser.open(page);
        browser.run("for (const details of [...document.querySelectorAll('details')].slice(0, 8)) details.open = true;");
        browser.run(&axe);
        let found = browser.run(
            "return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
               .then(result => result.violations.map(one => one.id + ' ' + one.nodes.length + ' ' + one.nodes[0].html));",
        );
        let found = found.as_array().unwrap().iter();
        violations.extend(found.map(|one| format!("{page} {theme} {width}: {one}")));
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    browser.prefer(&[]);
    browser.cdp("Emulation.clearDeviceMetricsOverride", &json!({}));
}
