//! Builds a commented TOML file, whatever its values hold.

use std::collections::BTreeMap;

use crate::locale::{Lang, visible};

/// Lists that are wider than this are written one item a line.
const MAX_WIDTH: usize = 100;

/// The texts of one file that `harcov init` writes, by key.
pub(crate) struct Comments(toml::Table);

impl Comments {
    /// The texts of a file (`config`, `manifest`) in a language; a test holds that they are there.
    pub(crate) fn new(lang: Lang, file: &str) -> Self {
        let source = match lang {
            Lang::ZhCn => include_str!("zh-CN.toml"),
            Lang::En => include_str!("en.toml"),
        };
        let tables: toml::Table = source.parse().unwrap_or_default();
        let texts = tables.get(file).and_then(toml::Value::as_table);
        Comments(texts.cloned().unwrap_or_default())
    }

    pub(crate) fn get(&self, key: &str) -> &str {
        self.0
            .get(key)
            .and_then(toml::Value::as_str)
            .unwrap_or_default()
    }

    pub(crate) fn example(&self, key: &str) -> &str {
        let examples = self.0.get("example").and_then(|table| table.get(key));
        examples.and_then(toml::Value::as_str).unwrap_or_default()
    }
}

/// A TOML file under construction.
#[derive(Default)]
pub(crate) struct TomlText(String);

impl TomlText {
    /// The line that tells editors where the file's schema is.
    pub(crate) fn schema(&mut self, place: &str) {
        self.line(&format!("#:schema {}", visible(place)));
    }

    /// A comment, line for line; what a terminal would act on is made visible.
    pub(crate) fn comment(&mut self, text: &str) {
        for line in text.lines() {
            let line = visible(line);
            self.line(format!("# {line}").trim_end());
        }
    }

    pub(crate) fn blank(&mut self) {
        self.line("");
    }

    /// Keys with values that are TOML already; their signs stand below each other.
    pub(crate) fn pairs(&mut self, pairs: &[(&str, String)]) {
        let width = pairs
            .iter()
            .map(|(key, _)| key.len())
            .max()
            .unwrap_or_default();
        for (key, value) in pairs {
            self.line(&format!("{key:width$} = {value}"));
        }
    }

    /// A table with its keys, set off from what is above.
    pub(crate) fn table(&mut self, header: &str, pairs: &[(&str, String)]) {
        self.blank();
        self.line(header);
        self.pairs(pairs);
    }

    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// A string as TOML. Marks that turn the direction of what follows are escaped, so that an editor
/// shows what is there.
pub(crate) fn string(text: &str) -> String {
    if !text.contains(turns) {
        return toml::Value::from(text).to_string();
    }
    basic(text)
}

/// A string in double quotes, with escapes.
fn basic(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || turns(c) => {
                out.extend(["\\u", &format!("{:04X}", u32::from(c))]);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Strings as a TOML list.
pub(crate) fn strings<S: AsRef<str>>(texts: &[S]) -> String {
    let items: Vec<String> = texts.iter().map(|text| string(text.as_ref())).collect();
    let line = format!("[{}]", items.join(", "));
    if line.chars().count() <= MAX_WIDTH {
        line
    } else {
        lines(&items)
    }
}

/// Items that are TOML already as a list with a line for each.
pub(crate) fn lines(items: &[String]) -> String {
    format!("[\n  {},\n]", items.join(",\n  "))
}

/// A table of strings or lists of strings in one line.
pub(crate) fn inline<V: Into<toml::Value> + Clone>(entries: &BTreeMap<String, V>) -> String {
    let pairs: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!("{} = {}", name(key), inline_value(value.clone().into())))
        .collect();
    if pairs.is_empty() {
        return "{}".to_owned();
    }
    format!("{{ {} }}", pairs.join(", "))
}

fn inline_value(value: toml::Value) -> String {
    match value {
        toml::Value::String(text) => string(&text),
        toml::Value::Array(items) => {
            let items: Vec<String> = items.into_iter().map(inline_value).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// A key as TOML: bare where it may be.
fn name(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(bare) {
        key.to_owned()
    } else {
        basic(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_text() {
        let texts = |lang: Lang| {
            let mut keys = Vec::new();
            for file in ["config", "manifest"] {
                for (key, value) in Comments::new(lang, file).0 {
                    let below = value.as_table().into_iter().flatten();
                    keys.extend(below.map(|(name, text)| {
                        assert!(!text.as_str().unwrap().is_empty());
                        format!("{file}.{key}.{name}")
                    }));
                    assert_ne!(value.as_str(), Some(""));
                    keys.push(format!("{file}.{key}"));
                }
            }
            keys
        };
        assert!(texts(Lang::En).contains(&"config.example.flow".to_owned()));
        assert_eq!(texts(Lang::En), texts(Lang::ZhCn));
    }

    #[test]
    fn examples_are_right() {
        let parse = |text: &str| crate::config::parse(text, std::path::Path::new("c")).unwrap();
        for lang in Lang::ALL {
            let comments = Comments::new(lang, "config");
            for key in ["rule", "route", "module", "flow", "finding", "priority"] {
                parse(comments.example(key));
            }
            let scope = [
                "[scope]",
                comments.example("hosts"),
                comments.example("scope"),
            ];
            assert_eq!(parse(&scope.join("\n")).scope.hosts, ["api.example.com"]);
        }
    }

    #[test]
    fn comments_hold_no_line_of_their_own() {
        let mut text = TomlText::default();
        text.comment("a\rtitle = 1\u{1b}\u{7f}\n\nb");
        assert_eq!(text.finish(), "# a␍title = 1␛␡\n#\n# b\n");
    }

    #[test]
    fn long_lists_are_broken() {
        assert_eq!(strings(&["a", "b\\d"]), "[\"a\", 'b\\d']");
        assert_eq!(strings(&["a".repeat(99)]).lines().count(), 3);
    }
}
