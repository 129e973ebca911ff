//! What may stand in the place of each character, so that a token has the form of the value.

/// The characters that may take the place of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Only itself.
    Fixed(char),
    /// One of these.
    Of(&'static [u8]),
    /// A Chinese character.
    Han,
    /// A lower-case letter of another script.
    Lower,
    /// A capital of another script.
    Upper,
    /// A digit of another script.
    Digit,
}

const DIGITS: &[u8] = b"0123456789";
const NONZERO: &[u8] = b"123456789";
const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER_HEX: &[u8] = b"abcdef";
const UPPER_HEX: &[u8] = b"ABCDEF";
const VOWELS: &[u8] = b"aeiouy";
const CONSONANTS: &[u8] = b"bcdfghjklmnpqrstvwxz";
const UPPER_VOWELS: &[u8] = b"AEIOUY";
const UPPER_CONSONANTS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
const CROCKFORD: &[u8] = b"ABCDEFGHJKMNPQRSTVWXYZ";
const LOWER_CROCKFORD: &[u8] = b"abcdefghjkmnpqrstvwxyz";
const OCTAL: &[u8] = b"01234567";

const OTHER_LOWER: &str = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ";
const OTHER_UPPER: &str = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ";
const OTHER_DIGITS: &str = "٠١٢٣٤٥٦٧٨٩";
const FIRST_HAN: u32 = 0x4E00;
const HAN: u32 = 20_902;

/// How the letters of a text are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Letters by letters.
    Plain,
    /// Vowels by vowels and consonants by consonants, so that words stay words.
    Word,
    /// Hexadecimal digits.
    Hex,
    /// Crockford's base 32.
    Crockford,
}

impl Alphabet {
    /// The alphabets for the characters of a text.
    pub(super) fn of(text: &str, style: Style) -> Vec<Alphabet> {
        let mut leading = true;
        let signs = text.bytes().filter(|byte| !byte.is_ascii_digit()).count();
        let digits = text.len() - signs;
        let number = digits > 0 && !text.bytes().any(|byte| byte.is_ascii_alphabetic());
        let one = text.strip_prefix('-').unwrap_or(text).len() == 1;
        text.chars()
            .enumerate()
            .map(|(at, c)| {
                // What a number starts with decides whether it is one: no zero, or just zeros.
                if number && leading && c.is_ascii_digit() && !one {
                    if c == '0' {
                        return Alphabet::Fixed('0');
                    }
                    leading = false;
                    return Alphabet::Of(NONZERO);
                }
                leading &= at == 0 && matches!(c, '-' | '+');
                Alphabet::of_char(c, style, at)
            })
            .collect()
    }

    fn of_char(c: char, style: Style, at: usize) -> Alphabet {
        let pick = |lower: bool, vowel: bool| match (style, lower) {
            (Style::Plain, true) => LOWER,
            (Style::Plain, false) => UPPER,
            (Style::Word, true) if vowel => VOWELS,
            (Style::Word, true) => CONSONANTS,
            (Style::Word, false) if vowel => UPPER_VOWELS,
            (Style::Word, false) => UPPER_CONSONANTS,
            (Style::Hex, true) => LOWER_HEX,
            (Style::Hex, false) => UPPER_HEX,
            (Style::Crockford, true) => LOWER_CROCKFORD,
            (Style::Crockford, false) => CROCKFORD,
        };
        match c {
            '0'..='7' if style == Style::Crockford && at == 0 => Alphabet::Of(OCTAL),
            '0'..='9' => Alphabet::Of(DIGITS),
            'a'..='z' => Alphabet::Of(pick(true, VOWELS.contains(&(c as u8)))),
            'A'..='Z' => Alphabet::Of(pick(false, UPPER_VOWELS.contains(&(c as u8)))),
            c if c.is_ascii() => Alphabet::Fixed(c),
            c if c.is_numeric() => Alphabet::Digit,
            c if c.is_uppercase() => Alphabet::Upper,
            c if c.is_lowercase() => Alphabet::Lower,
            c if c.is_alphabetic() => Alphabet::Han,
            c => Alphabet::Fixed(c),
        }
    }

    /// How many characters there are.
    pub(super) fn size(self) -> u32 {
        match self {
            Alphabet::Fixed(_) => 1,
            Alphabet::Of(letters) => u32::try_from(letters.len()).unwrap_or(1),
            Alphabet::Han => HAN,
            Alphabet::Lower | Alphabet::Upper => 30,
            Alphabet::Digit => 10,
        }
    }

    /// The character at a position.
    pub(super) fn char(self, position: u32) -> char {
        let nth = |letters: &str| letters.chars().nth(position as usize).unwrap_or('?');
        match self {
            Alphabet::Fixed(c) => c,
            Alphabet::Of(letters) => letters
                .get(position as usize)
                .map_or('?', |b| char::from(*b)),
            Alphabet::Han => char::from_u32(FIRST_HAN + position).unwrap_or('一'),
            Alphabet::Lower => nth(OTHER_LOWER),
            Alphabet::Upper => nth(OTHER_UPPER),
            Alphabet::Digit => nth(OTHER_DIGITS),
        }
    }

    /// The position of a character, if it is one of these.
    pub(super) fn position(self, c: char) -> Option<u32> {
        let find = |letters: &str| letters.chars().position(|letter| letter == c);
        let at = match self {
            Alphabet::Fixed(fixed) => (fixed == c).then_some(0),
            Alphabet::Of(letters) => letters.iter().position(|letter| char::from(*letter) == c),
            Alphabet::Han => {
                return u32::from(c).checked_sub(FIRST_HAN).filter(|at| *at < HAN);
            }
            Alphabet::Lower => find(OTHER_LOWER),
            Alphabet::Upper => find(OTHER_UPPER),
            Alphabet::Digit => find(OTHER_DIGITS),
        };
        at.and_then(|at| u32::try_from(at).ok())
    }
}
