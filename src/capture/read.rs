//! Reading a capture: the frame around the entries.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::cursor::bare_length;
use super::error::{Foreign, Problem, ReadError};
use super::foreign::{self, RootKeys};
use super::scan::Skip;
use super::text::unescape;
use super::window::{Counted, Window};
use super::{Capture, Entry, Source, Unusable, extract, open};

/// The largest entry that is read; larger ones are skipped and counted. An entry is held in memory
/// whole, so this is what bounds the memory that a broken or hostile file can take.
pub const MAX_ENTRY: usize = 256 << 20;

/// The largest key or `creator` that is looked at.
const MAX_SMALL: usize = 64 << 10;

/// Reads a capture and gives each entry that can be used to `each`, in file order.
///
/// `progress` is told now and then how many bytes of the source have been read, which compares
/// with [`Source::size`]. What is not needed is skipped without being held or validated.
///
/// A capture that breaks off gives all entries before that, and [`Capture::ended_at`].
///
/// # Errors
///
/// Input that cannot be read or is no HAR file. Where reading fails half-way (a disk or network
/// error), entries may have been given already; they should be dropped.
pub fn read(
    source: Source,
    progress: &mut dyn FnMut(u64),
    each: &mut dyn FnMut(Entry<'_>),
) -> Result<Capture, ReadError> {
    let name = source.name().to_owned();
    let (raw, count) = Counted::new(source.open()?);
    let mut reader = Reader {
        window: Window::new(open::text_of(Box::new(raw))?),
        capture: Capture {
            name,
            creator: None,
            version: None,
            entries: 0,
            unusable: Vec::new(),
            ended_at: None,
        },
        root: RootKeys::default(),
        log: Log::Absent,
        count,
        progress,
        each,
    };
    let stop = reader.document();
    reader.finish(stop)
}

/// Why reading stops before the end of the document.
enum Stop {
    /// The input ends.
    Ended,
    /// What comes next is not JSON.
    Broken,
    /// The input is something else.
    Foreign(Foreign),
    /// The input cannot be read.
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Io(error)
    }
}

/// What has been seen of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Log {
    Absent,
    NotAnObject,
    WithoutEntries,
    WithEntries,
}

struct Reader<'r> {
    window: Window,
    capture: Capture,
    root: RootKeys,
    log: Log,
    count: Arc<AtomicU64>,
    progress: &'r mut dyn FnMut(u64),
    each: &'r mut dyn FnMut(Entry<'_>),
}

/// Takes the value of one key of an object.
type Member<'r> = fn(&mut Reader<'r>, &[u8]) -> Result<(), Stop>;

impl<'r> Reader<'r> {
    fn finish(mut self, stop: Result<(), Stop>) -> Result<Capture, ReadError> {
        let at = self.window.position();
        let end = at + self.window.rest().len() as u64;
        match stop {
            Err(Stop::Io(error)) => return Err(ReadError::Io(error)),
            Err(Stop::Foreign(foreign)) => return Err(ReadError::NotHar(foreign)),
            Err(Stop::Ended) if self.log == Log::WithEntries => {
                self.capture.ended_at = self.capture.ended_at.or(Some(end));
            }
            Err(Stop::Broken) if self.log == Log::WithEntries => self.capture.ended_at = Some(at),
            Err(Stop::Ended) => return Err(ReadError::Truncated { at: end }),
            Err(Stop::Broken) => return Err(ReadError::NotJson { at }),
            Ok(()) => {}
        }
        match self.log {
            Log::Absent => Err(ReadError::NotHar(self.root.name())),
            Log::NotAnObject => Err(ReadError::NotHar(Foreign::LogNotObject)),
            Log::WithoutEntries => Err(ReadError::NotHar(Foreign::NoEntries)),
            Log::WithEntries => Ok(self.capture),
        }
    }

    /// The whole input. Behind the document only what closes a JSONP call may follow.
    fn document(&mut self) -> Result<(), Stop> {
        self.lead_in()?;
        self.members(Self::root_member)?;
        while let Some(byte) = self.next_byte()? {
            if self.log == Log::WithEntries && !matches!(byte, b')' | b';' | 0) {
                return Err(Stop::Broken);
            }
            self.window.consume(1);
        }
        Ok(())
    }

    /// Consumes what a JSONP call or an assignment puts before the object: `name(`, `name = `.
    fn lead_in(&mut self) -> Result<(), Stop> {
        self.more()?;
        let head = self.window.rest();
        let brace = head.iter().take(1024).position(|byte| *byte == b'{');
        let before = head[..brace.unwrap_or_default()].trim_ascii();
        let name = before
            .strip_suffix(b"(")
            .or(before.strip_suffix(b"="))
            .unwrap_or(before);
        let is_name = name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_$. \t".contains(byte));
        match brace {
            Some(brace) if before.is_empty() || (is_name && name.len() < before.len()) => {
                self.window.consume(brace);
                Ok(())
            }
            _ => Err(Stop::Foreign(foreign::name(head))),
        }
    }

    fn root_member(&mut self, key: &[u8]) -> Result<(), Stop> {
        if key != b"log" {
            self.root.note(key);
            return self.skip();
        }
        if self.peek()? == b'{' {
            self.log = self.log.max(Log::WithoutEntries);
            return self.members(Self::log_member);
        }
        self.log = self.log.max(Log::NotAnObject);
        self.skip()
    }

