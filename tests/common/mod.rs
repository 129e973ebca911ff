//! What the tests of the whole command line share: running it in process, and comparing outputs.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    unreachable_pub,
    reason = "each test file uses some of these, and a test fails by panicking"
)]

pub mod hostile;
pub mod served;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use harcov::cli::{Io, run};
use serde_json::Value;

/// The capture of the Chinese sample.
pub const WOMOVIE: &str = "har-samples/womovie/沃美下单用券ct.womovie.cn_2025_06_24_16_59_20.har";
/// A later capture of the Chinese sample: what a new version of the application sends.
pub const WOMOVIE_LATER: &str =
    "har-samples/womovie/later/沃美新版用券ct.womovie.cn_2025_09_16_20_14_05.har";
/// The configuration of the Chinese sample.
pub const WOMOVIE_CONFIG: &str = "har-samples/womovie/harcov.toml";
/// The capture of the English sample.
pub const BOOKSTORE: &str = "har-samples/bookstore/checkout.har";
/// The configuration of the English sample.
pub const BOOKSTORE_CONFIG: &str = "har-samples/bookstore/harcov.toml";

/// What a run left behind.
pub struct Ran {
    pub code: u8,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}", self.err))
    }

    /// The output of a run that went well and had nothing to say.
    pub fn fine(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""));
        self.out
    }
}

/// Runs harcov in process, without colour.
pub fn harcov(args: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["harcov", "--color=never"].iter().chain(args);
    let code = run(args, &mut Io::new(&mut out, &mut err));
    Ran {
        code,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

/// The JSON report of some captures under a configuration.
pub fn report(config: &str, captures: &[&str]) -> Value {
    let mut args = vec!["report", "--report", "json=-", "--config", config];
    args.extend(captures);
    let ran = harcov(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()
}

/// A folder that is gone when the test ends.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of a file in it, as an argument.
    pub fn at(&self, name: &str) -> String {
        self.path().join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file and gives its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        self.at(name)
    }

    /// Text with the folder's own path, which differs each time, replaced.
    pub fn hidden(&self, text: &str) -> String {
        text.replace(self.path().to_str().unwrap(), "DIR")
    }
}

/// Everything of a run, as one text.
pub fn transcript(args: &[&str], ran: &Ran) -> String {
    let mut text = format!("$ harcov {}\n", args.join(" "));
    for (name, stream) in [("stdout", &ran.out), ("stderr", &ran.err)] {
        if !stream.is_empty() {
            write!(text, "--- {name}\n{}\n", stream.trim_end_matches('\n')).unwrap();
        }
    }
    write!(text, "--- exit {}", ran.code).unwrap();
    text
}

/// Runs with the settings that all snapshots share: the version and what depends on it are left out.
pub fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(
        &format!("harcov {}", regex::escape(VERSION)),
        "harcov VERSION",
    );
    settings.bind(|| insta::assert_snapshot!(name, text));
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An HTML page without its style sheet, script and data, which are files of their own or what the
/// JSON report has.
pub fn without_style(page: &str) -> String {
    let mut text = page.to_owned();
    for (open, close) in [
        ("<style>", "</style>"),
        ("<script>", "</script>"),
        ("id=\"data\">", "</script>"),
    ] {
        let (head, rest) = text.split_once(open).unwrap();
        let (_, tail) = rest.split_once(close).unwrap();
        text = format!("{head}{open}{close}{tail}");
    }
    let hash = regex::Regex::new("sha256-[A-Za-z0-9+/=]*").unwrap();
    hash.replace_all(&text, "sha256-HASH").into_owned()
}

/// A sample capture as JSON.
pub fn capture(path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The entries of a capture.
pub fn entries(capture: &mut Value) -> &mut Vec<Value> {
    capture["log"]["entries"].as_array_mut().unwrap()
}

/// Every text of the value changed.
pub fn map_texts(value: &mut Value, change: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| map_texts(item, change)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| map_texts(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The first number behind `before` in the capture.
pub fn number_behind(text: &str, before: &str) -> String {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("{before}"));
    rest.trim_start_matches(|c: char| !c.is_ascii_digit())
        .chars()
        .take_while(char::is_ascii_digit)
        .collect()
}

/// The sample with each of these texts replaced wherever it stands.
pub fn replaced(pairs: &[(String, String)]) -> Value {
    let mut changed = capture(WOMOVIE);
    map_texts(&mut changed, &|text| {
        pairs
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    });
    changed
}

pub fn cinema() -> String {
    number_behind(&capture(WOMOVIE).to_string(), "/cinema/")
}

pub fn order() -> String {
    let mut capture = capture(WOMOVIE);
    let info = entries(&mut capture).iter().find_map(|entry| {
        let url = entry["request"]["url"].as_str().unwrap();
        url.contains("/order/info/")
            .then(|| number_behind(url, "order_id="))
    });
    info.unwrap()
}

/// A folder beside the repository that is not part of it, or nothing.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(name);
    path.is_dir().then_some(path)
}

/// Fails unless a value conforms to a JSON Schema.
pub fn conforms(schema: &Value, value: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
