//! From the bytes of a container to UTF-8 text: gzip, byte order marks, UTF-16.

use std::io::{self, Cursor, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

/// How many bytes are looked at to tell a container or an encoding.
const SNIFFED: usize = 512;

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

/// Decompresses and decodes a stream into UTF-8 text without a byte order mark; what is not valid
/// UTF-8 passes unchanged.
pub(super) fn text_of(reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let (head, raw) = peek(reader)?;
    let plain: Box<dyn Read + Send> = if head.starts_with(&[0x1F, 0x8B]) {
        Box::new(MultiGzDecoder::new(raw))
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
        text_of(Box::new(Cursor::new(bytes)))
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
}
