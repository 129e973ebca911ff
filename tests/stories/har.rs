//! A capture that is written entry by entry, with a clock and dice of its own.

use serde_json::{Value, json};

/// Dice with a seed (xorshift64*), so that every run throws the same.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit
    }

    pub(crate) fn range(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to - from + 1)
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }

    /// An id of one of the usual forms, always the same one for a story.
    pub(crate) fn id(&mut self, form: u64) -> String {
        match form % 4 {
            0 => format!("{}", self.range(100_000, 99_999_999)),
            1 => format!(
                "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
                self.below(1 << 32),
                self.below(1 << 16),
                self.below(1 << 12),
                self.below(1 << 12),
                self.below(1 << 48)
            ),
            2 => format!(
                "{}{:010}",
                self.range(20_250_101, 20_251_231),
                self.below(10_000_000_000)
            ),
            _ => format!(
                "{}_{}",
                ["ord", "itm", "usr", "key"][usize::try_from(form / 4 % 4).unwrap()],
                self.word(14)
            ),
        }
    }

    /// Letters and digits as secrets have them.
    pub(crate) fn word(&mut self, length: usize) -> String {
        const SIGNS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let mut word: String = (1..length).map(|_| char::from(*self.pick(SIGNS))).collect();
        word.push(char::from(b'2' + u8::try_from(self.below(8)).unwrap()));
        word
    }
}

/// How much stands in the way of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Noise {
    /// Nothing but the story.
    None,
    /// Other hosts, assets, pages; numbers that become texts; uneven gaps.
    Some,
    /// All that, failures with retries, a second user in between, ids inside JSON texts, values that
    /// are equal by chance, and entries out of order.
    Much,
}

/// Where a request sends its parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Json,
    Form,
}

/// One request before it is written.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<(Body, Value)>,
    pub(crate) status: u16,
    pub(crate) answer: Value,
    /// Headers of the answer.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// Entries with the times at which they started.
pub(crate) struct Capture {
    pub(crate) dice: Dice,
    pub(crate) noise: Noise,
    pub(crate) host: String,
    pub(crate) token: Option<String>,
    pub(crate) cookie: Option<String>,
    /// Milliseconds since the start.
    pub(crate) now: u64,
    pub(crate) entries: Vec<(u64, Value)>,
}

impl Capture {
    pub(crate) fn new(seed: u64, noise: Noise) -> Self {
        Capture {
            dice: Dice::new(seed),
            noise,
            host: "api.shop.example".to_owned(),
            token: None,
            cookie: None,
            now: 0,
            entries: Vec::new(),
        }
    }

    /// Lets some time pass, as a person would.
    pub(crate) fn think(&mut self) {
        self.now += self.dice.range(1_200, 4_800);
        if self.noise >= Noise::Some && self.dice.chance(40) {
            self.distraction();
        }
    }

    /// Makes a call; with much noise it may fail first and be made again.
    pub(crate) fn call(&mut self, call: &Call) {
        if self.noise >= Noise::Much && self.dice.chance(8) {
            let answer = json!({"code": "E5000", "message": "try again"});
            self.write(call, 503, &answer);
            self.now += 700;
        }
        self.write(call, call.status, &call.answer);
    }

    /// An id as the API writes it this time: with noise a number may be a text.
    pub(crate) fn written(&mut self, id: &str) -> Value {
        match id.parse::<u64>() {
            Ok(number) if !(self.noise >= Noise::Some && self.dice.chance(50)) => json!(number),
            _ => json!(id),
        }
    }

    fn write(&mut self, call: &Call, status: u16, answer: &Value) {
        let took = self.dice.range(20, 110);
        let query: Vec<String> = (call.query.iter())
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let query = if query.is_empty() {
            String::new()
        } else {
            format!("?{}", query.join("&"))
        };
        let mut headers = vec![json!({"name": "accept", "value": "application/json"})];
        if let Some(token) = &self.token {
            headers.push(json!({"name": "authorization", "value": format!("Bearer {token}")}));
        }
        if let Some(cookie) = &self.cookie {
            headers.push(json!({"name": "cookie", "value": cookie}));
        }
        let answered: Vec<Value> = (call.headers.iter())
            .filter(|_| status < 500)
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        let mut request = json!({
            "method": call.method,
            "url": format!("https://{}{}{query}", self.host, call.path),
            "headers": headers,
        });
        if let Some((form, body)) = &call.body {
            let (media, text) = match form {
                Body::Json => ("application/json", body.to_string()),
                Body::Form => {
                    let pairs: Vec<String> = body
                        .as_object()
                        .unwrap()
                        .iter()
                        .map(|(name, value)| format!("{name}={}", encoded(&plain(value))))
                        .collect();
                    ("application/x-www-form-urlencoded", pairs.join("&"))
                }
            };
            request["postData"] = json!({"mimeType": media, "text": text});
        }
        let entry = json!({
            "startedDateTime": time(self.now),
            "time": took,
            "request": request,
            "response": {
                "status": status,
                "headers": answered,
                "content": {"mimeType": "application/json", "text": answer.to_string()},
            },
        });
        self.entries.push((self.now, entry));
        self.now += took + self.dice.range(30, 200);
    }

    /// Something that is none of the API's business.
    pub(crate) fn distraction(&mut self) {
        let started = time(self.now);
        let id = self.dice.id(0);
        let entry = match self.dice.below(3) {
            0 => json!({
                "startedDateTime": started, "time": 12, "_resourceType": "ping",
                "request": {"method": "POST", "url": format!("https://www.google-analytics.com/collect?cid={id}"), "headers": []},
                "response": {"status": 204, "headers": [], "content": {"mimeType": "text/plain", "text": ""}},
            }),
            1 => json!({
                "startedDateTime": started, "time": 12, "_resourceType": "image",
                "request": {"method": "GET", "url": format!("https://cdn.shop.example/img/{id}.png"), "headers": []},
                "response": {"status": 200, "headers": [], "content": {"mimeType": "image/png", "text": ""}},
            }),
            _ => json!({
                "startedDateTime": started, "time": 12,
                "request": {"method": "OPTIONS", "url": format!("https://{}/x", self.host), "headers": []},
                "response": {"status": 204, "headers": [], "content": {"mimeType": "", "text": ""}},
            }),
        };
        self.entries.push((self.now, entry));
        self.now += 15;
    }

    /// The capture as a HAR file; with much noise its entries are out of order.
    pub(crate) fn har(mut self) -> Value {
        if self.noise >= Noise::Much {
            for at in (1..self.entries.len()).rev() {
                let other = usize::try_from(self.dice.below(at as u64 + 1)).unwrap();
                self.entries.swap(at, other);
            }
        } else {
            self.entries.sort_by_key(|(at, _)| *at);
        }
        let entries: Vec<Value> = self.entries.into_iter().map(|(_, entry)| entry).collect();
        json!({"log": {"version": "1.2", "creator": {"name": "stories", "version": "1"}, "entries": entries}})
    }
}

/// A value as forms write it.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn time(ms: u64) -> String {
    let seconds = ms / 1_000;
    format!(
        "2025-03-04T{:02}:{:02}:{:02}.{:03}Z",
        8 + seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60,
        ms % 1_000
    )
}
