//! The frame around the entries: finds them, and what is said of the capture as a whole.

use std::io;
use std::sync::Arc;

use super::batch::Sink;
use super::cursor::bare_length;
use super::digest::TextDigest;
use super::error::{Foreign, Problem, ReadError};
use super::foreign::{self, RootKeys};
use super::headers::Usual;
use super::open::Opened;
use super::scan::Skip;
use super::text::unescape;
use super::window::Window;
use super::{Source, extract};

/// The largest entry that is read; larger ones are skipped and counted. An entry is held in memory
/// whole, so this is what bounds the memory that a broken or hostile file can take.
pub const MAX_ENTRY: usize = 256 << 20;

/// The largest key or `creator` that is looked at.
const MAX_SMALL: usize = 64 << 10;

/// What the frame says.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) id: String,
    pub(super) creator: Option<String>,
    pub(super) version: Option<String>,
    pub(super) ended_at: Option<u64>,
    pub(super) entries: usize,
}

/// Finds the entries of a capture and gives them to the sink. Several captures in one archive
/// count as one.
pub(super) fn scan(source: Source, sink: &mut dyn Sink) -> Result<Facts, ReadError> {
    let mut opened = Opened::new(source)?;
    let mut facts = Facts::default();
    let mut digest = TextDigest::default();
    for index in 0..opened.captures() {
        let text = digest.reading(opened.text(index)?);
        let (count, files) = (Arc::clone(&opened.count), opened.files.clone());
        let mut frame = Frame {
            window: Window::new(Box::new(text.clone()), count, sink, files, facts.entries),
            facts,
            root: RootKeys::default(),
            log: Log::Absent,
        };
        let stop = frame.document();
        facts = frame.finish(stop)?;
        digest = text.finish();
    }
    facts.id = digest.identity();
    Ok(facts)
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

struct Frame<'s> {
    window: Window<'s>,
    facts: Facts,
    root: RootKeys,
    log: Log,
}

/// Takes the value of one key of an object.
type Member<'s> = fn(&mut Frame<'s>, &[u8]) -> Result<(), Stop>;

impl<'s> Frame<'s> {
    fn finish(mut self, stop: Result<(), Stop>) -> Result<Facts, ReadError> {
        let at = self.window.position();
        let end = at + self.window.rest().len() as u64;
        match stop {
            Err(Stop::Io(error)) => return Err(error.into()),
            Err(Stop::Foreign(foreign)) => return Err(ReadError::NotHar(foreign)),
            Err(Stop::Ended) if self.log == Log::WithEntries => {
                self.facts.ended_at = self.facts.ended_at.or(Some(end));
            }
            Err(Stop::Broken) if self.log == Log::WithEntries => self.facts.ended_at = Some(at),
            Err(Stop::Ended) => return Err(ReadError::Truncated { at: end }),
            Err(Stop::Broken) => return Err(ReadError::NotJson { at }),
            Ok(()) => {}
        }
        match self.log {
            Log::Absent => Err(ReadError::NotHar(self.root.name())),
            Log::NotAnObject => Err(ReadError::NotHar(Foreign::LogNotObject)),
            Log::WithoutEntries => Err(ReadError::NotHar(Foreign::NoEntries)),
            Log::WithEntries => {
                self.facts.entries = self.window.index();
                self.window.close();
                Ok(self.facts)
            }
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
        while self.window.rest().trim_ascii_start().is_empty() {
            self.window.clear();
            if !self.window.more()? {
                return Err(Stop::Foreign(Foreign::Empty));
            }
        }
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
            return self.other(false, key);
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
            _ if self.window.wants_members() => self.other(true, key),
            b"creator" => {
                self.facts.creator = self.small(extract::creator)?.flatten();
                Ok(())
            }
            b"version" => {
                self.facts.version = self.small(extract::scalar)?.flatten();
                Ok(())
            }
            _ => self.skip(),
        }
    }

    /// Takes a member that is not the entries'.
    fn other(&mut self, in_log: bool, key: &[u8]) -> Result<(), Stop> {
        if !self.window.wants_members() {
            return self.skip();
        }
        if let Some(length) = self.extent(MAX_ENTRY)? {
            self.window.member(in_log, key, length);
        }
        Ok(())
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
                    self.window.unusable(Problem::NotAnObject);
                }
            }
        }
    }

    fn entry(&mut self) -> Result<(), Stop> {
        let at = self.window.position();
        let mut skip = Skip::noting();
        match self.extent_of(&mut skip, MAX_ENTRY) {
            Ok(Some(length)) => self.window.entry(length, skip.into_long().into()),
            Ok(None) => self.window.unusable(Problem::TooLarge {
                limit: MAX_ENTRY as u64,
            }),
            Err(stop) => {
                let problem = self.cut_entry(at);
                self.window.unusable(problem);
                return Err(stop);
            }
        }
        Ok(())
    }

    /// Why the entry that begins at `at` has no end: the file is cut off there, or broke before, so
    /// that the entry only looks endless.
    fn cut_entry(&mut self, at: u64) -> Problem {
        let rest = self.window.rest();
        if self.window.position() != at {
            return Problem::Truncated;
        }
        match extract::entry(
            rest,
            &[],
            self.window.index(),
            at,
            None,
            &mut Usual::default(),
        ) {
            Err(Problem::Malformed { at: broken }) if broken < at + rest.len() as u64 => {
                self.facts.ended_at = Some(broken);
                Problem::Malformed { at: broken }
            }
            _ => Problem::Truncated,
        }
    }

    /// Takes an object of any size, giving each key to `member`, which must take the value. Commas
    /// too many do no harm.
    fn members(&mut self, member: Member<'s>) -> Result<(), Stop> {
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
        self.extent_of(&mut Skip::default(), limit)
    }

    /// The same for an object, an array or a string.
    fn extent_of(&mut self, skip: &mut Skip, limit: usize) -> Result<Option<usize>, Stop> {
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
            if byte.is_some() || !self.window.more()? {
                return Ok(byte);
            }
        }
    }

    fn need_more(&mut self) -> Result<(), Stop> {
        if self.window.more()? {
            Ok(())
        } else {
            Err(Stop::Ended)
        }
    }
}
