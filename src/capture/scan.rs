//! Skipping over JSON that nobody needs, 64 bytes at a time.
//!
//! The scanner finds where a value ends and nothing else: it follows quotes, backslashes and
//! brackets and does not validate what lies between them. Nothing is allocated and nothing
//! recurses, so a value may be of any size and depth.
//!
//! Quotes, backslashes and brackets of a block become bitmaps, as in simdjson (Langdale and
//! Lemire, "Parsing Gigabytes of JSON per Second", 2019): bodies that are JSON inside a JSON string
//! hold a backslash every dozen bytes, and a search that stops at each is several times slower.

use wide::u8x16;

/// Bytes looked at in one step.
const BLOCK: usize = 64;

/// One block of the input as vectors.
struct Block([u8x16; 4]);

impl Block {
    #[inline]
    fn new(bytes: &[u8; BLOCK]) -> Self {
        let (lanes, _) = bytes.as_chunks::<16>();
        Block([
            u8x16::new(lanes[0]),
            u8x16::new(lanes[1]),
            u8x16::new(lanes[2]),
            u8x16::new(lanes[3]),
        ])
    }

    /// A block at `at`; behind the end of the input there are spaces, which mean nothing.
    #[inline]
    fn at(bytes: &[u8], at: usize) -> Self {
        let rest = &bytes[at..];
        if let Some(block) = rest.first_chunk::<BLOCK>() {
            return Block::new(block);
        }
        let mut padded = [b' '; BLOCK];
        padded[..rest.len()].copy_from_slice(rest);
        Block::new(&padded)
    }

    /// The positions of a byte, lowest bit first.
    #[inline]
    fn positions(&self, byte: u8) -> u64 {
        let byte = u8x16::splat(byte);
        let [a, b, c, d] = self.0;
        bits(
            a.simd_eq(byte),
            b.simd_eq(byte),
            c.simd_eq(byte),
            d.simd_eq(byte),
        )
    }

    /// The positions of `{` and `[`, and of `}` and `]`: they differ in one bit only.
    #[inline]
    fn brackets(&self) -> (u64, u64) {
        let lower = u8x16::splat(0x20);
        let [a, b, c, d] = self.0;
        let folded = Block([a | lower, b | lower, c | lower, d | lower]);
        (folded.positions(b'{'), folded.positions(b'}'))
    }
}

#[inline]
fn bits(a: u8x16, b: u8x16, c: u8x16, d: u8x16) -> u64 {
    let bits = |lane: u8x16| u64::from(lane.to_bitmask());
    bits(a) | bits(b) << 16 | bits(c) << 32 | bits(d) << 48
}

/// The positions that a backslash before them escapes; `carry` says whether the first byte is one
/// and receives whether the byte after the block is.
#[inline]
fn escaped(backslashes: u64, carry: &mut bool) -> u64 {
    const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
    let first = u64::from(*carry);
    if backslashes == 0 {
        *carry = false;
        return first;
    }
    let starts = backslashes & !first;
    let codes = ((starts << 1) | ODD).wrapping_sub(starts) ^ ODD;
    *carry = (codes & backslashes) >> 63 == 1;
    codes ^ (backslashes | first)
}

/// For each bit the parity of the bits up to and including it: between quotes it is one.
#[inline]
fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// A long string within a value: where its content begins and ends, counted from the value's first byte.
/// Whoever reads the value does not have to look for its end again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LongString {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it may hold a backslash.
    pub(super) escapes: bool,
}

/// Bytes of a string that make it long.
const LONG: usize = 512;

/// Finds the end of an object, array or string that may arrive in pieces.
///
/// Feed it the value from its first byte on, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Skip {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// How many blocks in a row lie in a string and hold neither quotes nor backslashes: what follows is
    /// mostly like them.
    plain: u32,
    /// The bytes before the block.
    before: usize,
    /// Where the string that is not ended begins, and whether it may hold a backslash.
    start: usize,
    escapes: bool,
    /// The long strings so far, if they are wanted.
    long: Option<Vec<LongString>>,
}

impl Skip {
    /// One that notes where long strings are.
    pub(super) fn noting() -> Self {
        Skip {
            long: Some(Vec::new()),
            ..Skip::default()
        }
    }

    /// The long strings of the value, in order.
    pub(super) fn into_long(self) -> Vec<LongString> {
        self.long.unwrap_or_default()
    }

