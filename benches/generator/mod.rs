//! Deterministic big captures: the same arguments give the same bytes.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

/// What the traffic is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// 80 % JSON exchanges of 2 to 20 KB with about 20 headers a message; the rest is small.
    Api,
    /// Mostly scripts and base64 images of 0.1 to 2 MB; every tenth entry is an API call.
    Web,
}

/// How to write a capture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// What the traffic is like.
    pub(crate) style: Style,
    /// Indented, as browsers save it, or all in one line.
    pub(crate) pretty: bool,
    /// The least number of bytes to write.
    pub(crate) bytes: u64,
}

/// Writes a capture; gives the number of its entries.
pub(crate) fn write_capture(plan: Plan, out: &mut dyn Write) -> io::Result<usize> {
    let head = r#"{"log":{"version":"1.2","creator":{"name":"capture_gen","version":"1"},"pages":[],"entries":["#;
    out.write_all(head.as_bytes())?;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut written = head.len() as u64;
    let mut count = 0;
    while written < plan.bytes {
        let entry = entry(plan.style, count, &mut random);
        let mut text = if count == 0 {
            Vec::new()
        } else {
            b",".to_vec()
        };
        if plan.pretty {
            text.push(b'\n');
            let pretty = serde_json::to_string_pretty(&entry)?;
            for line in pretty.lines() {
                writeln!(text, "      {line}")?;
            }
        } else {
            serde_json::to_writer(&mut text, &entry)?;
        }
        out.write_all(&text)?;
        written += text.len() as u64;
        count += 1;
    }
    out.write_all(b"]}}\n")?;
    out.flush()?;
    Ok(count)
}

/// Marsaglia's xorshift64, which is enough to make captures look alike and not the same.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or_default()
    }

    fn small(&mut self, bound: u16) -> u16 {
        u16::try_from(self.below(bound.into())).unwrap_or_default()
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn hex(&mut self, digits: usize) -> String {
        let mut text = String::new();
        while text.len() < digits {
            let _ = write!(text, "{:016x}", self.next());
        }
        text.truncate(digits);
        text
    }
}

fn entry(style: Style, index: usize, random: &mut Random) -> Value {
    let api = match style {
        Style::Api => random.below(10) < 8,
        Style::Web => random.below(10) == 0,
    };
    let (request, mut response, kind) = match (api, style) {
        (true, _) => api_call(random),
        (false, Style::Api) => small_asset(random),
        (false, Style::Web) => large_asset(random),
    };
    response["_transferSize"] = json!(random.below(100_000));
    let at = index * 37;
    json!({
        "_connectionId": random.below(100_000).to_string(),
        "_initiator": {"type": "script", "stack": {"callFrames": [
            {"functionName": "send", "scriptId": "41", "url": "https://www.example.com/static/app.js", "lineNumber": 12, "columnNumber": 30_412},
            {"functionName": "", "scriptId": "41", "url": "https://www.example.com/static/app.js", "lineNumber": 12, "columnNumber": 9321},
        ]}},
        "_priority": "High",
        "_resourceType": kind,
        "cache": {},
        "connection": "443",
        "pageref": "page_1",
        "request": request,
        "response": response,
        "serverIPAddress": "192.0.2.7",
        "startedDateTime": format!("2026-03-{:02}T{:02}:{:02}:{:02}.{:03}Z", 1 + at / 86_400_000 % 28, at / 3_600_000 % 24, at / 60_000 % 60, at / 1000 % 60, at % 1000),
        "time": 51.5 + f64::from(random.small(1000)) / 8.0,
        "timings": {"blocked": 1.25, "dns": -1, "ssl": -1, "connect": -1, "send": 0.125, "wait": 48.5, "receive": 1.75, "_blocked_queueing": 0.5},
    })
}

const RESOURCES: [&str; 12] = [
    "cinema", "order", "voucher", "user", "film", "seat", "coupon", "payment", "session", "member",
    "city", "notice",
];
const ACTIONS: [&str; 8] = [
    "info", "list", "detail", "create", "cancel", "query", "change", "price",
];

fn api_call(random: &mut Random) -> (Value, Value, &'static str) {
    let resource = random.pick(&RESOURCES);
    let action = random.pick(&ACTIONS);
    let url = format!(
        "https://api.example.com/v1/cinema/{}/{resource}/{action}/?page={}&_t={}",
        1000 + random.below(40),
        random.below(9),
        random.next()
    );
    let post = matches!(action, "create" | "cancel" | "change" | "price");
    let mut request = message(if post { "POST" } else { "GET" }, &url, random);
    if post {
        let text = format!(
            "order_id={}&pay_type={}&token={}",
            random.next(),
            random.pick(&["WECHAT", "ALIPAY", "MEMBERCARD"]),
            random.hex(32)
        );
        request["postData"] =
            json!({"mimeType": "application/x-www-form-urlencoded", "text": text, "params": []});
    }
    let size = 2000 + random.below(18_000);
    let text = body(resource, size, random);
    let response = reply(
        200,
        "application/json; charset=utf-8",
        &json!({"size": text.len(), "mimeType": "application/json", "text": text}),
        random,
    );
    (request, response, if post { "fetch" } else { "xhr" })
}

