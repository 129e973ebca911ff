//! The recognisers of shapes, by hand.
//!
//! `shape.toml` says what each of them recognises, as a regular expression; a test holds them to it.
//! Compiling those expressions took longer than all the rest of reading a small capture.

use std::sync::OnceLock;

use regex::RegexSet;

use super::{Counts, Shape};

/// A recogniser: whether a text with these counts has its form.
type Row = (Shape, fn(&str, &Counts) -> bool);

/// The recognisers; the first that fits wins.
const ROWS: [Row; 38] = [
    (Shape::Integer, |text, _| is_integer(text)),
    (Shape::Boolean, |text, _| is_boolean(text)),
    (Shape::Decimal, |text, _| is_decimal(text)),
    (Shape::Uuid, |text, _| is_uuid(text)),
    (Shape::Ulid, |text, counts| {
        counts.have(2, 2, 0) && is_ulid(text)
    }),
    (Shape::ObjectId, |text, counts| {
        counts.have(1, 1, 0) && text.len() == 24 && all(text, is_lower_hex)
    }),
    (Shape::Hex, |text, counts| {
        counts.have(1, 1, 0) && hex_length(text) >= 12
    }),
    (Shape::Hex, |text, counts| {
        counts.have(1, 1, 2) && (6..12).contains(&hex_length(text))
    }),
    (Shape::Digest, |text, _| is_digest(text)),
    (Shape::Token, |text, _| is_jwt(text)),
    (Shape::Token, |text, _| is_bot_token(text)),
    (Shape::Ksuid, |text, counts| {
        counts.have(1, 1, 6) && text.len() == 27 && all(text, is_alnum)
    }),
    (Shape::DateTime, |text, _| is_date_time(text).is_some()),
    (Shape::Date, |text, _| is_date(text).is_some()),
    (Shape::Month, |text, _| is_month(text)),
    (Shape::Time, |text, _| is_time(text).is_some()),
    (Shape::MacAddress, |text, _| is_mac(text)),
    (Shape::IpAddress, |text, _| is_ipv4(text) || is_ipv6(text)),
    (Shape::Version, |text, _| {
        is_long_version(text).is_some() || is_short_version(text).is_some()
    }),
    (Shape::Email, |text, _| is_email(text).is_some()),
    (Shape::Phone, |text, _| is_phone(text).is_some()),
    (Shape::Coordinates, |text, _| is_coordinates(text).is_some()),
    (Shape::List, |text, _| is_list(text)),
    (Shape::Url, |text, _| is_url(text).is_some()),
    (Shape::ResourceName, |text, _| {
        is_resource_name(text).is_some()
    }),
    (Shape::Handle, |text, _| is_handle(text).is_some()),
    (Shape::IssueKey, |text, _| is_issue_key(text).is_some()),
    (Shape::Word, |text, _| is_early_version(text)),
    (Shape::Slug, |text, _| is_early_service(text)),
    (Shape::PrefixedId, |text, counts| {
        counts.have(1, 0, 3) && is_prefixed_id(text)
    }),
    (Shape::Opaque, |text, counts| {
        counts.have(1, 0, 3) && random_length(text) >= 7
    }),
    (Shape::Opaque, |text, counts| {
        counts.have(0, 0, 6) && random_length(text) >= 16
    }),
    (Shape::Opaque, |text, counts| {
        counts.have(2, 0, 3) && is_joined(text)
    }),
    (Shape::Numbered, |text, counts| {
        counts.have(5, 0, 0) && is_numbered(text).is_some()
    }),
    (Shape::Locale, |text, _| is_locale(text).is_some()),
    (Shape::Host, |text, _| is_host(text)),
    (Shape::File, |text, _| is_file(text).is_some()),
    (Shape::Slug, |text, _| text.is_ascii() && is_joined(text)),
];

/// The form of a text that is neither empty nor very long.
pub(super) fn of(text: &str, counts: &Counts) -> Shape {
    // Most are plain words, which only two rows tell from others.
    if all(text, is_alpha) && !(text.len() >= 16 && counts.have(0, 0, 6)) {
        return if is_boolean(text) {
            Shape::Boolean
        } else {
            Shape::Word
        };
    }
    if let Some((shape, _)) = ROWS.iter().find(|(_, fits)| fits(text, counts)) {
        *shape
    } else if all(text, is_alnum) {
        Shape::Word
    } else if text.is_ascii() {
        Shape::Text
    } else {
        of_letters(text)
    }
}

