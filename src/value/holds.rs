//! Whether a name is, or holds, a value: looked at part by part.

use super::wording;
use super::{Sensitive, Shape};

/// Parts shorter than this are too short to be told from a word with a number (`ipv6`, `k8s`).
const LEAST: usize = 6;
/// So many digits in a row are a number of something, not of a version.
const DIGITS: usize = 5;
/// The mean surprise of letters around a number that are random, and that of a known word.
const MAX_BITS: f64 = 4.9;
const EXPECTED: f64 = 3.5;
/// The same where the number stands at one end.
const MAX_END_BITS: f64 = 6.2;

/// Whether one of the parts of a name, between its signs, is a value: a person's name, a number, an
/// id, a code.
///
/// ```
/// use harcov::value::holds_value;
///
/// assert!(holds_value("u_GZJY0110777779") && holds_value("item-张伟明") && holds_value("U9GFVX7A"));
/// assert!(!holds_value("oauth2_callback") && !holds_value("SHA256SUM") && !holds_value("address_2"));
/// ```
pub fn holds_value(name: &str) -> bool {
    // Most names are letters and signs.
    if !name.bytes().any(|b| b.is_ascii_digit() || !b.is_ascii()) {
        return false;
    }
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.len() >= DIGITS)
        .any(is_value_part)
        || name
            .split(|c: char| !c.is_alphanumeric() && c != '-')
            .any(is_grouped_code)
}

/// Whether a text is a code that is written in groups: `8A3F-77K2-Q9XW`.
fn is_grouped_code(text: &str) -> bool {
    let groups = text.split('-').count();
    let code = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
    groups >= 2 && text.bytes().all(code) && {
        let joined = text.replace('-', "");
        let digits = joined.bytes().any(|b| b.is_ascii_digit());
        let mixed = is_mixed_inside(&joined) || groups >= 3 && digits;
        joined.len() >= LEAST && mixed && surprise(&joined) >= MAX_BITS
    }
}

fn is_value_part(part: &str) -> bool {
    if !part.is_ascii() {
        return Sensitive::built_in().find(part).is_some();
    }
    if part.bytes().all(|b| b.is_ascii_digit()) {
        return part.len() >= DIGITS;
    }
    part.len() >= LEAST && part.bytes().any(|b| b.is_ascii_digit()) && is_id(part)
}

/// Whether letters and digits together are an id or a code and no word with a number.
fn is_id(part: &str) -> bool {
    let shape = Shape::of(part);
    if shape.is_definite() && shape != Shape::Version {
        return true;
    }
    if is_mixed_inside(part) {
        return surprise(part) >= MAX_BITS;
    }
    // A number at one end says less: `sfzjhm1` is the initials of a Chinese name with a number.
    let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
    let leading = part.starts_with(|c: char| c.is_ascii_digit());
    letters >= if leading { 5 } else { 7 } && surprise(part) >= MAX_END_BITS
}

/// Whether a number stands between letters, or letters between numbers.
fn is_mixed_inside(part: &str) -> bool {
    let behind = part.trim_start_matches(|c: char| c.is_ascii_digit());
    let between = behind.trim_end_matches(|c: char| c.is_ascii_digit());
    between.len() < behind.len() && behind.len() < part.len()
        || between.bytes().any(|b| b.is_ascii_digit())
}

/// The mean surprise of the letters, those of words and abbreviations counting as expected.
#[expect(clippy::cast_precision_loss, reason = "a name has few letters")]
fn surprise(part: &str) -> f64 {
    let (mut sum, mut letters) = (0.0, 0);
    for run in part.split(|c: char| c.is_ascii_digit()) {
        let bits = if wording::is_technical(&run.to_ascii_lowercase()) {
            EXPECTED
        } else {
            wording::surprise(run)
        };
        sum += bits * run.len() as f64;
        letters += run.len();
    }
    sum / letters.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_apis_hold_no_value() {
        for name in [
            "",
            "id",
            "order_id",
            "address2",
            "line_1",
            "ipv6",
            "k8s",
            "oauth2_callback",
            "sha256",
            "sha1sum",
            "SHA256SUM",
            "MD5SUM",
            "BASE64DATA",
            "UTF8BOM",
            "mp4url",
            "MP4URL",
            "base64url",
            "x509cert",
            "h5mall",
            "web2print",
            "cdn77",
            "us-east-1",
            "cn-north-4",
            "ap-southeast-1",
            "i18n",
            "v1.41",
            "2024-01",
            "crc32c",
            "argon2id",
            "mysql8",
            "win32api",
            "http2server",
            "w3schools",
            "余额",
            "余票_张数",
            "手机号",
            "收货地址2",
            "周期",
            "订单_2",
            "XMMC",
            "SFZH",
            "sfzjhm1",
            "3DESKEY",
            "GCJ02LAT",
            "WGS84POINT",
            "360view",
            "AES-256-CBC",
            "ISO-8859-1",
            "UTF-16",
            "A-B",
            "YHKH2",
            "P2PLOAN",
            "top10list",
            "B2BORDER",
            "level3cache",
        ] {
            assert!(!holds_value(name), "{name}");
        }
    }

    #[test]
    fn values_in_names_are_found() {
        for name in [
            "u_GZJY0110777779",
            "order_GZJY0110777779_detail",
            "a.陈磊超",
            "X-陈强涛",
            "u_刘伟娜",
            "U9GFVX7A",
            "F3AF7QMN",
            "8CJB76WY",
            "5RDFMUJS",
            "YDWF8APS",
            "957PWVXS",
            "SGKSYQF2",
            "@4szJxhvI3yvzPe9hB06wJp",
            "a,ymDswpBcrQbvZjpTifmrI1",
            "k=YiJCD1YZpkxwnUzyO9Lnt8",
            "tenant-ntrkg5ag",
            "tenant-gzjy0184244527",
            "xodyfjumbwrhmbgcn33kfl",
            "item_12345",
            "LATS-2BQM-3G93-UH2F",
            "8A3F-77K2-Q9",
            "7487-WZQJ-JVZZ-JVJV",
            "sess_382D-JQGE-EQGF-AT3V",
            "@N5TN-GFHF-BF9N-6REW",
            "$李娟艳",
        ] {
            assert!(holds_value(name), "{name}");
        }
    }
}
