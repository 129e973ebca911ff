//! The web server: on the loopback only, nothing from disk, nothing to disk.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::cli::Failure;
use crate::cli::io::visible;

use super::analyse::analyse;
use super::door::{Door, Head};
use super::http::{Answer, Exchange, Refusal};
use super::state::State;

/// The largest capture that can be dropped, in bytes; the page knows it too.
const MAX_BODY: u64 = 256 << 20;
/// Connections that are served at a time.
const MAX_CONNECTIONS: usize = 32;
/// The longest name of a dropped capture that is kept.
const MAX_NAME: usize = 120;

/// Listens on the loopback.
pub(super) fn listen(port: u16) -> Result<(TcpListener, Door), Failure> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let known = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = known.map_err(|error| {
        Failure::new(format!(
            "cannot listen on 127.0.0.1:{port}: {error}; name another `--port`"
        ))
    })?;
    Ok((listener, Door::new(address)?))
}

/// Answers requests, each in a thread of its own, until the process ends.
pub(super) fn serve(listener: &TcpListener, door: &Arc<Door>, state: &Arc<State>) {
    let running = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming().filter_map(Result::ok) {
        if running.load(Ordering::SeqCst) >= MAX_CONNECTIONS {
            // Closed unread: the page asks again by itself.
            continue;
        }
        running.fetch_add(1, Ordering::SeqCst);
        let (door, state, running) = (Arc::clone(door), Arc::clone(state), Arc::clone(&running));
        std::thread::spawn(move || {
            let _done = Done(&running);
            converse(stream, &door, &state);
        });
    }
}

/// Counts a connection off, however it ends.
struct Done<'a>(&'a AtomicUsize);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn converse(stream: TcpStream, door: &Door, state: &State) {
    if let Some(mut exchange) = Exchange::open(stream) {
        let answer = answer(&mut exchange, door, state).unwrap_or_else(Answer::refusal);
        exchange.answer(&answer);
    }
}

fn answer(exchange: &mut Exchange, door: &Door, state: &State) -> Result<Answer, Refusal> {
    let reads = matches!(exchange.method.as_str(), "GET" | "HEAD");
    let url = exchange.url.clone();
    let path = door.admit(&Head {
        host: exchange.field("host"),
        origin: exchange.field("origin"),
        site: exchange.field("sec-fetch-site"),
        changes: !reads,
        url: &url,
    })?;
    let dropped = path
        .strip_prefix("dropped/")
        .and_then(|rest| rest.strip_suffix('/'));
    match (path, dropped) {
        ("", _) if reads => Ok(html(state.made().html.clone())),
        ("version", _) if reads => {
            let (version, problem) = state.version();
            Ok(json_answer(
                200,
                &json!({ "version": version, "problem": problem }),
            ))
        }
        ("report", _) if exchange.method == "POST" => take(exchange, state),
        (_, Some(number)) if reads => {
            let page = number.parse().ok().and_then(|number| state.kept(number));
            let page = page.ok_or((404, "this report is gone; drop its capture again"))?;
            Ok(html(page))
        }
        ("" | "version" | "report", _) => Err((405, "not with this method")),
        _ => Err((404, "there is nothing at this address")),
    }
}

/// Reads a capture and says where its report is.
fn take(exchange: &mut Exchange, state: &State) -> Result<Answer, Refusal> {
    let too_long = (
        413,
        "the capture has more than 256 MB; name it on the command line",
    );
    let busy = state.busy.try_lock();
    let _busy = busy.map_err(|_| (503, "another capture is being read; try again"))?;
    let content = exchange.body(MAX_BODY, too_long)?;
    let name = percent_decode_str(exchange.field("x-capture").unwrap_or_default());
    let name = name.decode_utf8_lossy();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = visible(name).chars().take(MAX_NAME).collect();
    let name = if name.is_empty() {
        "capture.har"
    } else {
        &name
    };
    Ok(match analyse(&state.made(), name, &content) {
        Ok(page) => {
            let number = state.keep(page);
            json_answer(201, &json!({ "path": format!("dropped/{number}/") }))
        }
        Err(failure) => json_answer(422, &json!({ "problem": failure.to_string() })),
    })
}

fn html(page: String) -> Answer {
    Answer {
        status: 200,
        kind: "text/html; charset=utf-8",
        body: page.into_bytes(),
    }
}

fn json_answer(status: u16, value: &serde_json::Value) -> Answer {
    Answer {
        status,
        kind: "application/json",
        body: value.to_string().into_bytes(),
    }
}
