//! Features: the evidence for one text at one place, as numbers.

use std::sync::OnceLock;

use crate::value::snake;

/// One piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Always 1.
    Bias,
    /// Every word of the text is in the vocabulary.
    Known,
    /// So is it, and the first is a verb.
    KnownVerb,
    /// So is it, and the last is a noun.
    KnownNoun,
    /// So is it, and there are several.
    KnownCompound,
    /// So is it, and the last is a plural.
    KnownPlural,
    /// Share of the words that are in the vocabulary.
    KnownShare,
    /// No word is in the vocabulary.
    Unknown,
    /// Not all words are known; the last is a plural.
    UnknownPlural,
    /// Not all words are known; the last is not.
    UnknownLast,
    /// Not all words are known; the last is an abstract noun by its ending.
    UnknownAbstract,
    /// The unknown words are known ones written together.
    Joined,
    /// There are several words.
    Compound,
    /// There are more than three words.
    LongCompound,
    /// There is a digit.
    Digits,
    /// There are more than two digits.
    ManyDigits,
    /// The last word is a number.
    EndsInNumber,
    /// The text stands for a known thing: `me`, `latest`.
    Alias,
    /// The text says by what things are looked up: `by-name`.
    Selector,
    /// Known words, at least as many as others, are joined as `camelCase`.
    KnownCamel,
    /// All letters are capitals.
    Capitals,
    /// The text starts with a capital.
    Pascal,
    /// The text has unusual signs.
    Odd,
    /// The text is not ASCII.
    NonAscii,
    /// The text starts with a sign.
    Sigil,
    /// One or two characters.
    Short,
    /// Three characters.
    Three,
    /// More than 16 characters.
    Long,
    /// The text is a file name.
    File,
    /// The text is a host name.
    Host,
    /// The text is a language with its region.
    Locale,
    /// Share of the API's own names of several words that are joined the same way.
    StyleUsual,
    /// How much smaller than a quarter that share is.
    StyleUnusual,
    /// It is the first segment.
    First,
    /// It is the second segment.
    Second,
    /// A parameter stands before it.
    AfterParam,
    /// Only words such as `api`, versions and parameters stand before it.
    AfterRoot,
    /// A plural stands before it.
    AfterPlural,
    /// A noun in the singular stands before it.
    AfterNoun,
    /// A verb stands before it.
    AfterVerb,
    /// An unknown word stands before it.
    AfterUnknown,
    /// Paths end with it.
    Leaf,
    /// Paths go on behind it.
    Branch,
    /// Some paths end with it, some go on.
    Both,
    /// Paths that end with it are only read.
    LeafGet,
    /// They are only posted to.
    LeafPost,
    /// They are changed or deleted.
    LeafChange,
    /// Logarithm of the number of distinct paths behind it.
    Suffixes,
    /// Logarithm of its requests.
    Requests,
    /// The path before it answers with a list.
    Collection,
    /// Definite values stand at the same place.
    ValuesBeside,
    /// Logarithm of the number of other texts at the same place.
    WordsBeside,
    /// Nothing else stands at the same place.
    Alone,
    /// Share of definite values at the place.
    ValueShare,
    /// Logarithm of the mean requests of the segments at the place.
    RequestsPerLabel,
    /// Logarithm of the number of other segments that it follows elsewhere.
    Contexts,
    /// A field or parameter is named after it.
    IsField,
    /// Share of requests with the value in an earlier answer, as an identifier.
    SeenId,
    /// The same, as a name.
    SeenName,
    /// The same, as a kind or status.
    SeenKind,
    /// The same, under another name.
    SeenOther,
    /// Share of requests that are answered with the value, as an identifier.
    EchoId,
    /// The same, as a name.
    EchoName,
    /// The same, as a kind or status.
    EchoKind,
    /// The same, under another name.
    EchoOther,
    /// Share of requests with the value in a parameter that is an identifier.
    SentId,
    /// The same, a name.
    SentName,
    /// The same, a kind or status.
    SentKind,
    /// The same, another parameter.
    SentOther,
    /// Share of requests with the value in a field or parameter of the noun before it.
    NounMatch,
    /// Share of requests with the value anywhere.
    Origin,
    /// The larger of `SeenId` and `SeenName`.
    Seen,
    /// The larger of `EchoId` and `EchoName`.
    Echo,
    /// The larger of `SentId` and `SentName`.
    Sent,
    /// Share of requests with the value nowhere.
    NoOrigin,
    /// Share of the host's definite values that were seen somewhere.
    Traced,
    /// The product of the two: nowhere, although values are seen somewhere as a rule.
    Untraced,
    /// Share of the paths behind it that another segment at the place has too.
    SuffixOwn,
    /// Logarithm of the number of others with one of its paths.
    SuffixOthers,
    /// Their share of all others.
    SuffixShare,
    /// A definite value has one of its paths.
    SuffixValue,
    /// How similar its answers are to those of the others.
    ResponseAll,
    /// How similar they are to those of definite values.
    ResponseValue,
    /// Whether its answers can be compared.
    ResponseKnown,
    /// How much less similar than 0.3 they are.
    ResponseDiffers,
    /// Second pass: log odds of the first.
    Odds,
    /// Mean probability of the other texts to be values, minus a half.
    Siblings,
    /// Logarithm of how many of them are values.
    SiblingsCount,
    /// Logarithm of how many of them are not.
    SiblingLiterals,
    /// The mean, weighted by requests.
    SiblingRequests,
    /// The mean of those that are as well known to the vocabulary.
    SiblingsAlike,
}

