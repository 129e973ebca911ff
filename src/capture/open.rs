//! From the bytes of a container to UTF-8 text: zip, gzip, byte order marks, UTF-16.

use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};
use flate2::read::{DeflateDecoder, MultiGzDecoder};

use super::Source;
use super::archive::Archive;
use super::error::ReadError;
use super::files::Files;

/// How many bytes are looked at to tell a container or an encoding.
pub(super) const SNIFFED: usize = 512;

/// A stream with its first bytes known and given back.
type Peeked = io::Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>;

fn peek(mut reader: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Peeked)> {
    let mut head = Vec::with_capacity(SNIFFED);
    match reader.by_ref().take(SNIFFED as u64).read_to_end(&mut head) {
        Err(error) if !is_damage(&error) => return Err(error),
        _ => {}
    }
    Ok((head.clone(), Cursor::new(head).chain(reader)))
}

/// Whether an error of a decompressor means that the data is damaged or cut off.
pub(super) fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof)
}

/// A source that has been opened.
pub(super) struct Opened {
    /// Where bodies are that are kept in files of their own.
    pub(super) files: Option<Arc<Files>>,
    /// Bytes read of the source.
    pub(super) count: Arc<AtomicU64>,
    container: Container,
}

enum Container {
    Stream(Option<Box<dyn Read + Send>>),
    Archive(Arc<Archive>),
}

impl Opened {
    pub(super) fn new(source: Source) -> Result<Self, ReadError> {
        let path = source.path().map(Path::to_owned);
        let (head, stream) = peek(source.open()?)?;
        let is_zip = head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06");
        let (container, files) = if is_zip {
            let archive = Arc::new(match path {
                Some(path) => Archive::named(path)?,
                None => Archive::spooled(stream)?,
            });
            let files = Files::Archive(Arc::clone(&archive));
            (Container::Archive(archive), Some(files))
        } else {
            let folder = path.as_deref().and_then(Path::parent);
            let files = folder.map(|folder| Files::Folder(folder.to_owned()));
            (Container::Stream(Some(Box::new(stream))), files)
        };
        Ok(Opened {
            files: files.map(Arc::new),
            count: Arc::default(),
            container,
        })
    }

    /// How many captures there are.
    pub(super) fn captures(&self) -> usize {
        match &self.container {
            Container::Stream(_) => 1,
            Container::Archive(archive) => archive.len(),
        }
    }

    /// The text of a capture.
    pub(super) fn text(&mut self, index: usize) -> io::Result<Box<dyn Read + Send>> {
        let (raw, deflated) = match &mut self.container {
            Container::Stream(stream) => (
                stream.take().unwrap_or_else(|| Box::new(io::empty())),
                false,
            ),
            Container::Archive(archive) => {
                let (stored, deflated) = archive.capture(index)?;
                (Box::new(stored) as Box<dyn Read + Send>, deflated)
            }
        };
        let counted = Box::new(Counted {
            reader: raw,
            count: Arc::clone(&self.count),
        });
        if deflated {
            let count = Arc::clone(&self.count);
            return text_of(
                Box::new(Bounded::new(DeflateDecoder::new(counted), count)),
                &self.count,
            );
        }
        text_of(counted, &self.count)
    }
}

/// A stream that counts what is read of it.
struct Counted {
    reader: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(into)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What a decompressor gives, unless it is a bomb: captures shrink to a fifth up to a fiftieth, and
/// data that gives a thousand times its size is made to keep its reader busy.
struct Bounded<R> {
    reader: R,
    count: Arc<AtomicU64>,
    given: u64,
}

impl<R> Bounded<R> {
    /// What may always be given.
    const FREE: u64 = 1 << 30;
    /// How much more may be given for each byte read.
    const RATIO: u64 = 400;