    /// Goes on with the next piece; the end of the value as a position in it, once it is there.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if self.plain > 1 && !self.escaped {
                self.plain = 0;
                let plain = memchr::memchr2(b'"', b'\\', &bytes[at..]);
                let plain = plain.unwrap_or(bytes.len() - at);
                at += plain;
                self.before += plain;
                continue;
            }
            let length = (bytes.len() - at).min(BLOCK);
            if let Some(end) = self.block(&Block::at(bytes, at), length) {
                return Some(at + end);
            }
            at += length;
            self.before += length;
        }
        None
    }

    /// Notes the string that ends in a block with these quotes.
    #[inline]
    fn end_string(&mut self, quotes: u64) {
        let end = self.before + quotes.trailing_zeros() as usize;
        if end - self.start >= LONG
            && let Some(long) = &mut self.long
        {
            long.push(LongString {
                start: self.start,
                end,
                escapes: self.escapes,
            });
        }
    }

    /// Notes that the last quote of a block begins a string.
    #[inline]
    fn begin_string(&mut self, quotes: u64, backslashes: u64) {
        self.start = self.before + BLOCK - quotes.leading_zeros() as usize;
        self.escapes = backslashes != 0;
    }

    #[inline]
    fn block(&mut self, block: &Block, length: usize) -> Option<usize> {
        let backslashes = block.positions(b'\\');
        let quotes = if backslashes == 0 && !self.escaped {
            block.positions(b'"')
        } else {
            let escaped = if length == BLOCK {
                escaped(backslashes, &mut self.escaped)
            } else {
                self.escaped_in_part(backslashes, length)
            };
            block.positions(b'"') & !escaped
        };
        let mut inside = 0;
        if self.in_string {
            self.escapes |= backslashes != 0;
            if quotes == 0 {
                self.plain = if backslashes == 0 { self.plain + 1 } else { 0 };
                return None;
            }
            self.plain = 0;
            self.end_string(quotes);
            inside = !0;
        }
        inside ^= parity(quotes);
        self.in_string = inside >> 63 == 1;
        if self.in_string && quotes != 0 {
            self.begin_string(quotes, backslashes);
        }
        let (opening, closing) = block.brackets();
        self.count(opening & !inside, closing & !inside, quotes & !inside)
    }

    /// A part of a block: the carry belongs to the byte after the part, not after the block.
    fn escaped_in_part(&mut self, backslashes: u64, length: usize) -> u64 {
        let was = self.escaped;
        let escaped = escaped(backslashes, &mut self.escaped);
        self.escaped = if length == 0 {
            was
        } else {
            escaped >> length & 1 == 1
        };
        escaped
    }

    /// Follows the depth; a closing quote ends the value where nothing is open.
    #[inline]
    fn count(&mut self, opening: u64, closing: u64, quotes: u64) -> Option<usize> {
        if self.depth > closing.count_ones() as usize {
            self.depth += opening.count_ones() as usize;
            self.depth -= closing.count_ones() as usize;
            return None;
        }
        let mut marks = opening | closing | quotes;
        while marks != 0 {
            let mark = marks & marks.wrapping_neg();
            let end = marks.trailing_zeros() as usize + 1;
            if opening & mark != 0 {
                self.depth += 1;
            } else if closing & mark != 0 {
                self.depth = self.depth.saturating_sub(1);
            }
            if self.depth == 0 {
                return Some(end);
            }
            marks ^= mark;
        }
        None
    }
}

/// Where a string ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StringEnd {
    /// The position of the closing quote.
    pub(super) quote: usize,
    /// Whether there is a backslash before it.
    pub(super) escapes: bool,
}

/// Bytes looked at first where most strings are short.
const SHORT: usize = 32;

/// The positions of a byte among the first few.
#[inline]
fn short_positions(bytes: &[u8; SHORT], byte: u8) -> u32 {
    let (lanes, _) = bytes.as_chunks::<16>();
    let positions = |lane: usize| {
        u8x16::new(lanes[lane])
            .simd_eq(u8x16::splat(byte))
            .to_bitmask()
    };
    positions(0) | positions(1) << 16
}

/// The first backslash from a position on.
#[inline]
pub(super) fn find_backslash(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    if let Some(short) = rest.first_chunk::<SHORT>() {
        let found = short_positions(short, b'\\');
        if found != 0 {
            return Some(from + found.trailing_zeros() as usize);
        }
    }
    memchr::memchr(b'\\', rest).map(|at| from + at)
}