/// Words beyond ASCII, whose letters only tables of Unicode know.
fn of_letters(text: &str) -> Shape {
    static WORDS: OnceLock<RegexSet> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        RegexSet::new([
            r"^[\p{L}\p{N}]+([-_.~][\p{L}\p{N}]+)+$",
            r"^[\p{L}\p{M}\p{N}]+$",
        ])
        .unwrap_or_else(|_| RegexSet::empty())
    });
    match words.matches(text).into_iter().next() {
        Some(0) => Shape::Slug,
        Some(_) => Shape::Word,
        None => Shape::Text,
    }
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

fn is_alpha(byte: u8) -> bool {
    byte.is_ascii_alphabetic()
}

fn is_alnum(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Letters, digits and what base 64 for URLs has besides.
fn is_random(byte: u8) -> bool {
    is_alnum(byte) || byte == b'_' || byte == b'-'
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_upper_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'F')
}

fn all(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(is)
}

/// At least so many bytes, all of a class.
fn some(text: &str, least: usize, is: impl Fn(u8) -> bool) -> bool {
    text.len() >= least && all(text, is)
}

/// The bytes of a class that a text starts with, and what follows them.
fn run(text: &str, is: impl Fn(u8) -> bool) -> (&str, &str) {
    let length = text.bytes().take_while(|byte| is(*byte)).count();
    // Classes hold nothing but ASCII, so that a run ends between characters.
    text.split_at(length)
}

/// What follows at least one byte of a class.
fn after(text: &str, is: impl Fn(u8) -> bool) -> Option<&str> {
    let (found, rest) = run(text, is);
    (!found.is_empty()).then_some(rest)
}

/// What follows so many digits.
fn digits(text: &str, count: usize) -> Option<&str> {
    let found = text.as_bytes().get(..count)?;
    found.iter().all(u8::is_ascii_digit).then(|| &text[count..])
}

/// What follows a sign, if one is there.
fn optional(text: &str, signs: impl Fn(char) -> bool) -> &str {
    text.strip_prefix(signs).unwrap_or(text)
}

/// At least one character, and all on one line.
fn is_line(text: &str) -> bool {
    !text.is_empty() && !text.contains('\n')
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (1..=40).contains(&digits.len()) && all(digits, is_digit)
}

fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

fn is_decimal(text: &str) -> bool {
    let parts = optional(text, |c| matches!(c, '+' | '-')).split_once('.');
    parts.is_some_and(|(whole, fraction)| some(whole, 1, is_digit) && some(fraction, 1, is_digit))
}

fn is_uuid(text: &str) -> bool {
    let text = text
        .strip_prefix("urn:uuid:")
        .unwrap_or(optional(text, |c| c == '{'));
    let text = text.strip_suffix('}').unwrap_or(text);
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_ulid(text: &str) -> bool {
    // Crockford's base 32 has no I, L, O and U.
    let one_case = |first: u8, last: u8| {
        all(text, |byte| {
            let letter = (first..=last).contains(&byte);
            is_digit(byte)
                || letter && !matches!(byte.to_ascii_uppercase(), b'I' | b'L' | b'O' | b'U')
        })
    };
    text.len() == 26
        && matches!(text.as_bytes().first(), Some(b'0'..=b'7'))
        && (one_case(b'A', b'Z') || one_case(b'a', b'z'))
}

/// How many hexadecimal digits of one case a text is made of; 0 if it is something else.
fn hex_length(text: &str) -> usize {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if all(digits, is_lower_hex) || all(digits, is_upper_hex) {
        digits.len()
    } else {
        0
    }
}

fn is_digest(text: &str) -> bool {
    const NAMES: [&str; 5] = ["sha1", "sha256", "sha384", "sha512", "md5"];
    text.split_once([':', '-']).is_some_and(|(name, digest)| {
        NAMES.contains(&name) && some(digest, 16, |b| is_alnum(b) || b"+/=".contains(&b))
    })
}

fn is_jwt(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("eyJ") else {
        return false;
    };
    let mut parts = rest.splitn(3, '.');
    parts.next().is_some_and(|part| some(part, 1, is_random))
        && parts.next().is_some_and(|part| some(part, 1, is_random))
        && parts.next().is_none_or(|part| all(part, is_random))
}

fn is_bot_token(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(id, key)| some(id, 5, is_digit) && some(key, 16, is_random))
}

fn is_date_time(text: &str) -> Option<()> {
    let rest = digits(text, 4)?.strip_prefix('-')?;
    let rest = digits(rest, 2)?.strip_prefix('-')?;
    let rest = digits(rest, 2)?.strip_prefix(['T', ' '])?;
    let colon = |text| optional(text, |c| c == ':');
    let mut rest = digits(colon(digits(rest, 2)?), 2)?;
    if let Some(behind) = digits(colon(rest), 2) {
        rest = behind;
        if let Some(fraction) = behind.strip_prefix('.') {
            rest = after(fraction, is_digit)?;
        }
    }
    let zone = match rest.strip_prefix(['+', '-']) {
        Some(offset) => digits(colon(digits(offset, 2)?), 2)?,
        None => optional(rest, |c| c == 'Z'),
    };
    zone.is_empty().then_some(())
}