    fn new(reader: R, count: Arc<AtomicU64>) -> Self {
        Bounded {
            reader,
            count,
            given: 0,
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let given = self.reader.read(into)?;
        self.given += given as u64;
        if self.given
            > Self::FREE.max(
                self.count
                    .load(Ordering::Relaxed)
                    .saturating_mul(Self::RATIO),
            )
        {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(given)
    }
}

/// The text of a stream that is known to be none of an archive.
pub(super) fn decoded(reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    text_of(reader, &Arc::default())
}

/// Decompresses and decodes a stream into UTF-8 text without a byte order mark; what is not valid
/// UTF-8 passes unchanged.
fn text_of(
    reader: Box<dyn Read + Send>,
    count: &Arc<AtomicU64>,
) -> io::Result<Box<dyn Read + Send>> {
    let (head, raw) = peek(reader)?;
    let plain: Box<dyn Read + Send> = if head.starts_with(&[0x1F, 0x8B]) {
        Box::new(Bounded::new(MultiGzDecoder::new(raw), Arc::clone(count)))
    } else {
        Box::new(raw)
    };
    let (head, mut text) = peek(plain)?;
    if let Some(encoding) = utf16(&head) {
        return Ok(Box::new(Transcoded::new(text, encoding)));
    }
    if head.starts_with(b"\xEF\xBB\xBF") {
        text.read_exact(&mut [0; 3])?;
    }
    Ok(Box::new(text))
}

/// The UTF-16 encoding of text that begins like this: by its mark, or as JSON, whose first two
/// characters are ASCII.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] | [(1..), 0, (1..), 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, (1..), 0, (1..), ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// A stream of another encoding, read as UTF-8; unpaired surrogates become U+FFFD.
struct Transcoded<R> {
    reader: R,
    decoder: Decoder,
    raw: Box<[u8]>,
    raw_at: usize,
    raw_end: usize,
    out: Box<[u8]>,
    out_at: usize,
    out_end: usize,
    done: bool,
}

impl<R: Read> Transcoded<R> {
    fn new(reader: R, encoding: &'static Encoding) -> Self {
        const PIECE: usize = 32 * 1024;
        Transcoded {
            reader,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; PIECE].into(),
            raw_at: 0,
            raw_end: 0,
            out: vec![0; 2 * PIECE].into(),
            out_at: 0,
            out_end: 0,
            done: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut last = false;
        if self.raw_at == self.raw_end {
            self.raw_at = 0;
            self.raw_end = self.reader.read(&mut self.raw)?;
            last = self.raw_end == 0;
        }
        let (result, read, written, _) =
            self.decoder
                .decode_to_utf8(&self.raw[self.raw_at..self.raw_end], &mut self.out, last);
        self.raw_at += read;
        self.out_at = 0;
        self.out_end = written;
        self.done = last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.out_at == self.out_end && !self.done {
            self.refill()?;
        }
        let count = into.len().min(self.out_end - self.out_at);
        into[..count].copy_from_slice(&self.out[self.out_at..self.out_at + count]);
        self.out_at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn text(bytes: Vec<u8>) -> String {
        let mut text = String::new();
        Opened::new(Source::reader("", Cursor::new(bytes)))
            .unwrap()
            .text(0)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn utf16_bytes(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn every_wrapping_gives_the_same_text() {
        let json = format!("{{\"a\":\"é票😀\"{}}}", " ".repeat(100_000));
        let marked = format!("\u{feff}{json}");
        assert_eq!(text(json.clone().into()), json);
        assert_eq!(text(marked.clone().into()), json);
        for little in [true, false] {
            assert_eq!(text(utf16_bytes(&json, little)), json);
            assert_eq!(text(utf16_bytes(&marked, little)), json);
            assert_eq!(text(gzip(&utf16_bytes(&marked, little))), json);
        }
        let (front, back) = json.as_bytes().split_at(7);
        assert_eq!(
            text([gzip(front), gzip(back)].concat()),
            json,
            "gzip members follow each other"
        );
        assert_eq!(text(Vec::new()), "");
    }

    #[test]
    fn a_bomb_is_noticed() {
        let count = Arc::new(AtomicU64::new(1 << 20));
        let mut bomb = Bounded::new(io::repeat(b' '), count);
        let error = io::copy(&mut bomb, &mut io::sink()).unwrap_err();
        assert_eq!(ReadError::from(error).code(), "bomb");
        assert!(
            bomb.given <= Bounded::<()>::FREE + (1 << 20),
            "{}",
            bomb.given
        );
    }
}
