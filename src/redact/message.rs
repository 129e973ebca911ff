//! Headers, cookies and the other lists of names and values.

use crate::capture::Node;
use crate::value::{Segment, Sensitive, Shape, Tokens, Way, holds_value};

use super::redactor::{At, Redactor};
use super::rules::Rules;
use super::summary::Place;

impl Redactor<'_> {
    /// Gives each name and value of a list, written as objects with `name` and `value` or as one object,
    /// to `each`, which gives the new value; other members of the objects go to `other`.
    pub(super) fn list(
        &mut self,
        node: &mut Node,
        place: Place,
        each: fn(&mut Self, &str, &str) -> String,
    ) {
        match node {
            Node::Object(members) => {
                for (name, value) in members {
                    self.list_value(value, name, each);
                    *name = self.name(place, name);
                }
            }
            Node::Array(items) => {
                for item in items {
                    self.list_item(item, place, each);
                }
            }
            other => *other = Node::null(),
        }
    }

    fn list_item(
        &mut self,
        item: &mut Node,
        place: Place,
        each: fn(&mut Self, &str, &str) -> String,
    ) {
        let name = match item.get("name") {
            Some(Node::Text(text) | Node::Bare(text)) => text.clone(),
            _ => String::new(),
        };
        let Node::Object(members) = item else {
            *item = Node::null();
            return;
        };
        for (key, node) in members {
            match key.as_str() {
                "name" => {
                    if let Node::Text(text) = node {
                        *text = self.name(place, text);
                    }
                }
                "value" => self.list_value(node, &name, each),
                "fileName" => {
                    if let Node::Text(text) = node {
                        *text = self.file_name(text);
                    }
                }
                "contentType" => {
                    if let Node::Text(text) = node {
                        *text = self.media(text);
                    }
                }
                "domain" => {
                    if let Node::Text(text) = node {
                        let dot = if text.starts_with('.') { "." } else { "" };
                        *text = format!("{dot}{}", self.host(text.trim_start_matches('.'), true));
                    }
                }
                "path" => {
                    if let Node::Text(text) = node {
                        *text = self.url(text);
                    }
                }
                "sameSite" | "priority" => {
                    if let Node::Text(text) = node {
                        *text = self.plain_words(Place::Cookie, text);
                    }
                }
                "comment" => self.comment(node),
                _ => self.vendor(node, key),
            }
        }
    }

    fn list_value(
        &mut self,
        node: &mut Node,
        name: &str,
        each: fn(&mut Self, &str, &str) -> String,
    ) {
        match node {
            Node::Text(text) => *text = each(self, name, text),
            Node::Bare(word) if word == "null" || word == "true" || word == "false" => {}
            Node::Bare(word) => *node = Node::Text(each(self, name, word)),
            Node::Array(items) => {
                for item in items {
                    self.list_value(item, name, each);
                }
            }
            Node::Object(_) => *node = Node::null(),
        }
    }

    /// A header's value.
    pub(super) fn header(&mut self, name: &str, value: &str) -> String {
        let rules = Rules::built_in();
        let name = name.trim().to_ascii_lowercase();
        let has = |list: &std::collections::BTreeSet<String>| list.contains(&name);
        match name.as_str() {
            "cookie" => self.cookies(value, "; "),
            "set-cookie" => {
                let lines: Vec<String> = value
                    .split('\n')
                    .map(|line| self.set_cookie(line))
                    .collect();
                lines.join("\n")
            }
            "host" | ":authority" => self.host(value, true),
            ":path" => self.url(value),
            ":method" | ":scheme" | ":status" => self.plain_words(Place::Header, value),
            "content-disposition" => self.disposition(value),
            "soapaction" => self.action(value),
            "link" => match self.links(value) {
                Some(links) => links,
                None => self.header_value(value),
            },
            _ if has(&rules.media_headers) => self.media(value),
            _ if has(&rules.date_headers) && is_date(value) => value.to_owned(),
            _ if has(&rules.url_headers) => self.url(value),
            _ if has(&rules.plain_headers) => self.plain_words(Place::Header, value),
            _ if has(&rules.credential_headers) => self.credential(value),
            _ => self.header_value(value),
        }
    }

    /// The value of a header of which nothing more is known.
    fn header_value(&mut self, value: &str) -> String {
        let at = At {
            place: Place::Header,
            name: "",
            way: Way::Sent,
        };
        self.value(at, value)
    }

    /// `Bearer …`: the scheme stays.
    fn credential(&mut self, value: &str) -> String {
        const SCHEMES: [&str; 8] = [
            "basic",
            "bearer",
            "digest",
            "negotiate",
            "ntlm",
            "token",
            "hawk",
            "apikey",
        ];
        self.note_credential(Place::Header, value);
        match value.split_once(' ') {
            Some((scheme, rest)) if SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) => {
                format!("{scheme} {}", self.plain_token(rest))
            }
            _ => self.plain_token(value),
        }
    }

    /// A `SOAPAction`, whose last step names the operation.
    fn action(&mut self, value: &str) -> String {
        let plain = value.trim_matches('"');
        if Sensitive::built_in().find(plain).is_some() {
            return format!("\"{}\"", self.plain_words(Place::Header, plain));
        }
        let steps = plain.trim_end_matches('/');
        let last = steps.rsplit(['/', '#', ':']).next().unwrap_or_default();
        let (before, operation) = steps.split_at(steps.len() - last.len());
        if operation.is_empty() {
            return self.plain_words(Place::Header, value);
        }
        let operation = self.soap_operation(Place::Header, operation);
        let before = self.plain_words(Place::Header, before);
        format!("\"{before}{operation}\"")
    }

    /// The name of an operation of SOAP, which stays if reports show it.
    pub(super) fn soap_operation(&mut self, place: Place, name: &str) -> String {
        if self.keep.operation("soapaction", name) {
            return name.to_owned();
        }
        self.note(place, None, name);
        self.plain_token(name)
    }

    /// `a=1; b=2`
    fn cookies(&mut self, value: &str, join: &str) -> String {
        let pairs: Vec<String> = value
            .split(';')
            .map(|pair| self.cookie_pair(pair.trim()))
            .collect();
        pairs.join(join)
    }

    fn cookie_pair(&mut self, pair: &str) -> String {
        let Some((name, value)) = pair.split_once('=') else {
            self.note_credential(Place::Cookie, pair);
            return self.plain_token(pair);
        };
        let name = self.name(Place::Cookie, name);
        format!("{name}={}", self.cookie("", value))
    }

    /// A cookie's value.
    pub(super) fn cookie(&mut self, _name: &str, value: &str) -> String {
        if value.is_empty() {
            return String::new();
        }
        self.note_credential(Place::Cookie, value);
        let decoded = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
        if decoded.len() == value.len() {
            return self.token(value);
        }
        let token = self.token(&decoded);
        percent_encoding::utf8_percent_encode(&token, percent_encoding::NON_ALPHANUMERIC)
            .to_string()
    }

    fn set_cookie(&mut self, line: &str) -> String {
        let mut parts = line.split(';');
        let first = parts.next().unwrap_or_default().trim();
        let mut out = self.cookie_pair(first);
        for part in parts {
            out.push_str("; ");
            out.push_str(&self.cookie_attribute(part.trim()));
        }
        out
    }

    /// What stands behind the value of a cookie that is set.
    fn cookie_attribute(&mut self, part: &str) -> String {
        match part.split_once('=') {
            Some((key, value)) => match key.to_ascii_lowercase().as_str() {
                "domain" => format!("{key}={}", self.host(value, true)),
                "path" => format!("{key}={}", self.url(value)),
                "expires" if is_date(value) => part.to_owned(),
                "max-age" if value.parse::<i64>().is_ok() => part.to_owned(),
                "samesite" | "priority" => {
                    format!("{key}={}", self.plain_words(Place::Cookie, value))
                }
                _ => self.cookie_pair(part),
            },
            None if matches!(
                part.to_ascii_lowercase().as_str(),
                "secure" | "httponly" | "partitioned"
            ) =>
            {
                part.to_owned()
            }
            None => self.cookie_pair(part),
        }
    }

    /// A content type: what reports show of it stays, and its boundary becomes that of the body.
    pub(super) fn media(&mut self, value: &str) -> String {
        let (blank, value) = value.split_at(value.len() - value.trim_start().len());
        let mut parts = value.split(';');
        let mut out = blank.to_owned();
        let plain = parts.next().unwrap_or_default();
        let token = |c: char| c.is_ascii_alphanumeric() || "/+.-_*!#$&^'|~% ".contains(c);
        let is_odd = !plain.chars().all(token) || Sensitive::built_in().find(plain).is_some();
        let (kept, cryptic) = match plain.split_once('/') {
            Some((kind, _)) if is_odd => plain.split_at(kind.len() + 1),
            None if is_odd => ("", plain),
            _ => (plain, ""),
        };
        if !cryptic.is_empty() {
            self.note(Place::Header, None, cryptic);
        }
        for part in kept.split_inclusive(['/', '+', '.']) {
            let text = part.trim_end_matches(['/', '+', '.']);
            let is_value = Sensitive::built_in().is_name(text)
                || holds_value(text)
                || Segment::parse(text, &Tokens::default()).text().is_none();
            if is_value && !text.trim().is_empty() {
                self.note(Place::Header, None, text);
                out.push_str(&self.plain_token(text));
            } else {
                out.push_str(text);
            }
            out.push_str(&part[text.len()..]);
        }
        out.push_str(&self.plain_token(cryptic));
        for param in parts {
            out.push(';');
            out.push_str(&self.media_param(param));
        }
        out
    }

    fn media_param(&mut self, param: &str) -> String {
        match param.split_once('=') {
            Some((key, value)) if key.trim().eq_ignore_ascii_case("boundary") => {
                let quote = if value.starts_with('"') { "\"" } else { "" };
                format!(
                    "{key}={quote}{}{quote}",
                    self.boundary(value.trim_matches('"'))
                )
            }
            Some((key, value)) if key.trim().eq_ignore_ascii_case("charset") => {
                let label = value.trim().trim_matches('"');
                let known = encoding_rs::Encoding::for_label(label.as_bytes()).is_some();
                let value = if known {
                    value.to_owned()
                } else {
                    self.plain_words(Place::Header, value)
                };
                format!("{key}={value}")
            }
            Some((key, value)) if key.trim().eq_ignore_ascii_case("action") => {
                format!("{key}={}", self.action(value.trim()))
            }
            _ => self.plain_words(Place::Header, param),
        }
    }

    /// A parameter of a query or form, decoded.
    pub(super) fn query_value(&mut self, name: &str, value: &str) -> String {
        self.param(Place::Query, name, value)
    }

    /// The same of a form.
    pub(super) fn form_value(&mut self, name: &str, value: &str) -> String {
        self.param(Place::Form, name, value)
    }

    fn param(&mut self, place: Place, name: &str, value: &str) -> String {
        if name == "query" && crate::scope::is_graphql(value) {
            return self.graphql(value, place);
        }
        self.value(
            At {
                place,
                name,
                way: Way::Sent,
            },
            value,
        )
    }
}

/// `Tue, 24 Jun 2025 08:59:21 GMT`, or any other date in words and digits.
fn is_date(text: &str) -> bool {
    const WORDS: [&str; 22] = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun",
        "jul", "aug", "sep", "oct", "nov", "dec", "gmt", "utc", "t",
    ];
    matches!(Shape::of(text), Shape::DateTime | Shape::Date)
        || (text.len() <= 40
            && text
                .split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .all(|word| {
                    let digits = word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit());
                    digits || WORDS.contains(&word.to_ascii_lowercase().as_str())
                })
            && text.is_ascii())
}

/// The value of `key="…"` in the head of a part.
pub(super) fn quoted<'h>(head: &'h str, key: &str) -> Option<&'h str> {
    head.split([';', '\n']).find_map(|param| {
        let (name, value) = param.trim().split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case(key)
            .then(|| value.trim().trim_matches('"'))
    })
}
