//! How well secrets and personal data are told from what APIs say, on a seeded mix.
//!
//! `cargo test --test quality -- --nocapture` prints the figures.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use harcov::value::{ConstantRules, Sensitive, Way};

/// A small generator of numbers, the same on every machine.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }

    fn chars(&mut self, alphabet: &str, count: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..count)
            .map(|_| alphabet[self.below(alphabet.len())])
            .collect()
    }

    fn digits(&mut self, count: usize) -> String {
        self.chars("0123456789", count)
    }

    fn words(&mut self, count: usize, join: &str) -> String {
        let words: Vec<&str> = (0..count).map(|_| self.pick(&WORDS)).collect();
        words.join(join)
    }
}

const WORDS: [&str; 40] = [
    "order", "payment", "book", "cinema", "voucher", "ticket", "price", "list", "detail", "query",
    "member", "seat", "film", "schedule", "info", "status", "refund", "search", "cart", "item",
    "address", "profile", "event", "report", "summer", "orange", "quick", "brown", "river",
    "mountain", "window", "garden", "people", "market", "letter", "number", "water", "music",
    "paper", "north",
];
const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HAN: &str = "明伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚桂英华玉兰红";

fn luhn(body: &str) -> String {
    (0..10)
        .map(|check| format!("{body}{check}"))
        .find(|number| {
            let sum: u32 = number
                .chars()
                .rev()
                .enumerate()
                .map(|(at, c)| {
                    let digit = c.to_digit(10).unwrap();
                    if at % 2 == 0 {
                        digit
                    } else {
                        digit * 2 / 10 + digit * 2 % 10
                    }
                })
                .sum();
            sum.is_multiple_of(10)
        })
        .unwrap()
}

fn id_card(seeded: &mut Seeded) -> String {
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (region, year) = (110_000 + seeded.below(500_000), 1950 + seeded.below(60));
    let (month, day, order) = (
        1 + seeded.below(12),
        1 + seeded.below(28),
        seeded.below(1000),
    );
    let body = format!("{region}{year}{month:02}{day:02}{order:03}");
    let sum: usize = body
        .bytes()
        .zip(WEIGHTS)
        .map(|(byte, weight)| usize::from(byte - b'0') * weight)
        .sum();
    let check = b"10X98765432"[sum % 11];
    format!("{body}{}", char::from(check))
}

/// A value of a kind that rules should find.
#[expect(clippy::too_many_lines, reason = "a row for each kind")]
fn sensitive(seeded: &mut Seeded, kind: usize) -> (&'static str, String) {
    match kind {
        0 => (
            "mobile",
            format!(
                "1{}{}",
                seeded.pick(&["3", "5", "7", "8", "9"]),
                seeded.digits(9)
            ),
        ),
        1 => ("id card", id_card(seeded)),
        2 => {
            let bank = seeded.pick(&["622202", "411111", "522222", "621700"]);
            ("bank card", luhn(&format!("{bank}{}", seeded.digits(9))))
        }
        3 => (
            "plate",
            format!(
                "{}{}{}",
                seeded.pick(&["京", "粤", "沪", "浙"]),
                seeded.chars("ABCDE", 1),
                seeded.chars("ABCDEFGH0123456789", 5)
            ),
        ),
        4 => (
            "e-mail",
            format!(
                "{}{}@{}.{}",
                seeded.words(1, ""),
                seeded.digits(2),
                seeded.words(1, ""),
                seeded.pick(&["com", "cn", "org"])
            ),
        ),
        5 => (
            "ip",
            format!(
                "{}.{}.{}.{}",
                11 + seeded.below(100),
                seeded.below(256),
                seeded.below(256),
                1 + seeded.below(254)
            ),
        ),
        6 => {
            let part = |seeded: &mut Seeded, count| {
                BASE64_URL_SAFE_NO_PAD.encode(seeded.chars(ALNUM, count))
            };
            let claims = format!("{{\"sub\":\"{}\"}}", seeded.digits(8));
            (
                "jwt",
                format!(
                    "eyJhbGciOiJIUzI1NiJ9.{}.{}",
                    BASE64_URL_SAFE_NO_PAD.encode(claims),
                    part(seeded, 24)
                ),
            )
        }
        7 => {
            let hex = |seeded: &mut Seeded, count| seeded.chars("0123456789abcdef", count);
            (
                "uuid",
                format!(
                    "{}-{}-4{}-a{}-{}",
                    hex(seeded, 8),
                    hex(seeded, 4),
                    hex(seeded, 3),
                    hex(seeded, 3),
                    hex(seeded, 12)
                ),
            )
        }
        8 => (
            "hash",
            seeded.chars("0123456789abcdef", [32, 40, 64][kind % 3]),
        ),
        9 => ("random key", seeded.chars(ALNUM, 32)),
        10 => (
            "api key",
            format!(
                "{}{}",
                seeded.pick(&["sk_live_", "ghp_", "AKIA", "LTAI"]),
                seeded.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 24)
            ),
        ),
        11 => ("openid", format!("o{}", seeded.chars(ALNUM, 27))),
        12 => (
            "address",
            format!(
                "浙江省杭州市{}路{}号{}室",
                seeded.chars(HAN, 2),
                1 + seeded.below(300),
                1 + seeded.below(900)
            ),
        ),
        13 => (
            "name",
            format!(
                "{}{}",
                seeded.pick(&["王", "李", "张", "刘", "陈"]),
                seeded.chars(HAN, 2)
            ),
        ),
        14 => {
            let pairs: Vec<String> = (0..6)
                .map(|_| seeded.chars("0123456789ABCDEF", 2))
                .collect();
            ("mac", pairs.join(":"))
        }
        _ => (
            "coordinates",
            format!(
                "{}.{},{}.{}",
                18 + seeded.below(35),
                seeded.digits(5),
                75 + seeded.below(50),
                seeded.digits(5)
            ),
        ),
    }
}

