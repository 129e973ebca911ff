//! `harcov serve` as a process of its own, and what it answers.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Folder;

/// A running server; ended when dropped.
pub struct Served {
    process: Child,
    /// `127.0.0.1:PORT`
    pub host: String,
    pub token: String,
}

impl Served {
    pub fn start(folder: &Folder, args: &[&str]) -> Served {
        let mut process = Command::new(env!("CARGO_BIN_EXE_harcov"))
            .current_dir(folder.path())
            .arg("serve")
            .args(args)
            .stdout(Stdio::piped())
            .stderr(File::create(folder.path().join("serve.log")).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("http://").unwrap();
        let (host, token) = address.split_once('/').unwrap();
        Served {
            process,
            host: host.to_owned(),
            token: token.trim_end_matches('/').to_owned(),
        }
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.token)
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.host)
    }

    /// Sends a head with a body and gives status, head and body of the answer.
    pub fn send(&self, first: &str, fields: &[(&str, &str)], body: &[u8]) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let mut head = format!("{first} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in fields {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses by the head may close before it has read the body.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        (status.unwrap_or(0), head.to_owned(), body.to_owned())
    }

    pub fn get(&self, rest: &str) -> (u16, String, String) {
        let first = format!("GET {}", self.path(rest));
        self.send(&first, &[("Host", &self.host)], b"")
    }

    pub fn version(&self) -> Value {
        serde_json::from_str(&self.get("version").2).unwrap()
    }

    /// Waits until the report was made anew, or could not be.
    pub fn wait(&self, done: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let version = self.version();
            if done(&version) {
                return version;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "still {version}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Drops a capture on the page.
    pub fn drop_on(&self, name: &str, content: &[u8]) -> (u16, Value) {
        let length = content.len().to_string();
        let fields = [
            ("Host", self.host.as_str()),
            ("Origin", &self.origin()),
            ("Content-Length", &length),
            ("X-Capture", name),
        ];
        let (status, _, body) =
            self.send(&format!("POST {}", self.path("report")), &fields, content);
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
