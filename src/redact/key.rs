//! The key of a run.

use std::fmt;

/// The key that tokens are drawn under.
#[derive(Clone)]
pub struct Key {
    bytes: Vec<u8>,
    /// Whether it outlives the run.
    kept: bool,
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyError {
    /// The system gives no random numbers.
    NoRandom,
    /// It is shorter than 16 bytes, so that it could be guessed.
    Short(usize),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::NoRandom => f.write_str(
                "the system gives no random numbers for a key; name one with --key-file",
            ),
            KeyError::Short(length) => write!(
                f,
                "the key has {length} bytes and could be guessed; use at least 16 random ones, such as those of `openssl rand -hex 32`",
            ),
        }
    }
}

impl std::error::Error for KeyError {}

impl Key {
    /// The shortest key, in bytes.
    const LEAST: usize = 16;

    /// A random key, for one run.
    ///
    /// # Errors
    ///
    /// The system gives no random numbers.
    pub fn random() -> Result<Self, KeyError> {
        let mut bytes = vec![0; 32];
        getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandom)?;
        Ok(Key { bytes, kept: false })
    }

    /// A key that was kept, for tokens that are the same in every run; blanks around it do not count.
    ///
    /// # Errors
    ///
    /// It is too short.
    pub fn kept(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = bytes.trim_ascii();
        if bytes.len() < Self::LEAST {
            return Err(KeyError::Short(bytes.len()));
        }
        Ok(Key {
            bytes: bytes.to_owned(),
            kept: true,
        })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The key, if it outlives the run, so that it can prove something later.
    pub(super) fn kept_bytes(&self) -> Option<&[u8]> {
        self.kept.then_some(self.bytes.as_slice())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}
