//! The pages that are tested.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::common::{Folder, WOMOVIE, WOMOVIE_CONFIG, WOMOVIE_LATER, harcov};
use crate::driver::url;

/// Endpoints of the large page.
const MANY: usize = 1000;

/// Addresses of the pages, which lie in a folder of their own.
pub struct Pages {
    folder: Folder,
    pub english: String,
    pub chinese: String,
    /// The style sheet and the script beside the page.
    pub external: String,
    pub many: String,
    pub one: String,
    pub hostile: String,
    /// With a trend of three points.
    pub since: String,
    /// Pages of diffs.
    pub diff: String,
    pub diff_chinese: String,
    pub diff_hostile: String,
}

impl Pages {
    pub fn make() -> Pages {
        let folder = Folder::new();
        let sample = |name: &str, lang: &str, more: &[&str]| {
            let target = format!("html={}", folder.at(name));
            let mut args = vec!["report", "-q", "--config", WOMOVIE_CONFIG, "--lang", lang];
            args.extend(["--report", &target]);
            args.extend(more);
            assert_eq!(harcov(&args).fine(), "");
            url(&folder.path().join(name))
        };
        let source = ["--source-url", "https://git.example/r/{path}#L{line}"];
        let english = sample("english.html", "en", &source);
        let chinese = sample("chinese.html", "zh-CN", &[]);
        let external = sample("external.html", "en", &["--html-assets", "external"]);
        let generated = |name: &str, capture: &Value, manifest: &str| {
            let capture = folder.file(&format!("{name}.har"), capture.to_string());
            let manifest = folder.file(&format!("{name}.toml"), manifest);
            let target = format!("html={}", folder.at(&format!("{name}.html")));
            let args = ["report", "-q", "--no-config", "--manifest", &manifest];
            let ran = harcov(&[&args[..], &["--report", &target, &capture]].concat());
            assert_eq!(ran.code, 0, "{}", ran.err);
            url(&folder.path().join(format!("{name}.html")))
        };
        let (capture, manifest) = many(MANY);
        let many = generated("many", &capture, &manifest);
        let (capture, manifest) = self::many(1);
        let one = generated("one", &capture, &manifest);
        let hostile = generated("hostile", &attack(), "");
        let diff = |name: &str, args: &[&str]| {
            let target = format!("html={}", folder.at(name));
            let ran = harcov(&[&["diff", "-q", "--report", &target], args].concat());
            assert_eq!(ran.code, 0, "{}", ran.err);
            url(&folder.path().join(name))
        };
        let later = |name: &str, lang: &str| {
            let sides = ["--config", WOMOVIE_CONFIG, WOMOVIE, WOMOVIE_LATER];
            diff(name, &[&sides[..], &["--lang", lang]].concat())
        };
        let nothing = folder.file("nothing.toml", "");
        let past = folder.at("past.json");
        let target = format!("json={past}");
        let args = ["report", "-q", "--config", WOMOVIE_CONFIG, WOMOVIE];
        let made = harcov(&[&args[..], &["--manifest", &nothing, "--report", &target]].concat());
        assert_eq!(made.code, 0, "{}", made.err);
        let pasts = [WOMOVIE_LATER, "--since", &past, "--since", WOMOVIE];
        let since = sample("since.html", "en", &pasts);
        let (one_capture, hostile_capture) = (folder.at("one.har"), folder.at("hostile.har"));
        let diff_english = later("diff.html", "en");
        let diff_chinese = later("diff-chinese.html", "zh-CN");
        let diff_hostile = diff(
            "diff-hostile.html",
            &["--no-config", &one_capture, &hostile_capture],
        );
        Pages {
            since,
            diff: diff_english,
            diff_chinese,
            diff_hostile,
            folder,
            english,
            chinese,
            external,
            many,
            one,
            hostile,
        }
    }

    /// The file of a page.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A page's text.
    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    /// Writes a further page and gives its address.
    pub fn add(&self, name: &str, text: &str) -> String {
        self.folder.file(name, text);
        url(&self.file(name))
    }
}