use Feature as F;

/// All features, in order.
const ALL: [Feature; 91] = [
    F::Bias,
    F::Known,
    F::KnownVerb,
    F::KnownNoun,
    F::KnownCompound,
    F::KnownPlural,
    F::KnownShare,
    F::Unknown,
    F::UnknownPlural,
    F::UnknownLast,
    F::UnknownAbstract,
    F::Joined,
    F::Compound,
    F::LongCompound,
    F::Digits,
    F::ManyDigits,
    F::EndsInNumber,
    F::Alias,
    F::Selector,
    F::KnownCamel,
    F::Capitals,
    F::Pascal,
    F::Odd,
    F::NonAscii,
    F::Sigil,
    F::Short,
    F::Three,
    F::Long,
    F::File,
    F::Host,
    F::Locale,
    F::StyleUsual,
    F::StyleUnusual,
    F::First,
    F::Second,
    F::AfterParam,
    F::AfterRoot,
    F::AfterPlural,
    F::AfterNoun,
    F::AfterVerb,
    F::AfterUnknown,
    F::Leaf,
    F::Branch,
    F::Both,
    F::LeafGet,
    F::LeafPost,
    F::LeafChange,
    F::Suffixes,
    F::Requests,
    F::Collection,
    F::ValuesBeside,
    F::WordsBeside,
    F::Alone,
    F::ValueShare,
    F::RequestsPerLabel,
    F::Contexts,
    F::IsField,
    F::SeenId,
    F::SeenName,
    F::SeenKind,
    F::SeenOther,
    F::EchoId,
    F::EchoName,
    F::EchoKind,
    F::EchoOther,
    F::SentId,
    F::SentName,
    F::SentKind,
    F::SentOther,
    F::NounMatch,
    F::Origin,
    F::Seen,
    F::Echo,
    F::Sent,
    F::NoOrigin,
    F::Traced,
    F::Untraced,
    F::SuffixOwn,
    F::SuffixOthers,
    F::SuffixShare,
    F::SuffixValue,
    F::ResponseAll,
    F::ResponseValue,
    F::ResponseKnown,
    F::ResponseDiffers,
    F::Odds,
    F::Siblings,
    F::SiblingsCount,
    F::SiblingLiterals,
    F::SiblingRequests,
    F::SiblingsAlike,
];

