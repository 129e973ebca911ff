//! `harcov serve` over a real socket: what it shows, when it makes the report anew, and whom it
//! turns away.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use common::served::Served;
use common::{Folder, harcov};
use serde_json::{Value, json};

fn har(paths: &[&str]) -> String {
    let entries: Vec<Value> = paths
        .iter()
        .map(|path| {
            json!({
                "startedDateTime": "2025-01-01T00:00:00.000Z",
                "request": { "method": "GET", "url": format!("https://api.shop.example{path}"), "headers": [] },
                "response": { "status": 200, "headers": [], "content": { "mimeType": "application/json", "text": "{\"id\":1}" } },
            })
        })
        .collect();
    json!({ "log": { "entries": entries } }).to_string()
}

#[test]
fn the_report_is_served_and_made_anew() {
    let folder = Folder::new();
    folder.file("captures/a.har", har(&["/v1/orders/list"]));
    folder.file("manifest.toml", "");
    folder.file(
        "harcov.toml",
        "captures = [\"captures\"]\nmanifest = [\"manifest.toml\"]\n",
    );
    let served = Served::start(&folder, &[]);
    let (status, head, page) = served.get("");
    assert_eq!(status, 200);
    assert!(
        page.contains("/orders") && !page.contains("/carts"),
        "{page:.200}"
    );
    for field in [
        "cache-control: no-store",
        "x-frame-options: deny",
        "content-type: text/html",
    ] {
        assert!(head.to_lowercase().contains(field), "{head}");
    }
    assert!(page.contains("connect-src &#39;self&#39;"));

    // A capture is added, the manifest changes, the configuration breaks and is mended.
    folder.file("captures/b.har", har(&["/v1/carts/list"]));
    let version = served.wait(|now| now["version"] == 2);
    assert_eq!(version["problem"], Value::Null);
    assert!(served.get("").2.contains("carts"));
    folder.file(
        "manifest.toml",
        "[[endpoint]]\nmethod = \"GET\"\nroute = \"/v1/carts/list\"\n",
    );
    served.wait(|now| now["version"] == 3);
    assert!(served.get("").2.contains("endpoint implemented"));
    folder.file("harcov.toml", "captures = [\"captures\"]\nmanifests = 1\n");
    let broken = served.wait(|now| !now["problem"].is_null());
    assert_eq!(broken["version"], 3);
    assert!(
        broken["problem"].as_str().unwrap().contains("manifests"),
        "{broken}"
    );
    assert_eq!(served.get("").0, 200);
    folder.file(
        "harcov.toml",
        "captures = [\"captures\"]\ntitle = \"Mended\"\n",
    );
    let mended = served.wait(|now| now["version"] == 4);
    assert_eq!(mended["problem"], Value::Null);
    assert!(served.get("").2.contains("Mended"));
}

#[test]
fn what_changed_since_is_told_anew_when_the_past_changes() {
    let folder = Folder::new();
    let capture = folder.file("now.har", har(&["/v1/orders/list", "/v1/carts/list"]));
    let args = ["--no-config", &capture, "--since", "past.json"];
    let report = |paths: &[&str]| {
        let old = folder.file("old.har", har(paths));
        let target = format!("json={}", folder.at("past.json"));
        let made = harcov(&["report", "-q", "--no-config", &old, "--report", &target]);
        assert_eq!(made.code, 0, "{}", made.err);
    };
    report(&["/v1/orders/list"]);
    let served = Served::start(&folder, &args);
    let page = served.get("").2;
    let (_, since) = page.split_once("class=\"card since\"").unwrap();
    assert!(
        since.contains("past.json") && since.contains("/carts"),
        "{since:.600}"
    );
    report(&["/v1/orders/list", "/v1/carts/list"]);
    served.wait(|now| now["version"] == 2);
    let page = served.get("").2;
    let (_, since) = page.split_once("class=\"card since\"").unwrap();
    let (since, _) = since.split_once("<details").unwrap();
    assert!(!since.contains("/carts"), "{since}");
    // What cannot be read is told, and the report stays.
    folder.file("past.json", "{\"schema\": \"harcov.report/1\"}");
    let broken = served.wait(|now| !now["problem"].is_null());
    assert!(broken["problem"].as_str().unwrap().contains("past.json"));
    assert_eq!(served.get("").0, 200);
}

