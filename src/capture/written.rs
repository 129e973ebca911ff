//! Keys and values that are likely to come again as they were written, compared 32 bytes at once.

use wide::u8x16;

/// Bytes that are compared at once.
const HEAD: usize = 32;

/// How something is written: the bytes that it takes, and perhaps the first of what has to follow.
#[derive(Debug, Clone)]
pub struct Written {
    head: [u8; HEAD],
    /// Which bytes of the head count.
    mask: u32,
    /// What is behind the head.
    rest: Box<[u8]>,
    length: u32,
}

impl Written {
    /// Bytes.
    pub(super) fn new(bytes: &[u8]) -> Written {
        Written::of(bytes, bytes.len())
    }

    /// The first `length` bytes of a text, which have to be followed by the byte that follows them here;
    /// a string ends in its quote, so that does no harm to it.
    pub(super) fn with_next(text: &[u8], length: usize) -> Written {
        Written::of(&text[..text.len().min(length + 1)], length)
    }

    fn of(bytes: &[u8], length: usize) -> Written {
        let mut head = [0; HEAD];
        let inside = bytes.len().min(HEAD);
        head[..inside].copy_from_slice(&bytes[..inside]);
        Written {
            head,
            mask: u32::MAX
                .checked_shr(32 - u32::try_from(inside).unwrap_or(32))
                .unwrap_or(0),
            rest: bytes[inside..].into(),
            length: u32::try_from(length).unwrap_or(u32::MAX),
        }
    }

    /// How many bytes it takes.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether a text begins so.
    #[inline]
    pub(super) fn begins(&self, text: &[u8]) -> bool {
        let Some((head, behind)) = text.split_first_chunk::<HEAD>() else {
            return self.begins_short(text);
        };
        let (ours, _) = self.head.as_chunks::<16>();
        let (theirs, _) = head.as_chunks::<16>();
        let same = |lane: usize| {
            u8x16::new(ours[lane])
                .simd_eq(u8x16::new(theirs[lane]))
                .to_bitmask()
        };
        let same = same(0) | same(1) << 16;
        same & self.mask == self.mask && (self.rest.is_empty() || behind.starts_with(&self.rest))
    }

    /// The same near the end of a text.
    #[cold]
    fn begins_short(&self, text: &[u8]) -> bool {
        let inside = self.mask.count_ones() as usize;
        self.rest.is_empty() && text.get(..inside) == Some(&self.head[..inside])
    }
}

/// A key with the colon behind it as JSON writes it, to be compared as a whole.
#[derive(Debug, Clone)]
pub struct WrittenKey {
    /// Within a string of a JSON text, as most are.
    escaped: Written,
    plain: Box<Written>,
}

impl WrittenKey {
    /// How a key is written; none if it holds quotes, backslashes or what may be written otherwise.
    pub fn new(name: &str) -> Option<WrittenKey> {
        let plain = |c: char| c >= ' ' && !matches!(c, '"' | '\\');
        name.chars().all(plain).then(|| WrittenKey {
            escaped: Written::new(format!(r#"\"{name}\":"#).as_bytes()),
            plain: Box::new(Written::new(format!(r#""{name}":"#).as_bytes())),
        })
    }
}

/// What comes next in a JSON text, as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Ahead<'t> {
    bytes: &'t [u8],
    /// Whether the text is the content of a JSON string whose escapes have not been undone.
    escaped: bool,
}

impl<'t> Ahead<'t> {
    pub(super) fn plain(bytes: &'t [u8]) -> Self {
        Ahead {
            bytes,
            escaped: false,
        }
    }

    pub(super) fn escaped(bytes: &'t [u8]) -> Self {
        Ahead {
            bytes,
            escaped: true,
        }
    }

    /// What is behind a sign, if that comes first.
    #[inline]
    pub(super) fn behind(self, sign: u8) -> Option<Self> {
        let (first, bytes) = self.bytes.split_first()?;
        (*first == sign).then_some(Ahead { bytes, ..self })
    }

    /// The bytes that a key takes with its colon, if it comes first and is written in the usual way.
    #[inline]
    pub fn key(self, key: &WrittenKey) -> Option<usize> {
        let written = if self.escaped {
            &key.escaped
        } else {
            &key.plain
        };
        written.begins(self.bytes).then(|| written.len())
    }

    /// The bytes that a string or number takes, if it comes first just as it was written before.
    #[inline]
    pub fn scalar(self, scalar: &Written) -> Option<usize> {
        (self.escaped && scalar.begins(self.bytes)).then(|| scalar.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn begins_where_the_bytes_do(bytes in "[ab]{0,70}", text in "[ab]{0,70}", more in "[ab]{0,70}") {
            let written = Written::new(bytes.as_bytes());
            prop_assert_eq!(written.len(), bytes.len());
            for text in [&text, &format!("{bytes}{more}"), &bytes] {
                let begins = text.starts_with(&bytes);
                prop_assert_eq!(written.begins(text.as_bytes()), begins, "{:?} {:?}", text, bytes);
            }
        }

        #[test]
        fn what_follows_counts_and_is_not_taken(bytes in "[ab]{1,40}", next in "[abc]?") {
            let all = format!("{bytes}{next}");
            let written = Written::with_next(all.as_bytes(), bytes.len());
            prop_assert_eq!(written.len(), bytes.len());
            prop_assert!(written.begins(all.as_bytes()));
            prop_assert_eq!(written.begins(format!("{bytes}d").as_bytes()), next.is_empty());
        }
    }
}