const NOUNS: [&str; 40] = [
    "users",
    "orders",
    "carts",
    "items",
    "products",
    "payments",
    "invoices",
    "coupons",
    "vouchers",
    "tickets",
    "cinemas",
    "films",
    "seats",
    "halls",
    "sessions",
    "members",
    "cities",
    "notices",
    "reviews",
    "ratings",
    "messages",
    "channels",
    "teams",
    "projects",
    "tasks",
    "comments",
    "files",
    "images",
    "reports",
    "dashboards",
    "widgets",
    "alerts",
    "rules",
    "policies",
    "roles",
    "tokens",
    "devices",
    "regions",
    "zones",
    "clusters",
];
const VERBS: [&str; 25] = [
    "list", "detail", "create", "update", "remove", "search", "export", "import", "archive",
    "restore", "approve", "reject", "assign", "cancel", "confirm", "copy", "move", "rename",
    "share", "lock", "unlock", "publish", "preview", "stats", "history",
];

/// A capture with so many endpoints, and a manifest that names every third.
pub fn many(count: usize) -> (Value, String) {
    let mut entries = Vec::new();
    let mut manifest = String::new();
    for at in 0..count {
        let (noun, verb) = (NOUNS[at % 40], VERBS[at / 40 % 25]);
        let (method, route) = if at % 4 == 1 {
            ("POST", format!("/v1/{noun}/{verb}"))
        } else {
            ("GET", format!("/v1/{noun}/{verb}"))
        };
        for call in 0..=at % 3 {
            let mut request = json!({
                "method": method, "headers": [], "queryString": [],
                "url": format!("https://api.shop.example{route}?page={call}&type=ALL"),
            });
            if method == "POST" {
                let body = json!({ "mode": "FAST", "items": [{ "sku": "a", "count": call }] });
                request["postData"] =
                    json!({ "mimeType": "application/json", "text": body.to_string() });
            }
            let body = json!({ "code": 0, "data": { "total": 3, "list": [
                { "id": at, "name": "x", "status": "ACTIVE", "price": 1.5, "tags": ["a"] },
            ], "page": { "index": call, "has_next": false } } });
            entries.push(exchange(entries.len(), &request, &body));
        }
        if at % 3 == 0 {
            let _ = write!(
                manifest,
                "[[endpoint]]\nmethod = \"{method}\"\nroute = \"{route}\"\n\n"
            );
        }
    }
    (
        json!({ "log": { "version": "1.2", "entries": entries } }),
        manifest,
    )
}

fn exchange(at: usize, request: &Value, body: &Value) -> Value {
    json!({
        "startedDateTime": format!("2025-01-01T{:02}:{:02}:{:02}.000Z", at / 3600 % 24, at / 60 % 60, at % 60),
        "time": 1,
        "request": request,
        "response": { "status": 200, "statusText": "OK", "headers": [], "content": {
            "mimeType": "application/json", "text": body.to_string(),
        } },
    })
}

/// Everything that could run, load or break out, wherever a capture has text.
fn attack() -> Value {
    let attacks = [
        "<script>window.hacked=1</script>",
        "</script><script>window.hacked=1</script>",
        "</style><script>window.hacked=1</script>",
        "</noscript><img src=x onerror=window.hacked=1>",
        "<!--<script>",
        "\"><img src=https://evil.example/i onerror=window.hacked=1>",
        "'><svg/onload=window.hacked=1>",
        "</textarea><iframe src=javascript:window.hacked=1>",
        "javascript:window.hacked=1",
        "<link rel=stylesheet href=https://evil.example/s>",
        "<base href=https://evil.example/>",
        "<form action=https://evil.example><input autofocus onfocus=window.hacked=1>",
        "__proto__",
        "constructor.prototype.x",
        "{{ title }}",
        "' || '$(touch hacked)",
    ];
    let mut entries = Vec::new();
    for attack in attacks {
        let encoded =
            percent_encoding::utf8_percent_encode(attack, percent_encoding::NON_ALPHANUMERIC);
        let mut body = json!({ "type": attack, "status": attack });
        body[attack] = json!(attack);
        for (method, url) in [
            (
                "GET",
                format!("https://api.shop.example/v1/items/{encoded}?{encoded}={encoded}"),
            ),
            (
                "POST",
                format!("https://api.shop.example/v1/{encoded}/orders"),
            ),
            (attack, format!("https://api.shop.example/v1/{attack}")),
        ] {
            let request = json!({
                "method": method, "url": url, "headers": [],
                "queryString": [{ "name": attack, "value": attack }],
                "postData": { "mimeType": "application/json", "text": body.to_string() },
            });
            entries.push(exchange(entries.len(), &request, &body));
        }
    }
    json!({ "log": { "version": "1.2", "creator": { "name": attacks[1], "version": attacks[5] }, "entries": entries } })
}