#[test]
fn a_dropped_capture_is_read_and_written_nowhere() {
    let folder = Folder::new();
    let capture = folder.file("a.har", har(&["/v1/orders/list"]));
    let served = Served::start(&folder, &["--no-config", &capture]);
    let files = || {
        let walk = walkdir::WalkDir::new(folder.path()).sort_by_file_name();
        walk.into_iter()
            .map(|file| file.unwrap().into_path())
            .collect::<Vec<_>>()
    };
    let before = files();
    let (status, answer) = served.drop_on(
        "..%2F..%2Fetc%2F%3Cb%3E%0Adropped.har",
        har(&["/v1/seats/free"]).as_bytes(),
    );
    assert_eq!((status, &answer["path"]), (201, &json!("dropped/1/")));
    let (status, _, page) = served.get("dropped/1/");
    assert_eq!(status, 200);
    assert!(page.contains("/seats") && !page.contains("/orders"));
    assert!(
        page.contains("<title>&lt;b&gt; dropped.har") || page.contains("dropped.har · "),
        "{page:.900}"
    );
    assert!(!page.contains("<b>\n"));
    // The served report stays as it was, and so does the disk.
    assert!(served.get("").2.contains("/orders"));
    assert_eq!(served.version()["version"], 1);
    assert_eq!(files(), before);

    let (status, answer) = served.drop_on("x", b"no capture");
    assert_eq!(status, 422);
    assert!(!answer["problem"].as_str().unwrap().is_empty());
    assert_eq!(served.get("dropped/2/").0, 404);
}

#[test]
fn strangers_are_turned_away() {
    let folder = Folder::new();
    let capture = folder.file("a.har", har(&["/v1/orders/list"]));
    folder.file("secret.txt", "TOP SECRET");
    let served = Served::start(&folder, &["--no-config", &capture]);
    let page = format!("GET {}", served.path(""));
    let port = served.host.rsplit(':').next().unwrap();

    // Another host, as a page whose name was made to mean this machine would send it; or none.
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1",
        "[::1]:80",
    ] {
        assert_eq!(served.send(&page, &[("Host", host)], b"").0, 421, "{host}");
    }
    assert_eq!(served.send(&page, &[], b"").0, 421);
    // Another page's scripts.
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let fields = [("Host", served.host.as_str()), ("Origin", origin)];
        assert_eq!(served.send(&page, &fields, b"").0, 403, "{origin}");
    }
    let fields = [
        ("Host", served.host.as_str()),
        ("Sec-Fetch-Site", "cross-site"),
    ];
    assert_eq!(served.send(&page, &fields, b"").0, 403);
    // A wrong secret, and ways around it.
    let wrong = "0".repeat(32);
    for path in [
        "/",
        "/secret.txt",
        &format!("/{wrong}/"),
        &format!("/x/../{}/", served.token),
        "//",
    ] {
        let (status, _, body) = served.send(&format!("GET {path}"), &[("Host", &served.host)], b"");
        assert!(status == 404 || status == 400, "{path}: {status}");
        assert!(!body.contains(&served.token) && !body.contains("orders"));
    }
    // No file of the disk has an address.
    for path in [
        "secret.txt",
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "....//secret.txt",
        "dropped/../secret.txt",
        "dropped/../../secret.txt/",
        "dropped/-1/",
        "dropped/99999999999999999999/",
    ] {
        let (status, _, body) = served.get(path);
        assert_eq!(status, 404, "{path}");
        assert!(!body.contains("TOP SECRET"));
    }
    // Captures come from the page only, and not by other methods.
    let length = [("Host", served.host.as_str()), ("Content-Length", "2")];
    assert_eq!(
        served
            .send(&format!("POST {}", served.path("report")), &length, b"{}")
            .0,
        403
    );
    let own = [("Host", served.host.as_str()), ("Origin", &served.origin())];
    for (method, path) in [
        ("PUT", "report"),
        ("DELETE", ""),
        ("POST", "version"),
        ("POST", ""),
    ] {
        let (status, ..) = served.send(&format!("{method} {}", served.path(path)), &own, b"");
        assert_eq!(status, 405, "{method} {path}");
    }
    assert_eq!(served.get("report").0, 405);
}

#[test]
fn a_capture_beyond_all_bounds_is_not_read() {
    let folder = Folder::new();
    let capture = folder.file("a.har", har(&["/v1/orders/list"]));
    let served = Served::start(&folder, &["--no-config", &capture]);
    let fields = [
        ("Host", served.host.as_str()),
        ("Origin", &served.origin()),
        ("Content-Length", "400000000000"),
    ];
    let mut stream = TcpStream::connect(&served.host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let mut head = format!("POST {} HTTP/1.1\r\n", served.path("report"));
    for (name, value) in fields {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    let mut answer = [0; 64];
    let length = stream.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // Others are served meanwhile.
    assert_eq!(served.get("").0, 200);
}

#[test]
fn it_listens_on_the_loopback_only() {
    let folder = Folder::new();
    let capture = folder.file("a.har", har(&["/v1/orders/list"]));
    let served = Served::start(&folder, &["--no-config", &capture]);
    assert!(served.host.starts_with("127.0.0.1:"));
    let port: u16 = served.host.rsplit(':').next().unwrap().parse().unwrap();
    // Any other address of this machine: where packets to the outside would start from.
    let outside = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    match outside {
        Ok(address) if !address.ip().is_loopback() => {
            assert!(
                TcpStream::connect_timeout(&(address.ip(), port).into(), Duration::from_secs(2))
                    .is_err()
            );
        }
        _ => eprintln!("left out: this machine has no other address"),
    }
}
