//! The reports that all formats are tested with.

use serde_json::Value;

use crate::locale::escape;
use crate::report::Report;

/// The languages that there is a report in.
pub(super) const LANGS: [&str; 2] = ["zh-CN", "en"];

/// A report as it comes from a capture.
pub(super) fn report(lang: &str) -> Report {
    serde_json::from_value(value(lang)).unwrap()
}

fn value(lang: &str) -> Value {
    let text = match lang {
        "zh-CN" => include_str!("zh-CN.json"),
        _ => include_str!("en.json"),
    };
    serde_json::from_str(text).unwrap()
}

/// Everything that was ever used to break out of a report, in one text.
pub(super) fn attack() -> String {
    let mut text = String::from(concat!(
        "|a|b| `c` ``d`` ```\ne\r\n\r\n# f\n- g\n\n    h\n",
        "<script>alert(1)</script><img src=x onerror=alert(2)><!-- i --><b>",
        "\"'><svg/onload=alert(3)> &lt;j&gt; &#60;k&#62; {{ title }} {% if %}",
        "\u{1b}[31ml\u{1b}]8;;https://m.example\u{7} \u{9b}31m \u{202e}n",
        "[o](javascript:alert(4)) ![p](https://q.example/r.png) <https://s.example> ",
        "](javascript:alert(5)) https://t.example www.u.example v@w.example",
        "\n::set-output name=x::y\n##[set-env name=x]y ##vso[task.x]y @user #123 !45 GH-6",
        " \\| \\\\| <cinema_id> 券类型 ~~z~~ **y** _x_ \\",
    ));
    text.push_str(&"/4000".repeat(800));
    text
}

/// Names of fields whose text is Markdown, made by harcov or the user.
const PROSE: [&str; 10] = [
    "remedy",
    "reasons",
    "priority_reasons",
    "text",
    "summary",
    "hints",
    "overview",
    "note",
    "problems",
    "reason",
];

/// Names of fields whose text comes from a fixed set.
const FIXED: [&str; 8] = [
    "code",
    "fingerprint",
    "schema",
    "lang",
    "status",
    "level",
    "priority",
    "importance",
];

/// The report with an attack in every text that a capture or a config could put there.
pub(super) fn hostile(lang: &str) -> Report {
    let mut value = value(lang);
    poison("", &mut value);
    serde_json::from_value(value).unwrap()
}

/// Adds the attack to every text: as it is where the report holds data, as the locale's messages
/// would carry it where it holds prose.
fn poison(field: &str, value: &mut Value) {
    match value {
        Value::String(_) if FIXED.contains(&field) => {}
        Value::String(text) if PROSE.contains(&field) => {
            *text = format!("{text} {}", escape(&attack()));
        }
        Value::String(text) => *text = format!("{text}{}", attack()),
        Value::Array(items) => items.iter_mut().for_each(|item| poison(field, item)),
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(name, value)| poison(name, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