/// What follows a year of the last, this or a near century.
fn year(text: &str) -> Option<&str> {
    let rest = digits(text, 4)?;
    matches!(text.as_bytes(), [b'1', b'8' | b'9', ..] | [b'2', ..]).then_some(rest)
}

/// Whether a text is a number of one or two digits from 1 to `most`.
fn is_small_number(text: &str, most: u8) -> bool {
    text.len() <= 2
        && all(text, is_digit)
        && text
            .parse::<u8>()
            .is_ok_and(|number| (1..=most).contains(&number))
}

fn is_date(text: &str) -> Option<()> {
    let rest = year(text)?.strip_prefix(['-', '_', '.'])?;
    let (month, day) = rest.split_once(['-', '_', '.'])?;
    (is_small_number(month, 12) && is_small_number(day, 31)).then_some(())
}

fn is_month(text: &str) -> bool {
    let month = year(text).and_then(|rest| rest.strip_prefix('-'));
    month.is_some_and(|month| month.len() == 2 && is_small_number(month, 12))
}

fn is_time(text: &str) -> Option<()> {
    let (hours, rest) = text.split_at_checked(2)?;
    digits(hours, 2).filter(|_| hours < "24")?;
    let sixtieth = |text: &str| {
        digits(text, 2).filter(|_| text < "6")?;
        Some(text.len())
    };
    let rest = rest.strip_prefix(':')?;
    sixtieth(rest)?;
    let Some(rest) = rest[2..].strip_prefix(':') else {
        return rest[2..].is_empty().then_some(());
    };
    sixtieth(rest)?;
    match rest[2..].strip_prefix('.') {
        Some(fraction) => some(fraction, 1, is_digit).then_some(()),
        None => rest[2..].is_empty().then_some(()),
    }
}

fn is_ipv4(text: &str) -> bool {
    let (address, mask) = match text.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (text, None),
    };
    let is_octet = |part: &str| {
        all(part, is_digit)
            && match part.len() {
                1 | 2 => true,
                3 => !part.starts_with('0') && part <= "255",
                _ => false,
            }
    };
    address.split('.').count() == 4
        && address.split('.').all(is_octet)
        && mask.is_none_or(|mask| matches!(mask.len(), 1 | 2) && all(mask, is_digit))
}

fn is_mac(text: &str) -> bool {
    let is_pair = |part: &str| part.len() == 2 && all(part, |b| b.is_ascii_hexdigit());
    [':', '-']
        .iter()
        .any(|sign| text.split(*sign).count() == 6 && text.split(*sign).all(is_pair))
}

fn is_ipv6(text: &str) -> bool {
    let is_group = |part: &str| part.len() <= 4 && all(part, |b| b.is_ascii_hexdigit());
    (4..=8).contains(&text.split(':').count()) && text.split(':').all(is_group)
}

/// Three numbers or more, and what semver.org lets follow.
fn is_long_version(text: &str) -> Option<()> {
    let rest = after(optional(text, |c| c == 'v'), is_digit)?.strip_prefix('.')?;
    let rest = digits(after(rest, is_digit)?.strip_prefix('.')?, 1)?;
    let tail = optional(rest, |c| matches!(c, '-' | '+' | '.'));
    let goes_on = tail.starts_with(|c: char| c.is_ascii_alphanumeric())
        && all(tail, |b| is_alnum(b) || matches!(b, b'.' | b'+' | b'-'));
    (rest.is_empty() || goes_on).then_some(())
}

/// Two numbers behind a `v`.
fn is_short_version(text: &str) -> Option<()> {
    let rest = after(text.strip_prefix('v')?, is_digit)?.strip_prefix('.')?;
    let rest = after(rest, is_digit)?;
    let tail = rest.strip_prefix(['-', '+']);
    let is_tail = |tail| some(tail, 1, |b| is_alnum(b) || matches!(b, b'.' | b'-'));
    (rest.is_empty() || tail.is_some_and(is_tail)).then_some(())
}

/// What the versions of APIs are called before they are released.
const STAGES: [&str; 5] = ["alpha", "beta", "rc", "pre", "eap"];

/// What follows a number of up to three digits.
fn short_number(text: &str) -> Option<&str> {
    let (number, rest) = run(text, is_digit);
    (1..=3).contains(&number.len()).then_some(rest)
}

