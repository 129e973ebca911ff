//! URLs: what a route is made of stays, the rest is replaced, in the form it was written.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::route::{Part, Piece, Template, pieces_taken};
use crate::scope::{
    is_graphql, is_session, is_value_host_label, is_well_known, shown_host, split_matrix,
};
use crate::value::{Segment, Way};

use super::redactor::{At, Redactor};
use super::summary::Place;

/// What stands in a segment as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

impl Redactor<'_> {
    /// The URL of a request, or one that leads to another page.
    pub(super) fn url(&mut self, text: &str) -> String {
        self.any_url(text, true)
    }

    /// A URL that is a value: hosts that are none of the traffic's are replaced too.
    pub(super) fn foreign_url(&mut self, text: &str) -> String {
        self.any_url(text, false)
    }

    fn any_url(&mut self, text: &str, own: bool) -> String {
        if text.starts_with("data:") {
            return self.relative_url(text);
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return self.relative_url(text);
        };
        let web = matches!(
            scheme.trim_start().to_ascii_lowercase().as_str(),
            "http" | "https" | "ws" | "wss"
        );
        if !web
            && !matches!(
                scheme,
                "chrome-extension" | "file" | "blob:http" | "blob:https"
            )
        {
            let rest = self.plain_token(rest);
            self.note(Place::Other, None, text);
            return format!("{}://{rest}", self.plain_token(scheme));
        }
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, behind) = rest.split_at(end);
        let (userinfo, host) = match authority.rsplit_once('@') {
            Some((userinfo, host)) => (Some(userinfo), host),
            None => (None, authority),
        };
        let mut out = format!("{scheme}://");
        if let Some(userinfo) = userinfo {
            self.note_credential(Place::Userinfo, userinfo);
            let parts: Vec<String> = userinfo
                .split(':')
                .map(|part| self.plain_token(part))
                .collect();
            out.push_str(&utf8_percent_encode(&parts.join(":"), SEGMENT).to_string());
            out.push('@');
        }
        out.push_str(&self.host(host, own));
        out.push_str(&self.behind_host(&host.to_ascii_lowercase(), behind));
        out
    }

    /// A path with its query and fragment, or anything else that is no absolute URL.
    fn relative_url(&mut self, text: &str) -> String {
        if text.starts_with(['/', '?']) {
            return self.behind_host("", text);
        }
        if let Some(data) = text.strip_prefix("data:") {
            let (media, content) = data.split_once(',').unwrap_or((data, ""));
            self.note(Place::Binary, None, text);
            let media = self.plain_words(Place::Other, media);
            return format!("data:{media},{}", super::redactor::scrubbed(content));
        }
        if text.is_empty() || matches!(text, "about:blank" | "about:client" | "null" | "*") {
            return text.to_owned();
        }
        self.note(Place::Other, None, text);
        self.plain_token(text)
    }

    fn behind_host(&mut self, host: &str, text: &str) -> String {
        let (text, fragment) = match text.split_once('#') {
            Some((text, fragment)) => (text, Some(fragment)),
            None => (text, None),
        };
        let (path, query) = match text.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (text, None),
        };
        let mut out = self.path(host, path);
        if let Some(query) = query {
            out.push('?');
            out.push_str(&self.pairs(query, Place::Query));
        }
        if let Some(fragment) = fragment {
            self.note(Place::Fragment, None, fragment);
            let decoded = percent_decode_str(fragment).decode_utf8_lossy();
            let token = self.plain_token(&decoded);
            out.push('#');
            out.push_str(&utf8_percent_encode(&token, SEGMENT).to_string());
        }
        out
    }

    /// A host with its port: labels that are values are replaced.
    pub(super) fn host(&mut self, host: &str, own: bool) -> String {
        if host.is_empty() {
            return String::new();
        }
        let lower = host.to_ascii_lowercase();
        let bare = bare_host(&lower);
        let known = own || self.keep.host(bare);
        if known && shown_host(bare) == bare {
            return host.to_owned();
        }
        let labels: Vec<&str> = bare.split('.').collect();
        if bare.starts_with('[') || labels.iter().all(|label| label.parse::<u8>().is_ok()) {
            self.note(Place::Host, None, bare);
            return format!("{}{}", self.plain_token(bare), &lower[bare.len()..]);
        }
        let last = labels.len() - 1;
        let replaced: Vec<String> = labels
            .iter()
            .enumerate()
            .map(|(at, label)| {
                let value = if known {
                    at + 2 < labels.len() && is_value_host_label(label)
                } else {
                    at < last
                };
                if !value {
                    return (*label).to_owned();
                }
                self.note(Place::Host, None, label);
                self.plain_token(label).to_ascii_lowercase()
            })
            .collect();
        format!("{}{}", replaced.join("."), &lower[bare.len()..])
    }

    /// A path, in the form it was written.
    fn path(&mut self, host: &str, path: &str) -> String {
        if path.is_empty() || path == "/" || is_well_known(path) {
            return path.to_owned();
        }
        let (lead, rest) = match path.strip_prefix('/') {
            Some(rest) => ("/", rest),
            None => ("", path),
        };
        let (body, slash) = match rest.strip_suffix('/') {
            Some(body) => (body, "/"),
            None => (rest, ""),
        };
        let raw: Vec<&str> = body.split('/').collect();
        let decoded: Vec<String> = raw
            .iter()
            .map(|segment| decode(split_matrix(segment).0))
            .collect();
        let route = self.keep.route(&shown_authority(host), &decoded).cloned();
        let mut segments = Vec::with_capacity(raw.len());
        for (at, (raw, text)) in raw.iter().zip(&decoded).enumerate() {
            let mut segment = self.segment(raw, text, at, route.as_ref());
            if let (_, Some(params)) = split_matrix(raw) {
                segment.push(';');
                segment.push_str(&self.segment_params(params));
            }
            segments.push(segment);
        }
        format!("{lead}{}{slash}", segments.join("/"))
    }

    /// `;name=value` parameters: of a session a credential, else as those of a query.
    fn segment_params(&mut self, params: &str) -> String {
        let pairs: Vec<String> = params
            .split(';')
            .map(|pair| self.segment_pair(pair))
            .collect();
        pairs.join(";")
    }

    fn segment_pair(&mut self, pair: &str) -> String {
        let Some((name, value)) = pair.split_once('=') else {
            // It may be anything.
            return encode(&self.plain_token(&decode(pair)));
        };
        let plain = decode(name);
        let shown = self.name(Place::Path, &plain);
        let mut out = if shown == plain {
            name.to_owned()
        } else {
            encode(&shown)
        };
        let text = decode(value);
        let token = if is_session(&plain) {
            self.note_credential(Place::Path, &text);
            self.plain_token(&text)
        } else {
            let at = At {
                place: Place::Path,
                name: &plain,
                way: Way::Sent,
            };
            self.value(at, &text)
        };
        out.push('=');
        out.push_str(&if token == text {
            value.to_owned()
        } else {
            encode(&token)
        });
        out
    }

    fn segment(&mut self, raw: &str, text: &str, at: usize, route: Option<&Template>) -> String {
        let part = route.and_then(|route| route.parts.get(at));
        if matches!(part, Some(Part::Literal(_))) {
            return split_matrix(raw).0.to_owned();
        }
        let out = if let Some(Part::Mixed(pieces)) = part {
            self.mixed(pieces, text)
        } else {
            let name = route.and_then(|route| route.param_at(at));
            self.segment_value(name.unwrap_or_default(), text, part.is_none())
        };
        if out == text {
            return split_matrix(raw).0.to_owned();
        }
        utf8_percent_encode(&out, SEGMENT).to_string()
    }

    /// A segment that is partly literal, such as a name with a verb behind a colon: what its route writes out
    /// stays.
    fn mixed(&mut self, pieces: &[Piece], text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let taken = pieces_taken(pieces, text).unwrap_or_default();
        for (piece, text) in pieces.iter().zip(taken) {
            match piece {
                Piece::Literal(literal) => out.push_str(literal),
                Piece::Param(name) => out.push_str(&self.segment_value(name, text, false)),
            }
        }
        out
    }

    /// The variable text of a segment; of a path without a route, words of APIs stay.
    fn segment_value(&mut self, name: &str, text: &str, routeless: bool) -> String {
        let mut out = String::with_capacity(text.len());
        for (chunk, variable) in Segment::chunks(text) {
            if !variable || (routeless && self.keep.path_word(chunk)) {
                out.push_str(chunk);
            } else {
                let at = At {
                    place: Place::Path,
                    name,
                    way: Way::Sent,
                };
                out.push_str(&self.path_value(at, chunk));
            }
        }
        out
    }

    fn path_value(&mut self, at: At<'_>, text: &str) -> String {
        if self.keep.value(at.name, text) {
            return text.to_owned();
        }
        self.note_value(at, text);
        self.plain_token(text)
    }

    /// Names and values as URLs and forms write them.
    pub(super) fn pairs(&mut self, text: &str, place: Place) -> String {
        let pairs: Vec<String> = text.split('&').map(|pair| self.pair(pair, place)).collect();
        pairs.join("&")
    }

    fn pair(&mut self, pair: &str, place: Place) -> String {
        let (name, value) = match pair.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (pair, None),
        };
        let plain = form_decode(name);
        let shown = self.name(place, &plain);
        let mut out = if shown == plain {
            name.to_owned()
        } else {
            form_encode(&shown)
        };
        if let Some(value) = value {
            let text = form_decode(value);
            let at = At {
                place,
                name: &plain,
                way: Way::Sent,
            };
            let token = if plain == "query" && is_graphql(&text) {
                self.graphql(&text, place)
            } else {
                self.value(at, &text)
            };
            out.push('=');
            if token == text {
                out.push_str(value);
            } else {
                out.push_str(&form_encode(&token));
            }
        }
        out
    }
}

/// A host without its port.
fn bare_host(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => bare,
        _ => host,
    }
}

/// A host with its port, as exchanges have it.
fn shown_authority(host: &str) -> String {
    let bare = bare_host(host);
    let port = match &host[bare.len()..] {
        ":80" | ":443" => "",
        port => port,
    };
    format!("{}{port}", shown_host(bare))
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

fn form_decode(text: &str) -> String {
    let spaced: Cow<'_, str> = if text.contains('+') {
        text.replace('+', " ").into()
    } else {
        text.into()
    };
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

fn form_encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
