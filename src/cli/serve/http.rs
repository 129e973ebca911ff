//! Requests and answers on a connection: one each, then it is closed. Heads are parsed by `httparse`
//! and bounded; a body is read only by whom it is meant for, so that strangers cost nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// The largest head of a request, in bytes, and how many fields it may have.
const MAX_HEAD: usize = 16 << 10;
const MAX_FIELDS: usize = 64;
/// How long a head may take, and how long the other side may be silent.
const PATIENCE: Duration = Duration::from_secs(10);
/// What is still read of a body that nobody wants, so that the answer is not lost with it.
const LINGER: u64 = 1 << 20;

/// Why a request is refused: a status and what to do.
pub(super) type Refusal = (u16, &'static str);

/// A connection with the head of its request.
pub(super) struct Exchange {
    reader: BufReader<TcpStream>,
    pub(super) method: String,
    pub(super) url: String,
    fields: Vec<(String, String)>,
}

/// An answer, whole in memory.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Why a request is refused, as text.
    pub(super) fn refusal((status, why): Refusal) -> Self {
        Answer {
            status,
            kind: "text/plain; charset=utf-8",
            body: format!("{why}\n").into_bytes(),
        }
    }
}

impl Exchange {
    /// Reads a head; without one, answers itself.
    pub(super) fn open(stream: TcpStream) -> Option<Exchange> {
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.set_write_timeout(Some(PATIENCE)).ok()?;
        let mut exchange = Exchange {
            reader: BufReader::new(stream),
            method: String::new(),
            url: String::new(),
            fields: Vec::new(),
        };
        match exchange.read_head() {
            Ok(true) => Some(exchange),
            // Browsers open connections that they then do not need.
            Ok(false) => None,
            Err(reason) => {
                exchange.answer(&Answer::refusal(reason));
                None
            }
        }
    }

    fn read_head(&mut self) -> Result<bool, Refusal> {
        const BROKEN: Refusal = (400, "this is no HTTP request");
        let start = Instant::now();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let left = (MAX_HEAD - head.len()) as u64;
            let mut line = self.reader.by_ref().take(left);
            match line.read_until(b'\n', &mut head) {
                Ok(0) if head.is_empty() => return Ok(false),
                Ok(0) => return Err((431, "the head of the request is too large or not whole")),
                Ok(_) if start.elapsed() > PATIENCE => return Err((408, "too slow")),
                Ok(_) => {}
                Err(_) => return Err((408, "the request did not arrive whole")),
            }
        }
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut request = httparse::Request::new(&mut fields);
        if !request
            .parse(&head)
            .is_ok_and(|parsed| parsed.is_complete())
        {
            return Err(BROKEN);
        }
        request.method.ok_or(BROKEN)?.clone_into(&mut self.method);
        request.path.ok_or(BROKEN)?.clone_into(&mut self.url);
        for field in request.headers.iter() {
            let value = std::str::from_utf8(field.value).map_err(|_| BROKEN)?;
            self.fields
                .push((field.name.to_lowercase(), value.to_owned()));
        }
        // Said twice, it could mean one thing here and another elsewhere.
        for name in ["host", "origin", "content-length"] {
            if self
                .fields
                .iter()
                .filter(|(field, _)| field == name)
                .count()
                > 1
            {
                return Err(BROKEN);
            }
        }
        Ok(true)
    }

    /// A field of the head, by its name in small letters.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    /// Reads the body, which must say beforehand how long it is.
    pub(super) fn body(&mut self, longest: u64, too_long: Refusal) -> Result<Vec<u8>, Refusal> {
        let length = self
            .field("content-length")
            .and_then(|length| length.parse::<u64>().ok());
        let length = length.ok_or((411, "say how long the body is"))?;
        if length > longest {
            return Err(too_long);
        }
        if self.field("expect").is_some() {
            let go_on = self
                .reader
                .get_mut()
                .write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
            go_on.map_err(|_| (400, "nobody listens"))?;
        }
        let mut body = Vec::new();
        let read = self.reader.by_ref().take(length).read_to_end(&mut body);
        if read.is_err() || body.len() as u64 != length {
            return Err((400, "the body did not arrive whole"));
        }
        Ok(body)
    }

    /// Answers, and closes the connection.
    pub(super) fn answer(mut self, answer: &Answer) {
        let Answer { status, kind, body } = answer;
        let head = format!(
            "HTTP/1.1 {status} \r\n\
             Content-Type: {kind}\r\n\
             Content-Length: {}\r\n\
             Cache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Referrer-Policy: no-referrer\r\n\
             X-Frame-Options: DENY\r\n\
             Content-Security-Policy: frame-ancestors 'none'\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\n\
             Connection: close\r\n\r\n",
            body.len(),
        );
        let stream = self.reader.get_mut();
        let mut sent = stream.write_all(head.as_bytes());
        if self.method != "HEAD" {
            sent = sent.and_then(|()| stream.write_all(body));
        }
        // A reader that went away is no problem of ours.
        if sent.and_then(|()| stream.shutdown(Shutdown::Write)).is_ok() {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
            let _ = std::io::copy(&mut self.reader.take(LINGER), &mut std::io::sink());
        }
    }
}