/// A value that says nothing of anybody.
fn ordinary(seeded: &mut Seeded, kind: usize) -> (&'static str, String) {
    match kind {
        0 => ("word", seeded.words(1, "")),
        1 => ("slug", seeded.words(3, "-")),
        2 => ("constant", seeded.words(2, "_").to_uppercase()),
        3 => ("path", format!("/{}", seeded.words(4, "/"))),
        4 => ("sentence", seeded.words(8, " ")),
        5 => ("id", format!("{}{}", 1 + seeded.below(9), seeded.digits(5))),
        6 => (
            "order id",
            format!(
                "25{:02}{:02}{}",
                1 + seeded.below(12),
                1 + seeded.below(28),
                seeded.digits(8)
            ),
        ),
        7 => ("timestamp", format!("17{}", seeded.digits(11))),
        8 => (
            "date",
            format!(
                "2025-{:02}-{:02}T{:02}:00:00Z",
                1 + seeded.below(12),
                1 + seeded.below(28),
                seeded.below(24)
            ),
        ),
        9 => (
            "price",
            format!("{}.{}", seeded.below(500), seeded.digits(2)),
        ),
        10 => (
            "version",
            format!(
                "{}.{}.{}",
                seeded.below(20),
                seeded.below(20),
                seeded.below(20)
            ),
        ),
        11 => ("camel case", seeded.words(3, "Of")),
        12 => (
            "prefixed id",
            format!("{}_{}", seeded.words(1, ""), seeded.digits(6)),
        ),
        13 => (
            "content type",
            format!(
                "application/vnd.{}+json; charset=utf-8",
                seeded.words(2, ".")
            ),
        ),
        14 => (
            "program",
            format!(
                "Mozilla/5.0 (X11; Linux x86_64) Chrome/{}.0.{}.{} Safari/537.36",
                100 + seeded.below(50),
                1000 + seeded.below(9000),
                seeded.below(200)
            ),
        ),
        _ => ("text", "手机号不能为空，请输入正确的验证码".to_owned()),
    }
}

const KINDS: usize = 16;
const EACH: usize = 200;

#[test]
fn rules_find_what_they_are_for() {
    let mut seeded = Seeded(20_250_624);
    let known = Sensitive::built_in();
    let (mut hits, mut misses, mut false_alarms) = (0, 0, 0);
    let mut by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for kind in 0..KINDS {
        for at in 0..EACH {
            let (name, value) = sensitive(&mut seeded, kind);
            // Alone, in a text, and in a list of parameters.
            let text = match at % 3 {
                1 if name != "name" => format!("value: {value}, end"),
                2 if name != "name" => format!("a=1&b={value}&c=2"),
                _ => value.clone(),
            };
            let found = known.find(&text).is_some();
            if found {
                hits += 1;
            } else {
                misses += 1;
            }
            let row = by_kind.entry(format!("found  {name}")).or_default();
            row.0 += usize::from(found);
            row.1 += 1;
            let (name, value) = ordinary(&mut seeded, kind);
            let alarm = known.find(&value).is_some();
            false_alarms += usize::from(alarm);
            let row = by_kind.entry(format!("spared {name}")).or_default();
            row.0 += usize::from(!alarm);
            row.1 += 1;
        }
    }
    let recall = f64::from(hits) / f64::from(hits + misses);
    let precision = f64::from(hits) / (f64::from(hits) + false_alarms as f64);
    for (kind, (right, all)) in &by_kind {
        println!("{kind:<22} {right:>4} of {all}");
    }
    println!("rules: precision {precision:.4}, recall {recall:.4}");
    assert!(recall >= 0.985, "recall {recall}");
    assert!(precision >= 0.985, "precision {precision}");
}