/// `v1beta1`, `v1p1beta1`
fn is_early_version(text: &str) -> bool {
    let version = text.strip_prefix(['v', 'V']).and_then(short_number);
    let Some(rest) = version else { return false };
    // `v1pre1`: a stage may begin like a minor version.
    let behind_minor = rest.strip_prefix('p').and_then(short_number);
    is_stage(behind_minor.unwrap_or(rest))
}

/// `beta1`
fn is_stage(text: &str) -> bool {
    let mut numbers = STAGES.iter().filter_map(|stage| text.strip_prefix(stage));
    numbers.any(|number| short_number(number).is_some_and(str::is_empty))
}

/// Words joined by dots, with a version of that kind between them.
fn is_early_service(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_word = |part: &str| some(part, 1, |b| is_alpha(b) || b == b'_');
    let is_version = |part: &str| part.starts_with('v') && is_early_version(part);
    parts
        .iter()
        .position(|part| !is_word(part))
        .is_some_and(|at| {
            at > 0
                && at + 1 < parts.len()
                && is_version(parts[at])
                && parts[at + 1..].iter().all(|part| is_word(part))
        })
}

fn is_email(text: &str) -> Option<()> {
    let (local, domain) = text.split_once('@')?;
    let (name, ending) = domain.rsplit_once('.')?;
    let ok = |c: char| !c.is_whitespace() && !matches!(c, '@' | '/' | ':');
    let is_ending = ending.len() >= 2
        && ending.starts_with(|c: char| c.is_ascii_alphabetic())
        && all(ending, |b| is_alnum(b) || b == b'-');
    let parts = [local, name];
    let are_names = parts
        .iter()
        .all(|part| !part.is_empty() && part.chars().all(ok));
    (is_ending && are_names).then_some(())
}

fn is_phone(text: &str) -> Option<()> {
    let rest = text.strip_prefix('+')?;
    let ends = rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.ends_with(|c: char| c.is_ascii_digit());
    let signs = all(rest, |b| {
        is_digit(b) || matches!(b, b' ' | b'(' | b')' | b'-')
    });
    (ends && signs && (7..=20).contains(&rest.len())).then_some(())
}

/// What follows at most three digits with a fraction, and whether there was one.
fn degrees(text: &str) -> Option<(&str, bool)> {
    let text = optional(text, |c| matches!(c, '+' | '-'));
    let (whole, rest) = run(text, is_digit);
    if !(1..=3).contains(&whole.len()) {
        return None;
    }
    match rest.strip_prefix('.') {
        Some(fraction) => Some((after(fraction, is_digit)?, true)),
        None => Some((rest, false)),
    }
}

fn is_coordinates(text: &str) -> Option<()> {
    let rest = degrees(text)?.0.strip_prefix(',')?;
    let (rest, fraction) = degrees(optional(rest, char::is_whitespace))?;
    (rest.is_empty() && fraction).then_some(())
}

fn is_list(text: &str) -> bool {
    let signs = [',', ';', '|'];
    text.contains(signs) && text.split(signs).all(|part| some(part, 1, is_digit))
}

fn is_url(text: &str) -> Option<()> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && all(scheme, |b| is_alnum(b) || matches!(b, b'+' | b'.' | b'-'));
    (is_scheme && is_line(rest.strip_prefix("//")?)).then_some(())
}

fn is_resource_name(text: &str) -> Option<()> {
    let (scheme, rest) = text.split_once(':')?;
    let known = scheme.eq_ignore_ascii_case("urn") || scheme.eq_ignore_ascii_case("arn");
    (known && is_line(rest)).then_some(())
}

fn is_handle(text: &str) -> Option<()> {
    let (name, server) = match text.split_once(':') {
        Some((name, server)) => (name, Some(server)),
        None => (text, None),
    };
    if server.is_some_and(|server| !is_line(server)) {
        return None;
    }
    let event = name
        .strip_prefix('$')
        .is_some_and(|id| some(id, 20, |b| is_random(b) || matches!(b, b'+' | b'/')));
    let named = name.strip_prefix(['@', '!', '#', '+']);
    let named = server.is_some() && named.is_some_and(|name| !name.is_empty());
    (event || named).then_some(())
}

fn is_issue_key(text: &str) -> Option<()> {
    let (project, number) = text.split_once('-')?;
    let is_project = (2..=10).contains(&project.len())
        && project.starts_with(|c: char| c.is_ascii_uppercase())
        && all(project, |b| {
            b.is_ascii_uppercase() || is_digit(b) || b == b'_'
        });
    (is_project && some(number, 1, is_digit)).then_some(())
}

