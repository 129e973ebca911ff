//! A browser, driven through chromedriver by the `WebDriver` protocol and, where that has no word for
//! it, by Chromium's own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long the page may take to do what was asked.
const PATIENCE: Duration = Duration::from_secs(60);

/// Keys that have no letter.
pub const ENTER: &str = "\u{e007}";
pub const ESCAPE: &str = "\u{e00c}";
pub const TAB: &str = "\u{e004}";

/// A running browser; gone when dropped.
pub struct Browser {
    driver: Child,
    session: String,
    agent: ureq::Agent,
    // Kept until the browser is gone.
    profile: tempfile::TempDir,
}

/// A program of this name, on the path or named by a variable.
fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable) {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

impl Browser {
    /// Starts a browser, if there is one.
    pub fn start() -> Result<Browser, String> {
        let driver =
            program("CHROMEDRIVER", &["chromedriver"]).ok_or("there is no chromedriver")?;
        let chromium = program(
            "CHROMIUM",
            &["chromium", "chromium-browser", "google-chrome"],
        )
        .ok_or("there is no Chromium")?;
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("chromedriver does not start: {error}"))?;
        let port = port_of(&mut driver).ok_or("chromedriver names no port")?;
        let profile = tempfile::tempdir().unwrap();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(180)))
            .build()
            .new_agent();
        let mut browser = Browser {
            driver,
            session: format!("http://127.0.0.1:{port}/session"),
            agent,
            profile,
        };
        let folder = format!("--user-data-dir={}", browser.profile.path().display());
        let started = browser.post(
            "",
            &json!({ "capabilities": { "alwaysMatch": {
                "timeouts": { "script": 120_000 },
                "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
                "goog:chromeOptions": { "binary": chromium, "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--hide-scrollbars", "--disable-dev-shm-usage", folder,
                ] },
            } } }),
        );
        let id = started["sessionId"]
            .as_str()
            .ok_or_else(|| format!("no session: {started}"))?;
        browser.session = format!("{}/{id}", browser.session);
        Ok(browser)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.session);
        let mut response = self
            .agent
            .post(&url)
            .header("Content-Type", "application/json")
            .send(body.to_string())
            .unwrap();
        let text = response
            .body_mut()
            .with_config()
            .limit(1 << 28)
            .read_to_string()
            .unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        let value = &answer["value"];
        assert!(
            value["error"].is_null() || path.is_empty(),
            "{path}: {value:.400}"
        );
        value.clone()
    }

    /// Says something in Chromium's own protocol.
    pub fn cdp(&self, command: &str, params: &Value) -> Value {
        self.post(
            "/goog/cdp/execute",
            &json!({ "cmd": command, "params": params }),
        )
    }

    /// Opens a page anew, even where only the fragment differs.
    pub fn open(&self, url: &str) {
        self.post("/url", &json!({ "url": "about:blank" }));
        self.post("/url", &json!({ "url": url }));
    }

    /// Runs the body of a function in the page, whatever the page's policy.
    pub fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// The value of an expression in the page.
    pub fn eval(&self, expression: &str) -> Value {
        self.run(&format!("return ({expression});"))
    }

    pub fn text(&self, expression: &str) -> String {
        self.eval(expression)
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub fn number(&self, expression: &str) -> i64 {
        let value = self.eval(expression);
        value
            .as_i64()
            .unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    /// Waits until an expression holds.
    pub fn wait(&self, expression: &str) {
        let start = Instant::now();
        while self.eval(&format!("!!({expression})")) != Value::Bool(true) {
            assert!(
                start.elapsed() < PATIENCE,
                "still not: {expression}, on {}",
                self.eval(
                    "[location.href, document.readyState, document.visibilityState, scrollY]"
                )
            );
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Clicks the first element that a selector finds, as a mouse does: it must be there to be seen.
    pub fn click(&self, selector: &str) {
        let selected = serde_json::to_string(selector).unwrap();
        self.run(&format!(
            "document.querySelector({selected}).scrollIntoView({{ block: 'center' }})"
        ));
        let element = self.post(
            "/element",
            &json!({ "using": "css selector", "value": selector }),
        );
        let id = element.as_object().unwrap().values().next().unwrap();
        self.post(
            &format!("/element/{}/click", id.as_str().unwrap()),
            &json!({}),
        );
    }

    /// Presses keys, wherever the focus is.
    pub fn keys(&self, keys: &str) {
        let strokes: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [
                    json!({ "type": "keyDown", "value": key }),
                    json!({ "type": "keyUp", "value": key }),
                ]
            })
            .collect();
        self.post(
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "k", "actions": strokes }] }),
        );
    }

    pub fn back(&self) {
        self.post("/back", &json!({}));
    }

    pub fn reload(&self) {
        self.post("/refresh", &json!({}));
    }

    /// The page as it would be printed.
    pub fn print(&self) -> String {
        self.post("/print", &json!({}))
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Sets the window's inner size.
    pub fn resize(&self, width: u32, height: u32) {
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        );
    }

    /// What the reader's system prefers.
    pub fn prefer(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> = features
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        self.cdp(
            "Emulation.setEmulatedMedia",
            &json!({ "features": features }),
        );
    }

    /// What the page complained about since this was last asked.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({ "type": "browser" }));
        let lines = log.as_array().cloned().unwrap_or_default();
        lines
            .iter()
            .filter_map(|line| Some(line["message"].as_str()?.to_owned()))
            .collect()
    }

    /// The addresses that were asked for since this was last asked.
    pub fn requests(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({ "type": "performance" }));
        let lines = log.as_array().cloned().unwrap_or_default();
        lines
            .iter()
            .filter_map(|line| serde_json::from_str::<Value>(line["message"].as_str()?).ok())
            .filter(|event| event["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|event| {
                let url = &event["message"]["params"]["request"]["url"];
                Some(url.as_str()?.to_owned())
            })
            .collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The port that a chromedriver says it listens on.
fn port_of(driver: &mut Child) -> Option<u16> {
    let lines = BufReader::new(driver.stdout.take()?).lines();
    let mut port = None;
    for line in lines.map_while(Result::ok) {
        if let Some((_, said)) = line.split_once("started successfully on port ") {
            port = said.trim_end_matches('.').parse().ok();
            break;
        }
    }
    port
}

/// The address of a file.
pub fn url(path: &Path) -> String {
    url::Url::from_file_path(path).unwrap().to_string()
}