    fn log_member(&mut self, key: &[u8]) -> Result<(), Stop> {
        match key {
            b"entries" if self.peek()? == b'[' => {
                self.log = Log::WithEntries;
                self.entries()
            }
            b"creator" => {
                self.capture.creator = self.small(extract::creator)?.flatten();
                Ok(())
            }
            b"version" => {
                self.capture.version = self.small(extract::scalar)?.flatten();
                Ok(())
            }
            _ => self.skip(),
        }
    }

    fn entries(&mut self) -> Result<(), Stop> {
        self.window.consume(1);
        loop {
            match self.peek()? {
                b']' => {
                    self.window.consume(1);
                    return Ok(());
                }
                b',' => self.window.consume(1),
                b'{' => self.entry()?,
                _ => {
                    self.skip()?;
                    self.unusable(Problem::NotAnObject);
                    self.capture.entries += 1;
                }
            }
        }
    }

    fn entry(&mut self) -> Result<(), Stop> {
        let at = self.window.position();
        let length = match self.extent(MAX_ENTRY) {
            Ok(length) => length,
            Err(stop) => {
                self.cut_entry(at);
                return Err(stop);
            }
        };
        if let Some(length) = length {
            let index = self.capture.entries;
            match extract::entry(&self.window.rest()[..length], index, at) {
                Ok(entry) => (self.each)(entry),
                Err(problem) => self.unusable(problem),
            }
            self.window.consume(length);
        } else {
            self.unusable(Problem::TooLarge {
                limit: MAX_ENTRY as u64,
            });
        }
        self.capture.entries += 1;
        Ok(())
    }

    /// An entry without an end: the file is cut off here, or broke before and looks endless.
    fn cut_entry(&mut self, at: u64) {
        let rest = self.window.rest();
        let problem = match extract::entry(rest, self.capture.entries, at) {
            Err(Problem::Malformed { at: broken }) if broken < at + rest.len() as u64 => {
                self.capture.ended_at = Some(broken);
                Problem::Malformed { at: broken }
            }
            _ => Problem::Truncated,
        };
        self.unusable(problem);
        self.capture.entries += 1;
    }

    fn unusable(&mut self, problem: Problem) {
        self.capture.unusable.push(Unusable {
            index: self.capture.entries,
            problem,
        });
    }

    /// Takes an object of any size, giving each key to `member`, which must take the value. Commas
    /// too many do no harm.
    fn members(&mut self, member: Member<'r>) -> Result<(), Stop> {
        self.window.consume(1);
        loop {
            match self.peek()? {
                b'}' => {
                    self.window.consume(1);
                    return Ok(());
                }
                b',' => self.window.consume(1),
                b'"' => {
                    let key = self.small(|raw| {
                        let mut key = Vec::new();
                        unescape(&raw[1..raw.len() - 1], &mut key);
                        key
                    })?;
                    if self.peek()? != b':' {
                        return Err(Stop::Broken);
                    }
                    self.window.consume(1);
                    self.peek()?;
                    member(self, &key.unwrap_or_default())?;
                }
                _ => return Err(Stop::Broken),
            }
        }
    }

    /// Takes a value and reads it, unless it is larger than it should be.
    fn small<T>(&mut self, read: impl FnOnce(&[u8]) -> T) -> Result<Option<T>, Stop> {
        let Some(length) = self.extent(MAX_SMALL)? else {
            return Ok(None);
        };
        let value = read(&self.window.rest()[..length]);
        self.window.consume(length);
        Ok(Some(value))
    }

    fn skip(&mut self) -> Result<(), Stop> {
        let length = self.extent(0)?;
        self.window.consume(length.unwrap_or_default());
        Ok(())
    }

    /// The length of the value that comes next, which is then in the window as a whole; a value
    /// that takes more than the window and more than `limit` is consumed instead.
    fn extent(&mut self, limit: usize) -> Result<Option<usize>, Stop> {
        if !matches!(self.peek()?, b'{' | b'[' | b'"') {
            return self.bare_extent().map(Some);
        }
        let mut skip = Skip::default();
        let mut fed = 0;
        let mut dropped = false;
        loop {
            if let Some(end) = skip.feed(&self.window.rest()[fed..]) {
                if !dropped {
                    return Ok(Some(fed + end));
                }
                self.window.consume(end);
                return Ok(None);
            }
            fed = self.window.rest().len();
            if dropped || fed > limit {
                self.window.clear();
                fed = 0;
                dropped = true;
            }
            self.need_more()?;
        }
    }

    fn bare_extent(&mut self) -> Result<usize, Stop> {
        loop {
            let rest = self.window.rest();
            let length = bare_length(rest);
            if length == 0 || length > MAX_SMALL {
                return Err(Stop::Broken);
            }
            if length < rest.len() {
                return Ok(length);
            }
            self.need_more()?;
        }
    }

    /// The next byte that is not a space; not consumed.
    fn peek(&mut self) -> Result<u8, Stop> {
        self.next_byte()?.ok_or(Stop::Ended)
    }

    fn next_byte(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            let rest = self.window.rest();
            let spaces = rest
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            let byte = rest.get(spaces).copied();
            self.window.consume(spaces);
            if byte.is_some() || !self.more()? {
                return Ok(byte);
            }
        }
    }

    fn need_more(&mut self) -> Result<(), Stop> {
        if self.more()? {
            Ok(())
        } else {
            Err(Stop::Ended)
        }
    }

    fn more(&mut self) -> Result<bool, Stop> {
        let more = self.window.more()?;
        (self.progress)(self.count.load(Ordering::Relaxed));
        Ok(more)
    }
}