fn is_prefixed_id(text: &str) -> bool {
    let mut parts = text.rsplit(['_', '-']);
    let random = parts.next().is_some_and(|part| some(part, 8, is_alnum));
    let words = parts.clone().count();
    random
        && (1..=4).contains(&words)
        && parts.all(|part| (1..=12).contains(&part.len()) && all(part, is_alpha))
}

/// How many random characters a text is made of, without what fills base 64 up; 0 if it is
/// something else.
fn random_length(text: &str) -> usize {
    let body = text.strip_suffix('=').unwrap_or(text);
    let body = body.strip_suffix('=').unwrap_or(body);
    if all(body, is_random) { body.len() } else { 0 }
}

/// Whether letters and digits are joined by signs.
fn is_joined(text: &str) -> bool {
    let signs = ['-', '_', '.', '~'];
    text.contains(signs) && text.split(signs).all(|part| some(part, 1, is_alnum))
}

fn is_numbered(text: &str) -> Option<()> {
    let (letters, rest) = run(text, is_alpha);
    let (number, rest) = run(optional(rest, |c| matches!(c, '-' | '_')), is_digit);
    let tail = rest.strip_prefix(['-', '_']);
    let ends = rest.is_empty() || tail.is_some_and(|tail| some(tail, 1, is_alnum));
    ((1..=12).contains(&letters.len()) && number.len() >= 5 && ends).then_some(())
}

/// The scripts that languages are written in, by ISO 15924; `to_Item` has none.
const SCRIPTS: &[&str] = &[
    "Arab", "Armn", "Beng", "Cyrl", "Deva", "Geor", "Grek", "Gujr", "Guru", "Hans", "Hant", "Hebr",
    "Hira", "Jpan", "Kana", "Khmr", "Knda", "Kore", "Laoo", "Latn", "Mlym", "Mong", "Mymr", "Orya",
    "Sinh", "Taml", "Telu", "Thaa", "Thai", "Tibt",
];

fn is_locale(text: &str) -> Option<()> {
    let is_region = |text: &str| text.len() == 2 && all(text, |b| b.is_ascii_uppercase());
    let (language, rest) = run(text, |b| b.is_ascii_lowercase());
    let rest = rest.strip_prefix(['-', '_'])?;
    if language.len() != 2 {
        return None;
    }
    if is_region(rest) || rest == "419" {
        return Some(());
    }
    let (script, rest) = rest.split_at_checked(4)?;
    let region = rest.strip_prefix(['-', '_']);
    (SCRIPTS.contains(&script) && (rest.is_empty() || region.is_some_and(is_region))).then_some(())
}

/// The domains that host names of paths end in.
const DOMAINS: &[&str] = &[
    "com", "org", "net", "io", "dev", "app", "cloud", "local", "internal", "test", "example",
    "invalid", "co", "eu", "cn", "de", "uk", "fr", "jp", "in", "us", "ru", "br", "xyz", "ai",
];

fn is_host(text: &str) -> bool {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && all(label, |b| {
                b.is_ascii_lowercase() || is_digit(b) || b == b'-'
            })
    };
    host.rsplit_once('.').is_some_and(|(name, domain)| {
        DOMAINS.contains(&domain)
            && port.is_none_or(|port| some(port, 1, is_digit))
            && name.split('.').all(is_label)
    })
}

/// The endings of files.
const ENDINGS: &[&str] = &[
    "7z", "avi", "bin", "bmp", "bz2", "css", "csv", "doc", "docx", "eps", "epub", "exe", "geojson",
    "gif", "gpx", "gz", "htm", "html", "ico", "ics", "iso", "jar", "jpg", "jpeg", "js", "json",
    "jsonl", "key", "log", "lua", "m3u8", "map", "md", "mov", "mp3", "mp4", "mpd", "mpeg", "msi",
    "odt", "ogg", "pb", "pdf", "pem", "php", "pgn", "png", "ppt", "pptx", "proto", "ps1", "py",
    "rar", "rb", "rs", "rst", "rtf", "sh", "sql", "svg", "tar", "tgz", "tif", "tiff", "toml", "ts",
    "tsv", "ttf", "txt", "wasm", "wav", "webm", "webp", "whl", "woff", "woff2", "xls", "xlsx",
    "xml", "yaml", "yml", "zip", "zst",
];

fn is_file(text: &str) -> Option<()> {
    let (stem, ending) = text.rsplit_once('.')?;
    let is_stem = !stem.is_empty() && !stem.contains(|c: char| c.is_whitespace() || c == '/');
    (ENDINGS.contains(&ending) && is_stem).then_some(())
}
