//! `Link` headers (RFC 8288): addresses and how they are related to what was answered.

use crate::value::Shape;

use super::redactor::Redactor;
use super::rules::Rules;
use super::summary::Place;

/// `<address>; name=value; …`
struct Link<'h> {
    address: &'h str,
    params: Vec<&'h str>,
}

impl Redactor<'_> {
    /// A `Link` header: its addresses are redacted as URLs, so that they are still those that later
    /// requests ask for; `None` if it is written otherwise.
    pub(super) fn links(&mut self, value: &str) -> Option<String> {
        let links: Vec<String> = parse(value)?.iter().map(|link| self.link(link)).collect();
        Some(links.join(", "))
    }

    fn link(&mut self, link: &Link<'_>) -> String {
        let mut out = format!("<{}>", self.foreign_url(link.address));
        for param in &link.params {
            out.push_str("; ");
            out.push_str(&self.link_param(param));
        }
        out
    }

    fn link_param(&mut self, param: &str) -> String {
        let Some((name, value)) = param.split_once('=') else {
            return self.plain_words(Place::Header, param);
        };
        let (name, value) = (name.trim_end(), value.trim_start());
        let shown = self.name(Place::Header, name);
        let quote = if value.starts_with('"') { "\"" } else { "" };
        let plain = value.trim_matches('"');
        let told = match name.to_ascii_lowercase().as_str() {
            "rel" | "rev" => self.relations(plain),
            "anchor" => self.foreign_url(plain),
            "type" => self.media(plain),
            _ => self.plain_words(Place::Header, plain),
        };
        format!("{shown}={quote}{told}{quote}")
    }

    /// Relations, of which several may stand in one value; those of an application's own are URLs.
    fn relations(&mut self, value: &str) -> String {
        let relations = value.split(' ').map(|relation| {
            if Rules::built_in()
                .relations
                .contains(&relation.to_ascii_lowercase())
            {
                relation.to_owned()
            } else if Shape::of(relation) == Shape::Url {
                self.foreign_url(relation)
            } else {
                self.plain_words(Place::Header, relation)
            }
        });
        relations.collect::<Vec<_>>().join(" ")
    }
}

/// The links of a header; `None` if it is not written as RFC 8288 says.
fn parse(header: &str) -> Option<Vec<Link<'_>>> {
    let mut links = Vec::new();
    let mut rest = unseparated(header);
    while !rest.is_empty() {
        let (address, behind) = rest.strip_prefix('<')?.split_once('>')?;
        let (params, behind) = behind.split_at(end_of(behind, &[',', '\n']));
        links.push(Link {
            address,
            params: params_of(params)?,
        });
        rest = unseparated(behind);
    }
    (!links.is_empty()).then_some(links)
}

fn unseparated(text: &str) -> &str {
    text.trim_start_matches(|c: char| c == ',' || c.is_whitespace())
        .trim_end()
}

/// What stands behind an address, at each semicolon.
fn params_of(text: &str) -> Option<Vec<&str>> {
    let mut params = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let behind = rest.strip_prefix(';')?;
        let (param, behind) = behind.split_at(end_of(behind, &[';']));
        if !param.trim().is_empty() {
            params.push(param.trim());
        }
        rest = behind;
    }
    Some(params)
}

/// Where one of these signs stands first outside of quotes; the text's end if none does.
fn end_of(text: &str, signs: &[char]) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => quoted = !quoted,
            _ if !quoted && signs.contains(&c) => return at,
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(header: &str) -> Option<Vec<(&str, Vec<&str>)>> {
        let links = parse(header)?;
        Some(
            links
                .into_iter()
                .map(|link| (link.address, link.params))
                .collect(),
        )
    }

    #[test]
    fn addresses_and_parameters_are_told_apart() {
        assert_eq!(
            told(
                "<https://a/x?ids=1,2;3>; rel=\"next last\"; title=\"a, b; \\\"c\\\"\" , </x>;rel=prev;"
            ),
            Some(vec![
                (
                    "https://a/x?ids=1,2;3",
                    vec!["rel=\"next last\"", "title=\"a, b; \\\"c\\\"\""]
                ),
                ("/x", vec!["rel=prev"]),
            ])
        );
        assert_eq!(
            told("</a.css>\n</b.css>"),
            Some(vec![("/a.css", vec![]), ("/b.css", vec![])])
        );
    }

    #[test]
    fn what_is_written_otherwise_is_no_link() {
        for header in ["", "next", "<https://a", "<a> rel=next", "<a>; rel=x, y"] {
            assert!(parse(header).is_none(), "{header}");
        }
    }
}