/// A parameter with values, each seen three times, and whether they may be shown.
fn parameter(seeded: &mut Seeded, kind: usize) -> (String, Vec<String>, bool) {
    let shown_name = |seeded: &mut Seeded| {
        format!(
            "{}_{}",
            seeded.words(1, ""),
            seeded.pick(&["type", "status", "state", "mode", "channel"])
        )
    };
    let plain_name = |seeded: &mut Seeded| {
        seeded
            .pick(&["position", "availability", "x", "foo", "data1", "extra"])
            .to_owned()
    };
    let many = |seeded: &mut Seeded, make: &dyn Fn(&mut Seeded) -> String| {
        (0..3).map(|_| make(seeded)).collect::<Vec<_>>()
    };
    match kind {
        0 => (
            shown_name(seeded),
            many(seeded, &|s| s.words(2, "_").to_uppercase()),
            true,
        ),
        1 => (
            shown_name(seeded),
            many(seeded, &|s| {
                s.pick(&["pending", "paid", "refunded", "in_stock", "express"])
                    .to_owned()
            }),
            true,
        ),
        2 => (
            plain_name(seeded),
            many(seeded, &|s| {
                s.pick(&["ORDER_PAGE", "SEAT_PAGE", "IN_STOCK", "SOLD_OUT"])
                    .to_owned()
            }),
            true,
        ),
        3 => (
            shown_name(seeded),
            many(seeded, &|s| s.chars("abcdefghijklmnopqrstuvwxyz", 12)),
            false,
        ),
        4 => (
            shown_name(seeded),
            many(seeded, &|s| s.chars(ALNUM, 10)),
            false,
        ),
        5 => (
            plain_name(seeded),
            many(seeded, &|s| {
                s.pick(&["alice", "robert", "chess", "sailing", "munich", "zhangsan"])
                    .to_owned()
            }),
            false,
        ),
        6 => (
            plain_name(seeded),
            many(seeded, &|s| s.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 6)),
            false,
        ),
        7 => (
            seeded
                .pick(&[
                    "password",
                    "nickName",
                    "realName",
                    "token",
                    "voucher_code",
                    "openid",
                ])
                .to_owned(),
            many(seeded, &|s| s.words(1, "")),
            false,
        ),
        8 => (
            seeded
                .pick(&["order_id", "userId", "ref", "serial_no"])
                .to_owned(),
            many(seeded, &|s| s.digits(6)),
            false,
        ),
        9 => (
            shown_name(seeded),
            many(seeded, &|s| format!("1{}", s.digits(10))),
            false,
        ),
        _ => (
            shown_name(seeded),
            many(seeded, &|s| {
                s.pick(&["alice", "robert", "maria", "hannah"]).to_owned()
            }),
            false,
        ),
    }
}

#[test]
fn constants_are_shown_and_nothing_else() {
    let mut seeded = Seeded(19_491_001);
    let rules = ConstantRules::built_in();
    let (mut hidden_rightly, mut leaked, mut hidden_wrongly) = (0, 0, 0);
    let mut by_kind: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for kind in 0..11 {
        for _ in 0..EACH {
            let (name, values, public) = parameter(&mut seeded, kind);
            let naming = rules.naming(&name, Way::Sent);
            let kept: BTreeMap<String, usize> = values
                .iter()
                .filter(|value| rules.is_candidate(naming, value))
                .map(|value| (value.clone(), 3))
                .collect();
            let shown = !kept.is_empty() && rules.listable(&name, &kept);
            match (public, shown) {
                (false, false) => hidden_rightly += 1,
                (false, true) => leaked += 1,
                (true, false) => hidden_wrongly += 1,
                (true, true) => {}
            }
            let row = by_kind.entry(kind).or_default();
            row.0 += usize::from(shown == public);
            row.1 += 1;
        }
    }
    for (kind, (right, all)) in &by_kind {
        println!("parameters of kind {kind:>2}: {right:>4} of {all} right");
    }
    let recall = f64::from(hidden_rightly) / f64::from(hidden_rightly + leaked);
    let precision = f64::from(hidden_rightly) / f64::from(hidden_rightly + hidden_wrongly);
    println!("hiding: precision {precision:.4}, recall {recall:.4}");
    assert!(recall >= 0.97, "recall {recall}");
    assert!(precision >= 0.97, "precision {precision}");
}
