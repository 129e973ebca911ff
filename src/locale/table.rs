//! The tables of texts, embedded, a file for each topic and language.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::Lang;
use super::message::{Arg, Joints, fill};

/// The files of one language, a topic each. No key stands in two of them.
fn sources(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::ZhCn => &[
            include_str!("zh-CN/formats.toml"),
            include_str!("zh-CN/against.toml"),
            include_str!("zh-CN/diff.toml"),
            include_str!("zh-CN/gaps.toml"),
            include_str!("zh-CN/gate.toml"),
            include_str!("zh-CN/flow.toml"),
            include_str!("zh-CN/labels.toml"),
            include_str!("zh-CN/messages.toml"),
            include_str!("zh-CN/nouns.toml"),
            include_str!("zh-CN/page.toml"),
            include_str!("zh-CN/since.toml"),
        ],
        Lang::En => &[
            include_str!("en/formats.toml"),
            include_str!("en/against.toml"),
            include_str!("en/diff.toml"),
            include_str!("en/gaps.toml"),
            include_str!("en/gate.toml"),
            include_str!("en/flow.toml"),
            include_str!("en/labels.toml"),
            include_str!("en/messages.toml"),
            include_str!("en/nouns.toml"),
            include_str!("en/page.toml"),
            include_str!("en/since.toml"),
        ],
    }
}

/// The texts of one language by dotted key (`status.partial`).
#[derive(Debug)]
pub struct Locale {
    lang: Lang,
    texts: BTreeMap<String, Cow<'static, str>>,
}

impl Locale {
    /// The texts of a language; read once.
    pub fn new(lang: Lang) -> &'static Locale {
        static TABLES: [OnceLock<Locale>; Lang::ALL.len()] =
            [const { OnceLock::new() }; Lang::ALL.len()];
        TABLES[lang as usize].get_or_init(|| Locale::read(lang))
    }

    /// Reads the embedded files; a test holds that they are right.
    fn read(lang: Lang) -> Locale {
        let mut texts = BTreeMap::new();
        for source in sources(lang) {
            read_texts(source, &mut texts);
        }
        Locale { lang, texts }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether there is a text under this key.
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// The text under a key, placeholders and all.
    ///
    /// Tests hold that every key that the code names exists in every language; a key that does
    /// not is answered by itself.
    ///
    /// ```
    /// use harcov::locale::{Lang, Locale};
    ///
    /// assert_eq!(Locale::new(Lang::ZhCn).get("status.partial"), "部分实现");
    /// ```
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, AsRef::as_ref)
    }

    /// The text under a key with its placeholders filled, as Markdown.
    ///
    /// In Chinese, a space is put where an argument meets the text around it, if one is Chinese and
    /// the other Latin letters, digits or code; what the argument holds stays as it is.
    pub fn format(&self, key: &str, args: &[(&str, Arg)]) -> String {
        let joints = Joints {
            separator: self.get("list.separator"),
            last: self.get("list.last"),
            spaced: self.lang == Lang::ZhCn,
        };
        let is_word = |(_, arg): &(&str, Arg)| matches!(arg, Arg::Word(..));
        if !args.iter().any(is_word) {
            return fill(self.get(key), args, joints);
        }
        let said = args.iter().map(|(name, arg)| match arg {
            Arg::Word(table, word) => {
                let word = format!("{table}.{word}");
                (*name, Arg::Markdown(self.get(&word).to_owned()))
            }
            arg => (*name, arg.clone()),
        });
        fill(self.get(key), &said.collect::<Vec<_>>(), joints)
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }
}

/// Reads a file of texts into dotted keys, a line each.
///
/// These files are read at each start, so they keep to the part of TOML that needs no parser: headers
/// of tables, lines of `key = "text"`, comments on lines of their own. A test holds that they are read
/// as a TOML parser would.
fn read_texts(source: &'static str, texts: &mut BTreeMap<String, Cow<'static, str>>) {
    let mut table = "";
    for line in source.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            table = header.strip_suffix(']').unwrap_or(header);
        } else if let Some((name, text)) = line.split_once('=')
            && !line.starts_with('#')
        {
            let name = name.trim_end();
            let key = if table.is_empty() {
                name.to_owned()
            } else {
                [table, ".", name].concat()
            };
            texts.insert(key, unquoted(text.trim_start()));
        }
    }
}

/// The text of a basic string, whose escapes are those of JSON.
fn unquoted(quoted: &'static str) -> Cow<'static, str> {
    if quoted.contains('\\') {
        return Cow::Owned(serde_json::from_str(quoted).unwrap_or_default());
    }
    let inner = quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"'));
    Cow::Borrowed(inner.unwrap_or_default())
}

#[cfg(test)]
mod tests;
