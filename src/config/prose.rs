//! Text that users write in their files, in one language or several.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use crate::locale::Lang;

/// A text for readers: one string for every language, or one for each.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use harcov::config::Prose;
/// use harcov::locale::Lang;
///
/// let both: BTreeMap<String, Prose> =
///     toml::from_str("title = { zh-CN = '券', en = 'Vouchers' }").unwrap();
/// assert_eq!(both["title"].get(Lang::ZhCn), "券");
/// assert_eq!(Prose::from("Vouchers").get(Lang::ZhCn), "Vouchers");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Plain(String),
    /// Never empty.
    ByLang(BTreeMap<Lang, String>),
}

impl Prose {
    /// The text in a language, or in another one where that is not there.
    pub fn get(&self, lang: Lang) -> &str {
        match &self.0 {
            Form::Plain(text) => text,
            Form::ByLang(texts) => texts
                .get(&lang)
                .or_else(|| texts.values().next())
                .map_or("", String::as_str),
        }
    }

    /// Whether there is nothing to read in any language.
    pub fn is_empty(&self) -> bool {
        Lang::ALL
            .iter()
            .all(|lang| self.get(*lang).trim().is_empty())
    }
}

impl From<String> for Prose {
    fn from(text: String) -> Self {
        Prose(Form::Plain(text))
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Prose(Form::Plain(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Prose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ProseVisitor)
    }
}

struct ProseVisitor;

impl<'de> Visitor<'de> for ProseVisitor {
    type Value = Prose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a table of strings by language")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Prose, E> {
        Ok(text.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Prose, A::Error> {
        let mut texts = BTreeMap::new();
        while let Some((lang, text)) = map.next_entry::<Lang, String>()? {
            texts.insert(lang, text);
        }
        if texts.is_empty() {
            return Err(de::Error::custom("no language is given"));
        }
        Ok(Prose(Form::ByLang(texts)))
    }
}

impl JsonSchema for Prose {
    fn schema_name() -> Cow<'static, str> {
        "Prose".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let languages: serde_json::Map<_, _> = Lang::ALL
            .iter()
            .map(|lang| {
                (
                    lang.tag().to_owned(),
                    json_schema!({"type": "string"}).into(),
                )
            })
            .collect();
        json_schema!({
            "description": "Text for readers: a string, or a table with one for each language.",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": languages,
                    "additionalProperties": false,
                    "minProperties": 1
                }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_falls_back_to_one_that_is_there() {
        let read = |text: &str| text.parse::<toml::Value>().unwrap().try_into::<Prose>();
        let english = read("{ en = 'Vouchers' }").unwrap();
        assert_eq!(english.get(Lang::ZhCn), "Vouchers");
        assert!(read("{}").is_err());
        assert!(read("{ fr = 'Bons' }").is_err());
        assert!(read("3").is_err());
        assert!(Prose::from(" ").is_empty());
    }
}