/// The end of the string whose first byte after the opening quote is at `from`.
#[inline]
pub(super) fn string_end(bytes: &[u8], from: usize) -> Option<StringEnd> {
    if let Some(short) = bytes.get(from..)?.first_chunk::<SHORT>() {
        let quotes = short_positions(short, b'"');
        let before = quotes.trailing_zeros();
        if quotes != 0 && short_positions(short, b'\\').trailing_zeros() > before {
            let quote = from + before as usize;
            return Some(StringEnd {
                quote,
                escapes: false,
            });
        }
    }
    long_string_end(bytes, from)
}

fn long_string_end(bytes: &[u8], from: usize) -> Option<StringEnd> {
    let mut at = from;
    let mut escapes = false;
    let mut carry = false;
    while at < bytes.len() {
        let block = Block::at(bytes, at);
        let backslashes = block.positions(b'\\');
        let quotes = block.positions(b'"') & !escaped(backslashes, &mut carry);
        if quotes != 0 {
            let before = quotes.trailing_zeros();
            escapes |= backslashes & ((1 << before) - 1) != 0;
            return Some(StringEnd {
                quote: at + before as usize,
                escapes,
            });
        }
        escapes |= backslashes != 0;
        at += BLOCK;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn skip_in_pieces(text: &[u8], piece: usize) -> Option<usize> {
        let mut skip = Skip::default();
        let mut fed = 0;
        for part in text.chunks(piece) {
            if let Some(end) = skip.feed(part) {
                return Some(fed + end);
            }
            fed += part.len();
        }
        None
    }

    #[test]
    fn ends_behind_the_value() {
        for (text, end) in [
            (r"{} x", 2),
            (r"[[],[{}]],1", 9),
            (r#""a\"b",1"#, 6),
            (r#""\\" "#, 4),
            (r#"{"a":"}"}]"#, 9),
        ] {
            assert_eq!(skip_in_pieces(text.as_bytes(), 1), Some(end), "{text}");
            assert_eq!(skip_in_pieces(text.as_bytes(), 1000), Some(end), "{text}");
        }
        assert_eq!(skip_in_pieces(br#"{"a":[}"#, 3), None);
    }

    #[test]
    fn any_depth() {
        let depth = 1_000_000;
        let text = "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(skip_in_pieces(text.as_bytes(), 4096), Some(2 * depth));
    }

    /// What the scanner promises, byte by byte.
    fn plain(text: &[u8]) -> Option<usize> {
        let (mut depth, mut inside, mut escape) = (0usize, false, false);
        for (at, byte) in text.iter().enumerate() {
            let escaped = std::mem::take(&mut escape);
            match byte {
                b'\\' => escape = !escaped,
                b'"' if escaped => continue,
                b'"' => inside = !inside,
                b'{' | b'[' if !inside => depth += 1,
                b'}' | b']' if !inside => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if matches!(byte, b'"' | b'}' | b']') && !inside && depth == 0 {
                return Some(at + 1);
            }
        }
        None
    }

    proptest! {
        #[test]
        fn long_strings_are_noted(
            parts in proptest::collection::vec((r"[a\\]{0,3}", 0usize..1200), 0..6),
            piece in 1usize..900,
        ) {
            let strings: Vec<String> = parts
                .iter()
                .map(|(start, length)| format!("{}{}", start.replace('\\', r"\n"), "b".repeat(*length)))
                .collect();
            let text = format!("[\"{}\"]", strings.join("\",\""));
            let mut skip = Skip::noting();
            let mut end = None;
            for part in text.as_bytes().chunks(piece) {
                end = skip.feed(part);
            }
            prop_assert!(end.is_some());
            let long = skip.into_long();
            let expected: Vec<&str> = strings.iter().map(String::as_str).filter(|s| s.len() >= LONG).collect();
            let noted: Vec<&str> = long.iter().map(|long| &text[long.start..long.end]).collect();
            prop_assert_eq!(noted, expected);
            for long in long {
                let escapes = text[long.start..long.end].contains('\\');
                prop_assert!(long.escapes || !escapes);
                let ends = string_end(text.as_bytes(), long.start).map(|end| end.quote);
                prop_assert_eq!(ends, Some(long.end));
            }
        }

        #[test]
        fn pieces_do_not_matter(text in r#"[{\["][{}\[\]"\\a]{0,300}"#, piece in 1usize..200) {
            prop_assert_eq!(skip_in_pieces(text.as_bytes(), piece), plain(text.as_bytes()));
        }

        #[test]
        fn strings_end_at_their_quote(text in r#"["\\a]{0,300}"#) {
            let expected = plain(format!("\"{text}").as_bytes()).map(|end| end - 2);
            prop_assert_eq!(string_end(text.as_bytes(), 0).map(|end| end.quote), expected);
        }
    }
}
