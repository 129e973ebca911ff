//! The canaries, and how they are written where they stand.

use std::fmt::Write as _;
use std::io::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// A secret or personal value, and whether it is told from a name by its form, so that it may not even
/// come out where it stands as a name, a path or a host. An ordinary word cannot be told from one.
pub(crate) const KINDS: [(&str, bool); 33] = [
    ("13812345678", true),
    ("+86 139-8765-4321", true),
    ("11010519491231002X", true),
    ("6222021234567890128", true),
    ("4111111111111111", true),
    ("粤B·D12345", true),
    ("zhang.sanfeng@umbrella-mail.cn", true),
    ("203.0.113.77", false),
    ("2001:470:1f0b:4d2:7e57:c0de:77:9", true),
    ("30.274151,120.155070", true),
    (
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlY2FuYXJ5",
        true,
    ),
    ("550e8400-e29b-41d4-a716-446655440042", true),
    ("9f86d081884c7d659a2feaa0c55ad015", true),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", true),
    ("ghp_AbCdEf0123456789abcdefghijklmnopqrst", true),
    ("AKIAQ7ZK3MPL9XWV2TRN", true),
    ("LTAI5tQnKxW9vR3mZp7sYbD4", true),
    ("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", true),
    ("tiihtNczf5v6AKRyjwEUhQ==", true),
    ("8A3F-77K2-Q9", true),
    ("weixin://wxpay/bizpayurl?pr=K7Q2mZx9Pt", true),
    ("浙江省杭州市西湖区文三路138号2507单元", true),
    ("张伟明", true),
    ("00:1B:44:11:3A:B7", true),
    ("356938035643809", true),
    ("DE89370400440532013000", true),
    ("a2V5LW1hdGVyaWFsLTAxMjM0NTY3ODlhYmNkZWY/+Zq8=", true),
    (
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----",
        true,
    ),
    ("Tr0ub4dor&3xZqW", true),
    ("01ARZ3NDEKTSV4RRFFQ69G5FAV", true),
    ("correcthorsebatterystaple", false),
    ("XKQZRTWVBN", false),
    ("Zaphod Beeblebrox", false),
];

/// How a value is written where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Plain,
    UrlOnce,
    UrlTwice,
    Base64,
    JsonEscaped,
    UnicodeEscaped,
    JsonInJson,
}

pub(crate) const ENCODINGS: [Encoding; 7] = [
    Encoding::Plain,
    Encoding::UrlOnce,
    Encoding::UrlTwice,
    Encoding::Base64,
    Encoding::JsonEscaped,
    Encoding::UnicodeEscaped,
    Encoding::JsonInJson,
];

pub(crate) fn url_encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

pub(crate) fn unicode_escaped(text: &str) -> String {
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        write!(escaped, "\\u{unit:04x}").unwrap();
    }
    escaped
}

pub(crate) fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

impl Encoding {
    /// A value as it stands in a text.
    pub(crate) fn of(self, value: &str) -> String {
        match self {
            Encoding::Plain | Encoding::UnicodeEscaped => value.to_owned(),
            Encoding::UrlOnce => url_encoded(value),
            Encoding::UrlTwice => url_encoded(&url_encoded(value)),
            Encoding::Base64 => BASE64_STANDARD.encode(value),
            Encoding::JsonEscaped => json!(value).to_string().replace('/', "\\/"),
            Encoding::JsonInJson => {
                json!({ "inner": json!({ "v": value }).to_string() }).to_string()
            }
        }
    }

    /// A JSON text in which characters are escaped as this encoding does.
    pub(crate) fn json(self, json: &Value, value: &str) -> String {
        let text = json.to_string();
        if self != Encoding::UnicodeEscaped {
            return text;
        }
        let written = json!(value).to_string();
        text.replace(&written[1..written.len() - 1], &unicode_escaped(value))
    }
}