fn body(resource: &str, size: usize, random: &mut Random) -> String {
    let mut items = Vec::new();
    let mut length = 100;
    while length < size {
        let item = json!({
            "id": random.next() >> 24,
            format!("{resource}_no"): random.hex(20),
            "name": format!("{} {}", random.pick(&["Grand Hall", "影厅", "Riverside", "Sala Ñ"]), random.below(90)),
            "status": random.pick(&["PROCESSING", "SUCCESS", "CANCELLED"]),
            "price": f64::from(random.small(20_000)) / 100.0,
            "count": random.below(10),
            "enabled": random.below(2) == 0,
            "remark": Value::Null,
            "tags": ["imax", "3d"],
            "address": {"city": "Sample", "street": format!("Road {}", random.below(900)), "note": "a \"quoted\" word\nand a line"},
            "created_at": format!("2026-03-01 {:02}:{:02}:00", random.below(24), random.below(60)),
        });
        length += item.to_string().len();
        items.push(item);
    }
    json!({"ret": 0, "sub": 0, "msg": "success", "data": {"total": items.len(), "list": items}})
        .to_string()
}

fn small_asset(random: &mut Random) -> (Value, Value, &'static str) {
    let url = format!("https://static.example.com/i/{}.png", random.hex(12));
    let content = json!({"size": 1200, "mimeType": "image/png", "text": base64_like(1600, random), "encoding": "base64"});
    (
        message("GET", &url, random),
        reply(200, "image/png", &content, random),
        "image",
    )
}

fn large_asset(random: &mut Random) -> (Value, Value, &'static str) {
    let size = 100_000 + random.below(1_900_000);
    if random.below(2) == 0 {
        let url = format!("https://static.example.com/i/{}.jpg", random.hex(12));
        let content = json!({"size": size / 4 * 3, "mimeType": "image/jpeg", "text": base64_like(size, random), "encoding": "base64"});
        return (
            message("GET", &url, random),
            reply(200, "image/jpeg", &content, random),
            "image",
        );
    }
    let url = format!("https://static.example.com/js/{}.chunk.js", random.hex(8));
    let mut script = String::with_capacity(size + 200);
    while script.len() < size {
        let _ = writeln!(
            script,
            "function {}(e,t){{var n=\"{}\";return e&&t.map(function(r){{return r.{}+n}})}}",
            random.pick(&ACTIONS),
            random.hex(16),
            random.pick(&RESOURCES)
        );
    }
    let content =
        json!({"size": script.len(), "mimeType": "application/javascript", "text": script});
    (
        message("GET", &url, random),
        reply(200, "application/javascript", &content, random),
        "script",
    )
}

/// Base64 of a kilobyte of noise, over and over.
fn base64_like(size: usize, random: &mut Random) -> String {
    let unit = random.hex(1024);
    unit.chars().cycle().take(size / 4 * 4).collect()
}

fn headers(first: &[(&str, String)], random: &mut Random) -> Value {
    const COMMON: [(&str, &str); 16] = [
        ("accept", "application/json, text/plain, */*"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
        ("accept-language", "en-GB,en;q=0.9,zh-CN;q=0.8"),
        ("cache-control", "no-cache"),
        ("origin", "https://www.example.com"),
        ("pragma", "no-cache"),
        ("priority", "u=1, i"),
        ("referer", "https://www.example.com/orders"),
        (
            "sec-ch-ua",
            "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"",
        ),
        ("sec-ch-ua-mobile", "?0"),
        ("sec-ch-ua-platform", "\"Linux\""),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-site", "same-site"),
        (
            "strict-transport-security",
            "max-age=31536000; includeSubDomains",
        ),
        (
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        ),
    ];
    let own = first
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}));
    let common = COMMON
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}));
    let id = json!({"name": "X-Request-Id", "value": random.hex(32)});
    own.chain(common).chain([id]).collect()
}

fn message(method: &str, url: &str, random: &mut Random) -> Value {
    let own = [
        (":method", method.to_owned()),
        (":authority", "api.example.com".to_owned()),
        ("cookie", format!("sid={}", random.hex(64))),
    ];
    json!({
        "method": method, "url": url, "httpVersion": "h2", "headers": headers(&own, random),
        "queryString": [{"name": "page", "value": "1"}],
        "cookies": [{"name": "sid", "value": random.hex(64), "path": "/", "expires": Value::Null, "httpOnly": true}],
        "headersSize": -1, "bodySize": 0,
    })
}

fn reply(status: u16, media: &str, content: &Value, random: &mut Random) -> Value {
    let own = [
        ("content-type", media.to_owned()),
        ("set-cookie", format!("t={}", random.hex(40))),
        ("date", "Sun, 01 Mar 2026 10:00:00 GMT".to_owned()),
    ];
    json!({
        "status": status, "statusText": "", "httpVersion": "h2", "headers": headers(&own, random),
        "cookies": [], "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1,
    })
}
