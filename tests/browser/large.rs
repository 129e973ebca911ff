//! Large pages: how many bytes, and how long until something can be done.

use crate::driver::Browser;
use crate::pages::Pages;

pub fn thousand(browser: &Browser, pages: &Pages) {
    let page = pages.text("many.html");
    let one = pages.text("one.html");
    browser.open(&pages.many);
    let rows = browser.number("document.querySelectorAll('.endpoint').length");
    assert!(rows > 700, "{rows}");
    let each = (page.len() - one.len()) / usize::try_from(rows).unwrap();
    eprintln!(
        "a page of one endpoint has {} bytes, and {each} for each further",
        one.len()
    );
    assert!(one.len() <= 60 * 1024, "{}", one.len());
    assert!(each <= 5 * 1024, "{each}");

    let took = browser.eval(
        "(() => { const start = performance.now(); const input = document.querySelector('#controls input');
           for (const text of ['orders', 'orders li', '']) { input.value = text; input.dispatchEvent(new Event('input')); document.body.offsetHeight; }
           return performance.now() - start; })()",
    );
    eprintln!("three searches: {took} ms");
    assert!(took.as_f64().unwrap() < 10_000.0, "{took}");
    // Details are text until they are opened.
    let last = "[...document.querySelectorAll('.endpoint')].at(-1)";
    assert_eq!(
        browser.number(&format!("{last}.querySelectorAll('dl').length")),
        0
    );
    browser.run(&format!(
        "const row = {last}; row.scrollIntoView(); row.querySelector('summary').click();"
    ));
    browser.wait(&format!("{last}.querySelector('dl')?.checkVisibility()"));
    // Long lists are folded, and unfold for an address inside.
    let last = browser.text("[...document.querySelectorAll('.module')].at(-1).id");
    let module = format!("document.getElementById('{last}')");
    assert_eq!(browser.eval(&format!("{module}.checkVisibility()")), false);
    browser.open(&format!("{}#{last}", pages.many));
    browser.wait(&format!("{module}.checkVisibility()"));
    browser.wait(&format!("{module}.getBoundingClientRect().top < 500"));
    let anchor = browser
        .text("[...document.querySelectorAll('.endpoint')].at(500).querySelector('.body').id");
    browser.open(&format!("{}#{anchor}", pages.many));
    browser.wait(&format!(
        "document.getElementById('{anchor}').querySelector('.params')?.checkVisibility()"
    ));
}

/// The page of a thousand endpoints with its rows so often that they are more than ten thousand: the
/// script does not know that some are alike.
fn repeated(page: &str) -> String {
    const TIMES: usize = 13;
    let between = |open: &str, close: &str| {
        let start = page.find(open).unwrap();
        let end = start + page[start..].find(close).unwrap();
        (start, end)
    };
    let (first, last) = between("<div class=\"group\"", "</div>\n<p id=\"nothing\"");
    let (data, end) = between("\"rows\":[\n", "\n]");
    let data = data + "\"rows\":[\n".len();
    let rows = vec![&page[data..end]; TIMES].join(",\n");
    [
        &page[..first],
        &page[first..last].repeat(TIMES),
        &page[last..data],
        &rows,
        &page[end..],
    ]
    .concat()
}

pub fn ten_thousand(browser: &Browser, pages: &Pages) {
    let large = pages.add("large.html", &repeated(&pages.text("many.html")));
    let start = std::time::Instant::now();
    browser.open(&large);
    browser.wait("document.querySelector('.chip')");
    let opened = start.elapsed();
    let rows = browser.number("document.querySelectorAll('.row').length");
    assert!(rows > 10_000, "{rows}");
    let took = browser.number(
        "(() => { const start = performance.now(); const input = document.querySelector('#controls input');
           for (const text of ['orders', 'zzz', '']) { input.value = text; input.dispatchEvent(new Event('input')); document.body.offsetHeight; }
           document.querySelector('.chip').click(); document.body.offsetHeight;
           return Math.round(performance.now() - start); })()",
    );
    eprintln!(
        "{rows} rows: open after {} ms, four choices in {took} ms",
        opened.as_millis()
    );
    // Generous: what takes time here is a machine that does much else.
    assert!(opened.as_secs() < 60, "{opened:?}");
    assert!(took < 20_000, "{took}");
    browser.open("about:blank");
}
