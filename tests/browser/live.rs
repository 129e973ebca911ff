//! The page of `harcov serve`: it follows the files, keeps what the reader chose, and takes captures.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::common::Folder;
use crate::driver::Browser;
use crate::list::{press, shown};
use crate::pages::{Pages, many};

/// A running server; ended when dropped.
struct Served {
    process: Child,
    address: String,
}

impl Served {
    fn start(folder: &Folder) -> Served {
        let mut process = Command::new(env!("CARGO_BIN_EXE_harcov"))
            .current_dir(folder.path())
            .args(["serve", "-q"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        Served {
            process,
            address: line.trim().to_owned(),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Drops a capture on the page.
fn drop_capture(browser: &Browser, name: &str, capture: &Value) {
    let text = serde_json::to_string(&capture.to_string()).unwrap();
    browser.run(&format!(
        "const files = new DataTransfer(); files.items.add(new File([{text}], '{name}'));
         dispatchEvent(new DragEvent('dragover', {{ dataTransfer: files, cancelable: true }}));
         window.offered = !document.querySelector('.drop').hidden;
         dispatchEvent(new DragEvent('drop', {{ dataTransfer: files, cancelable: true }}));"
    ));
}

pub fn served(browser: &Browser, _: &Pages) {
    let folder = Folder::new();
    let (capture, manifest) = many(30);
    folder.file("captures/a.har", capture.to_string());
    folder.file("manifest.toml", &manifest);
    folder.file(
        "harcov.toml",
        "captures = [\"captures\"]\nmanifest = [\"manifest.toml\"]\n",
    );
    let served = Served::start(&folder);
    browser.complaints();
    browser.open(&served.address);
    let before = shown(browser);
    press(browser, "✕ Missing");
    let missing = shown(browser);
    assert!(missing < before);
    browser.run(
        "const rows = [...document.querySelectorAll('.row')].filter(row => !row.hidden);
         rows[1].querySelector('summary').click(); window.old = true;
         scrollTo({ top: 700 });",
    );
    let opened = browser.text("document.querySelector('.row details[open] .body').id");
    assert!(browser.number("Math.round(scrollY)") >= 700);
    let top = format!("document.getElementById('{opened}').getBoundingClientRect().top");
    let place = browser.number(&format!("Math.round({top})"));

    // What is wrong is told, and the report stays.
    folder.file("manifest.toml", "[[endpoint]\n");
    browser.wait("document.querySelector('[role=alert]')?.textContent.includes('manifest.toml')");
    assert_eq!(browser.eval("window.old"), json!(true));
    // One endpoint less: the page is made anew, and is where it was.
    let first = manifest.find("[[endpoint]]").unwrap();
    let second = manifest[first + 1..].find("[[endpoint]]").unwrap() + first + 1;
    folder.file("manifest.toml", &manifest[second..]);
    browser.wait("window.old === undefined && document.querySelector('.toast')?.textContent");
    assert_eq!(
        browser.text("document.querySelector('.toast').textContent"),
        "The report was made anew: files changed."
    );
    assert_eq!(
        browser.text("document.querySelector('.toast').getAttribute('role')"),
        "status"
    );
    assert_eq!(shown(browser), missing + 1);
    assert_eq!(
        browser.eval(&format!(
            "document.getElementById('{opened}').closest('details').open"
        )),
        json!(true)
    );
    // The page scrolls there once it is laid out.
    browser.wait(&format!("Math.abs({top} - {place}) <= 4"));

    // A capture that is dropped has a report at an address of its own, under the same policy.
    drop_capture(browser, "one.har", &many(1).0);
    browser
        .wait("location.pathname.includes('/dropped/') && document.querySelector('.chip, .row')");
    assert!(browser.text("document.title").starts_with("one.har"));
    let observed = "document.querySelectorAll('.endpoint:not(.unobserved)').length";
    assert_eq!(browser.number(observed), 1);
    drop_capture(browser, "broken.har", &json!("nothing"));
    browser.wait("document.querySelector('.toast').textContent.includes('broken.har')");
    let complaints = browser.complaints();
    let others = complaints.iter().filter(|line| !line.contains("422"));
    assert_eq!(others.count(), 0, "{complaints:?}");
}