/// Evidence that means more, or less, beside other evidence: the product of the two is one more
/// feature, named `known*after_plural`.
const FIRST_PRODUCTS: [(Feature, Feature); 48] = [
    (F::Known, F::AfterPlural),
    (F::Known, F::AfterParam),
    (F::KnownPlural, F::AfterParam),
    (F::UnknownLast, F::AfterPlural),
    (F::UnknownLast, F::AfterParam),
    (F::UnknownLast, F::AfterNoun),
    (F::UnknownLast, F::Collection),
    (F::Known, F::Seen),
    (F::Known, F::Echo),
    (F::KnownPlural, F::Seen),
    (F::UnknownLast, F::Seen),
    (F::UnknownLast, F::NoOrigin),
    (F::UnknownLast, F::Untraced),
    (F::AfterPlural, F::Untraced),
    (F::AfterParam, F::Untraced),
    (F::Known, F::Untraced),
    (F::Compound, F::Untraced),
    (F::SuffixOthers, F::Untraced),
    (F::Known, F::SuffixShare),
    (F::Known, F::SuffixOthers),
    (F::UnknownLast, F::SuffixOthers),
    (F::Known, F::ResponseAll),
    (F::Known, F::ValuesBeside),
    (F::UnknownLast, F::ValuesBeside),
    (F::LeafChange, F::AfterPlural),
    (F::Both, F::AfterPlural),
    (F::Branch, F::AfterPlural),
    (F::Branch, F::AfterParam),
    (F::Alone, F::AfterPlural),
    (F::Alone, F::UnknownLast),
    (F::Alone, F::Seen),
    (F::AfterPlural, F::Seen),
    (F::AfterParam, F::Seen),
    (F::AfterPlural, F::NoOrigin),
    (F::WordsBeside, F::Seen),
    (F::WordsBeside, F::Known),
    (F::WordsBeside, F::UnknownLast),
    (F::WordsBeside, F::AfterPlural),
    (F::First, F::UnknownLast),
    (F::AfterRoot, F::UnknownLast),
    (F::Requests, F::NoOrigin),
    (F::Requests, F::Seen),
    (F::Contexts, F::Known),
    (F::Contexts, F::Seen),
    (F::IsField, F::Known),
    (F::Seen, F::Echo),
    (F::Suffixes, F::NoOrigin),
    (F::KnownVerb, F::LeafPost),
];

/// The same for the second pass.
const SECOND_PRODUCTS: [(Feature, Feature); 8] = [
    (F::Siblings, F::Known),
    (F::Siblings, F::SuffixOthers),
    (F::Siblings, F::SuffixShare),
    (F::Siblings, F::ResponseAll),
    (F::Siblings, F::NoOrigin),
    (F::Siblings, F::Seen),
    (F::SiblingsCount, F::Known),
    (F::SiblingsCount, F::NoOrigin),
];

/// How many numbers there are.
const COUNT: usize = ALL.len() + FIRST_PRODUCTS.len() + SECOND_PRODUCTS.len();

/// The evidence for one text at one place.
#[derive(Debug, Clone)]
pub struct Features {
    values: Box<[f64; COUNT]>,
}

impl Features {
    pub(super) fn new() -> Features {
        Features {
            values: Box::new([0.0; COUNT]),
        }
    }

    pub(super) fn set(&mut self, feature: Feature, value: f64) {
        self.values[feature as usize] = value;
    }

    pub(super) fn flag(&mut self, feature: Feature, value: bool) {
        self.set(feature, f64::from(u8::from(value)));
    }

    /// The number of one piece of evidence.
    pub fn get(&self, feature: Feature) -> f64 {
        self.values[feature as usize]
    }

    /// All numbers, in the order of [`Features::names`].
    pub fn values(&self) -> &[f64] {
        &*self.values
    }

    /// The names of all numbers.
    pub fn names() -> &'static [String] {
        static NAMES: OnceLock<Vec<String>> = OnceLock::new();
        NAMES.get_or_init(|| {
            let name = |feature: &Feature| snake(&format!("{feature:?}"));
            let products = FIRST_PRODUCTS.iter().chain(&SECOND_PRODUCTS);
            let products = products.map(|(a, b)| format!("{}*{}", name(a), name(b)));
            ALL.iter().map(name).chain(products).collect()
        })
    }

    /// Fills in the products of the first pass.
    pub(super) fn multiply_first(&mut self) {
        self.multiply(&FIRST_PRODUCTS, ALL.len());
    }

    /// Fills in those of the second.
    pub(super) fn multiply_second(&mut self) {
        self.multiply(&SECOND_PRODUCTS, ALL.len() + FIRST_PRODUCTS.len());
    }

    fn multiply(&mut self, products: &[(Feature, Feature)], start: usize) {
        for (at, (a, b)) in products.iter().enumerate() {
            self.values[start + at] = self.get(*a) * self.get(*b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_listed_in_order_and_named_once() {
        for (at, feature) in ALL.iter().enumerate() {
            assert_eq!(*feature as usize, at, "{feature:?}");
        }
        let names: std::collections::BTreeSet<_> = Features::names().iter().collect();
        assert_eq!(names.len(), COUNT);
    }
}
