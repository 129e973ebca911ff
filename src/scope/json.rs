//! JSON bodies as fields: names and types out, values dropped.

use std::cell::RefCell;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use smol_str::SmolStr;

use crate::capture::{JsonEvent, JsonVisitor, RawBody, Written, WrittenKey, walk_json};
use crate::value::{
    IdName, Kind, Naming, Recent, Scalars, Segment, Sensitive, Token, Tokens, Value, Values, Way,
    holds_value,
};

use super::fields::{Fields, Summed, TextSeen, ThingSeen};
use super::places::{At, ITEMS, NOWHERE, Places};

/// Values of one body beyond this number only repeat what the others said.
const MAX_VALUES: usize = 50_000;

/// The fields of a JSON body; `None` if it is no JSON.
pub(super) fn answered(body: &RawBody<'_>, values: &Values) -> Option<Fields> {
    let mut summed = Summed::with_room(body.written_len());
    let named = with_walker(Way::Answered, values, &mut summed, |walker| {
        body.walk_json(walker).ok()?;
        Some(walker.places.named())
    })?;
    Some(summed.named(named))
}

/// The fields of a JSON text with their values, in order of first appearance; `None` if it is no
/// JSON.
pub(super) fn sent(text: &str, values: &Values) -> Option<Vec<(Arc<str>, Value)>> {
    let mut sent: Vec<(At, Value)> = Vec::new();
    let form = with_walker(Way::Sent, values, &mut sent, |walker| {
        walk_json(text, walker).ok()?;
        Some(walker.places.named().form)
    })?;
    sent.sort_by_key(|(field, _)| *field);
    let named = sent
        .into_iter()
        .filter_map(|(field, value)| Some((Arc::clone(&form.get(field as usize)?.path), value)));
    Some(named.collect())
}

/// Whether a text can only be JSON: it starts like an object or array.
pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Whether a name is itself a value: an id, a date, a number, or no name at all.
pub(crate) fn is_value(name: &str, values: &Values) -> bool {
    NAMES.with_borrow_mut(|names| {
        remembered(&mut names.values, name, || {
            name.len() > 80
                || Sensitive::built_in().is_name(name)
                || holds_value(name)
                || Segment::parse(name, values.tokens()).text().is_none()
        })
    })
}

/// What the name of a parameter says of its values.
pub(super) fn naming(name: &str, values: &Values) -> Naming {
    NAMES.with_borrow_mut(|names| {
        let rules = values.rules();
        if names.rules != rules.fingerprint() {
            names.rules = rules.fingerprint();
            names.namings.clear();
        }
        remembered(&mut names.namings, name, || rules.naming(name, Way::Sent))
    })
}

/// Names whose meaning is remembered; beyond that it is worked out anew.
const MAX_REMEMBERED: usize = 1 << 14;

/// What names mean, which the next request asks again.
#[derive(Default)]
struct Names {
    /// The rules that the namings hold under.
    rules: u64,
    namings: HashMap<String, Naming>,
    values: HashMap<String, bool>,
}

thread_local! {
    // Each thread remembers for itself, and what is remembered changes no result.
    static NAMES: RefCell<Names> = RefCell::default();
    static PLACES: RefCell<(Places, Recent)> = RefCell::default();
}

/// What `table` says of `key`, else what `find` finds, which is remembered.
fn remembered<T: Copy>(table: &mut HashMap<String, T>, key: &str, find: impl FnOnce() -> T) -> T {
    if let Some(known) = table.get(key) {
        return *known;
    }
    let found = find();
    if table.len() >= MAX_REMEMBERED {
        *table = HashMap::new();
    }
    table.insert(key.to_owned(), found);
    found
}

/// Texts shorter than this hold nothing that could come back elsewhere.
const MIN_HOLDING: usize = 8;
/// JSON in JSON in JSON is followed so deep.
const MAX_DEPTH: usize = 3;
/// Values of one address that are followed, and bytes of a text that is decoded.
const MAX_ENCODED: usize = 16;
const MAX_DECODED: usize = 2_000;
/// States of one object that are looked at.
const MAX_STATES: usize = 4;
/// Shorter values of an address are told from nothing.
const MIN_ENCODED: usize = 5;

/// Whether a text may be JSON.
#[inline]
fn may_be_json(text: &str) -> bool {
    text.len() >= MIN_HOLDING && text.starts_with(['{', '['])
}

/// Whether a text may be JSON, an address with a query, or encoded for one.
#[inline]
fn may_hold(text: &str) -> bool {
    let bytes = text.as_bytes();
    may_be_json(text)
        || may_be_address(text)
        || (MIN_HOLDING..=MAX_DECODED).contains(&bytes.len())
            && memchr::memchr2(b'%', b'?', bytes).is_some()
}

/// What a percent-encoded text says, if it is one.
pub(super) fn decoded(text: &str) -> Option<String> {
    if !text.contains('%') || text.len() > MAX_DECODED {
        return None;
    }
    let decoded = percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .ok()?;
    (decoded != text).then(|| decoded.into_owned())
}

/// Whether a text is an address that may hold something.
#[inline]
fn may_be_address(text: &str) -> bool {
    (MIN_HOLDING..=MAX_DECODED).contains(&text.len()) && is_address(text)
}

fn is_address(text: &str) -> bool {
    text.starts_with('/') || text.starts_with("https://") || text.starts_with("http://")
}

/// The steps of a path that are values and no names.
pub(super) fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|step| {
        step.len() >= MIN_ENCODED
            && holds_value(step)
            && Segment::parse(step, &Tokens::default()).text().is_none()
    })
}

/// The values of an address: in its path and its query; of any other text what it says once it is
/// decoded.
fn encoded(text: &str, mut each: impl FnMut(&str)) {
    if is_address(text) {
        let address = text.split('#').next().unwrap_or_default();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let path = path.split_once("://").map_or(path, |(_, rest)| rest);
        let (_, path) = path.split_once('/').unwrap_or_default();
        steps(path).take(MAX_ENCODED).for_each(&mut each);
        url::form_urlencoded::parse(query.as_bytes())
            .map(|(_, value)| value)
            .filter(|value| value.len() >= MIN_ENCODED)
            .take(MAX_ENCODED)
            .for_each(|value| each(&value));
    } else if let Some(decoded) = decoded(text) {
        each(&decoded);
    }
}

/// Whether a text is JSON: nothing of it is kept.
struct Nothing;

impl JsonVisitor for Nothing {
    fn event(&mut self, _: JsonEvent<'_>) {}
}

/// The fields of a text that is itself JSON, with the name of what holds it in front.
pub(super) fn held(name: &str, text: &str, values: &Values) -> Vec<(String, Value)> {
    if text.len() < MIN_HOLDING || !looks_like_json(text) {
        return Vec::new();
    }
    let fields = sent(text, values).unwrap_or_default();
    fields
        .into_iter()
        .map(|(path, value)| {
            let joint = if path.starts_with('[') { "" } else { "." };
            (format!("{name}{joint}{path}"), value)
        })
        .collect()
}

/// Takes the values of a body, each with its field.
trait Sink {
    /// Whether numbers with a fraction may come back elsewhere.
    const FOLLOWS_FRACTIONS: bool;

    /// Whether the field's value before it was an equal text or number.
    fn keep(&mut self, field: At, value: &Value) -> bool;

    /// The same for a text or number that no rule lets be shown.
    fn keep_hidden(&mut self, text: TextSeen, kind: Kind) -> bool;

    /// Takes a number with a fraction that is not followed.
    fn keep_fraction(&mut self, field: At);

    /// Takes a value without a text.
    fn keep_opaque(&mut self, field: At, kind: Kind);

    /// Takes another form of a text that is kept already.
    fn also(&mut self, field: At, token: Token);

    /// Takes an object that has an id and a state.
    fn thing(&mut self, thing: ThingSeen);
}

impl Sink for Summed {
    const FOLLOWS_FRACTIONS: bool = false;

    #[inline]
    fn keep(&mut self, field: At, value: &Value) -> bool {
        self.add(field, value)
    }

    #[inline]
    fn keep_hidden(&mut self, text: TextSeen, kind: Kind) -> bool {
        self.add_hidden(text, kind)
    }

    #[inline]
    fn keep_fraction(&mut self, field: At) {
        self.add_number(field);
    }

    #[inline]
    fn keep_opaque(&mut self, field: At, kind: Kind) {
        self.add_opaque(field, kind);
    }

    fn also(&mut self, field: At, token: Token) {
        self.add_alias(field, token);
    }

    fn thing(&mut self, thing: ThingSeen) {
        self.add_thing(thing);
    }
}

impl Sink for Vec<(At, Value)> {
    const FOLLOWS_FRACTIONS: bool = true;

    fn keep(&mut self, field: At, value: &Value) -> bool {
        self.push((field, value.clone()));
        false
    }

    fn keep_hidden(&mut self, text: TextSeen, kind: Kind) -> bool {
        self.push((text.field, hidden(kind, &text)));
        false
    }

    /// All are followed.
    fn keep_fraction(&mut self, _: At) {}

    fn keep_opaque(&mut self, field: At, kind: Kind) {
        self.push((field, Value::opaque(kind)));
    }

    /// What a request sends is what it sends.
    fn also(&mut self, _: At, _: Token) {}

    fn thing(&mut self, _: ThingSeen) {}
}

/// A value without its text.
fn hidden(kind: Kind, text: &TextSeen) -> Value {
    Value {
        kind,
        linkable: text.linkable,
        token: text.token,
        word: None,
    }
}

/// What an object that is not yet closed says of itself.
struct Noted {
    /// How many objects and arrays were open.
    depth: usize,
    /// The field of its id, what stands for it, and whether that is linkable.
    id: Option<(At, Token, bool)>,
    name: IdName,
    /// Where its states begin among those of all open objects.
    states: usize,
}

/// Whether the values of a name say which thing an object is, or in which state.
fn is_noted(naming: Naming) -> bool {
    naming.state || naming.id != IdName::None
}

/// An object or array that is not yet closed.
struct Open {
    place: At,
    /// The place of an array's items, of an object's last member, or nowhere.
    last: At,
    array: bool,
}

/// Follows where in a body the walk is.
struct Walker<'a, S> {
    way: Way,
    values: &'a Values,
    scalars: Scalars<'a>,
    places: &'a mut Places,
    recent: &'a mut Recent,
    sink: &'a mut S,
    open: Vec<Open>,
    /// What the open objects say of themselves, for those that do.
    noted: Vec<Noted>,
    /// Their states.
    states: Vec<(At, SmolStr)>,
    /// The place that the next value belongs to.
    at: At,
    /// The member that is expected.
    expected: At,
    kept: usize,
    /// Whether the last text or number came twice in a row, and the last one that did.
    again: bool,
    last: Value,
    /// `false` and `true`.
    truths: [Value; 2],
    /// How many texts deep the walk is, and how many were open when the innermost began.
    depth: usize,
    base: usize,
}

fn with_walker<S: Sink, T>(
    way: Way,
    values: &Values,
    sink: &mut S,
    walk: impl FnOnce(&mut Walker<'_, S>) -> T,
) -> T {
    PLACES.with_borrow_mut(|(places, recent)| {
        let at = places.begin(way, values);
        walk(&mut Walker {
            way,
            values,
            scalars: values.scalars(),
            places,
            recent,
            sink,
            open: Vec::new(),
            noted: Vec::new(),
            states: Vec::new(),
            at,
            expected: NOWHERE,
            kept: 0,
            again: false,
            last: Value::opaque(Kind::Null),
            truths: ["false", "true"]
                .map(|text| values.scalar(Naming::default(), Kind::Boolean, text)),
            depth: 0,
            base: 0,
        })
    })
}

impl<S: Sink> Walker<'_, S> {
    #[inline]
    fn scalar(&mut self, kind: Kind, text: &str) {
        self.again = false;
        if self.kept >= MAX_VALUES {
            return;
        }
        self.kept += 1;
        let (naming, field) = self.places.field(self.at);
        let may_be_word = self.scalars.may_be_word(naming, text);
        if kind == Kind::Number && !S::FOLLOWS_FRACTIONS && !may_be_word {
            self.sink.keep_fraction(field);
            return;
        }
        let token = self.scalars.token(text);
        if may_be_word && self.word(naming, field, kind, token, text) {
            return;
        }
        let text = TextSeen {
            token,
            field,
            linkable: self.scalars.is_linkable(kind, text),
        };
        if is_noted(naming) {
            self.note(naming, &text, None);
        }
        if self.sink.keep_hidden(text, kind) {
            self.again = true;
            self.last = hidden(kind, &text);
        }
    }

    /// Takes a text or number if a rule lets it be shown.
    fn word(&mut self, naming: Naming, field: At, kind: Kind, token: Token, text: &str) -> bool {
        let word = self.scalars.word(self.recent, naming, token, text);
        if word.is_none() {
            return false;
        }
        let value = Value {
            kind,
            linkable: false,
            token,
            word,
        };
        self.note_value(naming, field, &value);
        if self.sink.keep(field, &value) {
            self.again = true;
            self.last = value;
        }
        true
    }

    /// Notes a value if its name says something of the object that holds it.
    fn note_value(&mut self, naming: Naming, field: At, value: &Value) {
        if is_noted(naming) {
            let text = TextSeen {
                token: value.token,
                field,
                linkable: value.linkable,
            };
            self.note(naming, &text, value.word.as_ref());
        }
    }

    /// Truth values may be shown whatever their names say.
    #[inline]
    fn truth(&mut self, is: bool) {
        self.again = false;
        if self.kept < MAX_VALUES {
            self.kept += 1;
            let (_, field) = self.places.field(self.at);
            self.sink.keep(field, &self.truths[usize::from(is)]);
        }
    }

    /// Notes the id or a state of the innermost object.
    fn note(&mut self, naming: Naming, text: &TextSeen, word: Option<&SmolStr>) {
        let depth = self.open.len();
        if self.open.last().is_none_or(|open| open.array) {
            return;
        }
        if self.noted.last().is_none_or(|noted| noted.depth < depth) {
            self.noted.push(Noted {
                depth,
                id: None,
                name: IdName::None,
                states: self.states.len(),
            });
        }
        let Some(noted) = self.noted.last_mut() else {
            return;
        };
        match word {
            Some(word) if naming.state && self.states.len() - noted.states < MAX_STATES => {
                self.states.push((text.field, word.clone()));
            }
            // Its own id, else the first that names anything.
            _ if naming.id > noted.name => {
                noted.name = naming.id;
                noted.id = Some((text.field, text.token, text.linkable));
            }
            _ => {}
        }
    }

    /// Takes what an object that ends said of itself.
    fn take_noted(&mut self) {
        let Some(noted) = self.noted.pop() else {
            return;
        };
        let states = self.states.drain(noted.states..);
        let Some((id, token, linkable)) = noted.id else {
            return;
        };
        for (state, word) in states {
            self.sink.thing(ThingSeen {
                id,
                token,
                linkable,
                state,
                word,
            });
        }
    }

    #[inline]
    fn opaque(&mut self, kind: Kind) {
        if self.kept < MAX_VALUES {
            self.kept += 1;
            let (_, field) = self.places.field(self.at);
            self.sink.keep_opaque(field, kind);
        }
    }

    /// A text, with what it holds if it is JSON itself, an address, or encoded for one.
    #[inline]
    fn text(&mut self, text: &str) {
        self.scalar(Kind::String, text);
        if may_hold(text) {
            self.held(text);
            // There is more to it than its value.
            self.again = false;
        }
    }

    fn held(&mut self, text: &str) {
        if looks_like_json(text) {
            if self.depth < MAX_DEPTH && walk_json(text, &mut Nothing).is_ok() {
                self.inside(text);
            }
            return;
        }
        let (values, (_, field)) = (self.values, self.places.field(self.at));
        encoded(text, |inner| {
            if let Some(token) = values.alias(inner) {
                self.sink.also(field, token);
            }
        });
    }

    /// Walks through a text that is JSON, as if it were what its place holds.
    fn inside(&mut self, text: &str) {
        let (at, open, base) = (self.at, self.open.len(), self.base);
        self.depth += 1;
        self.base = open;
        // It has been walked through before, so it is JSON.
        let _ = walk_json(text, self);
        self.depth -= 1;
        self.base = base;
        self.open.truncate(open);
        let known = self.noted.partition_point(|noted| noted.depth <= open);
        if let Some(first) = self.noted.get(known) {
            self.states.truncate(first.states);
            self.noted.truncate(known);
        }
        self.at = at;
    }

    /// The root's own object or array is no value.
    fn enter(&mut self, array: bool) {
        // A text that is JSON has been kept as a text.
        let root = self.open.is_empty() || self.open.len() == self.base;
        if !root {
            self.opaque(if array { Kind::Array } else { Kind::Object });
        }
        self.open.push(Open {
            place: self.at,
            last: NOWHERE,
            array,
        });
        if array {
            self.member(ITEMS);
        }
    }

    /// Behind an array's item the next one belongs to the same place.
    fn exit(&mut self) {
        if let Some(noted) = self.noted.last()
            && noted.depth == self.open.len()
        {
            self.take_noted();
        }
        self.open.pop();
        if let Some(open) = self.open.last().filter(|open| open.array) {
            self.at = open.last;
        }
    }

    #[inline]
    fn member(&mut self, name: &str) {
        if let Some(open) = self.open.last_mut() {
            let values = self.values;
            let is_value = &|name: &str| is_value(name, values);
            let place = self
                .places
                .member(open.place, open.last, name, self.way, is_value);
            open.last = place;
            self.at = place;
        }
    }
}

impl<S: Sink> JsonVisitor for Walker<'_, S> {
    #[inline]
    fn expected_key(&mut self) -> Option<&WrittenKey> {
        let open = self.open.last()?;
        let (at, written) = self.places.expected(open.place, open.last)?;
        self.expected = at;
        Some(written)
    }

    #[inline]
    fn expected_key_came(&mut self) {
        if let Some(open) = self.open.last_mut() {
            self.places.come(open.place, self.expected);
            open.last = self.expected;
            self.at = self.expected;
        }
    }

    #[inline]
    fn expected_scalar(&mut self) -> Option<&Written> {
        self.places.repeated(self.at).map(|(written, _)| written)
    }

    #[inline]
    fn expected_scalar_came(&mut self) {
        if self.kept < MAX_VALUES
            && let Some((_, value)) = self.places.repeated(self.at)
        {
            self.kept += 1;
            let (naming, field) = self.places.field(self.at);
            self.sink.keep(field, value);
            if is_noted(naming) {
                let value = value.clone();
                self.note_value(naming, field, &value);
            }
        }
    }

    #[inline]
    fn wants_to_remember(&mut self) -> bool {
        self.again
    }

    fn remember(&mut self, written: Written) {
        self.again = false;
        self.places.repeat(self.at, written, self.last.clone());
    }

    #[inline]
    fn unmarked_string(&mut self, text: &str) {
        self.scalar(Kind::String, text);
        if may_be_json(text) || may_be_address(text) {
            self.held(text);
            self.again = false;
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "each caller knows the event, so nothing is left of the match"
    )]
    #[inline(always)]
    fn event(&mut self, event: JsonEvent<'_>) {
        match event {
            JsonEvent::ObjectStart => self.enter(false),
            JsonEvent::ArrayStart => self.enter(true),
            JsonEvent::ObjectEnd | JsonEvent::ArrayEnd => self.exit(),
            JsonEvent::Key(name) => self.member(name),
            JsonEvent::String(text) => self.text(text),
            JsonEvent::Integer(text) => self.scalar(Kind::Integer, text),
            JsonEvent::Number(text) => self.scalar(Kind::Number, text),
            JsonEvent::Bool(is) => self.truth(is),
            JsonEvent::Null => self.opaque(Kind::Null),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> Vec<String> {
        let mut shown: Vec<(Arc<str>, String)> = Vec::new();
        for (path, value) in sent(text, &Values::new()).unwrap() {
            match shown.last_mut().filter(|(last, _)| *last == path) {
                Some((_, kinds)) => *kinds = format!("{kinds},{}", value.kind.name()),
                None => shown.push((path, value.kind.name().to_owned())),
            }
        }
        shown
            .iter()
            .map(|(path, kinds)| format!("{path}: {kinds}"))
            .collect()
    }
    #[test]
    fn items_of_an_array_are_one() {
        assert_eq!(
            shown(r#"{"list":[{"id":1,"tags":["a","b"]},{"id":"x","tags":[]}],"n":null}"#),
            [
                "list: array",
                "list[]: object,object",
                "list[].id: integer,string",
                "list[].tags: array,array",
                "list[].tags[]: string,string",
                "n: null",
            ]
        );
        assert_eq!(
            shown("[[1],[2.5]]"),
            ["[]: array,array", "[][]: integer,number"]
        );
        assert_eq!(shown("3"), ["$: integer"]);
    }

    #[test]
    fn names_that_are_values_are_not_shown() {
        assert_eq!(
            shown(r#"{"by_id":{"10248":{"a":1},"10249":{"a":2}},"2024-05-01":true}"#),
            [
                "by_id: object",
                "by_id.<key>: object,object",
                "by_id.<key>.a: integer,integer",
                "<key>: boolean",
            ]
        );
    }

    #[test]
    fn what_is_no_json_leaves_nothing() {
        assert!(sent("{\"a\":1", &Values::new()).is_none());
    }

    #[test]
    fn depth_takes_no_memory_without_bound() {
        let depth = 100_000;
        for (opening, closing) in [("{\"a\":", "}"), ("[", "]"), ("[{\"b\":", "}]")] {
            let text = opening.repeat(depth) + "1" + &closing.repeat(depth);
            let fields = sent(&text, &Values::new()).unwrap();
            let longest = fields.iter().map(|(path, _)| path.len()).max();
            assert!(longest < Some(600), "{longest:?}");
        }
    }

    /// The same by a thread that remembers nothing yet.
    fn shown_anew(text: &str) -> Vec<String> {
        let text = text.to_owned();
        std::thread::spawn(move || shown(&text)).join().unwrap()
    }

    #[test]
    fn wide_bodies_become_maps_as_if_nothing_were_remembered() {
        let object = |from: usize, to: usize| {
            let members: Vec<String> = (from..to).map(|n| format!("\"m{}\":1", word(n))).collect();
            format!("{{{}}}", members.join(","))
        };
        for (from, to) in [(0, 150), (100, 250), (0, 300), (50, 320), (0, 150)] {
            let text = object(from, to);
            assert_eq!(shown(&text), shown_anew(&text));
        }
        assert_eq!(shown(&object(0, 300)).len(), 201);
    }

    /// A number in letters.
    fn word(number: usize) -> String {
        let digits = number.to_string();
        let letters = digits.bytes().map(|digit| char::from(digit + b'a' - b'0'));
        letters.collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_remembered_changes_nothing(
            bodies in prop::collection::vec(body(), 1..6),
        ) {
            for body in &bodies {
                let text = body.to_string();
                prop_assert_eq!(shown(&text), shown_anew(&text));
            }
        }
    }

    /// What a capture that holds a text as the body of a response says of it, as a string or in base64.
    fn answered_in(text: &str, encoded: bool, values: &Values) -> String {
        use base64::prelude::{BASE64_STANDARD, Engine};

        let content = if encoded {
            serde_json::json!({"text": BASE64_STANDARD.encode(text), "encoding": "base64"})
        } else {
            serde_json::json!({"text": text})
        };
        let entry = serde_json::json!({
            "request": {"method": "GET", "url": "https://a.example/"},
            "response": {"status": 200, "content": content},
        });
        let har = serde_json::json!({"log": {"entries": [entry]}}).to_string();
        let source = crate::capture::Source::reader("test", std::io::Cursor::new(har.into_bytes()));
        let mut said = String::new();
        crate::capture::read(source, &mut |_| (), &mut |entry| {
            let body = entry.response.map(|response| response.body).unwrap();
            said = format!("{:?}", answered(&body, values));
        })
        .unwrap();
        said
    }

    #[test]
    fn a_value_that_comes_again_counts_again() {
        let values = Values::new();
        let item =
            r#"{"a":"x y","b":"/p?q=12345","c":-1.5,"n":"q\"\n","s":"DONE","t":true,"z":null}"#;
        let text = format!("[{},{}]", [item; 5].join(","), item.replace("x y", "x z"));
        let said = answered_in(&text, false, &values);
        assert_eq!(said, answered_in(&text, true, &values));
        assert_eq!(said.matches("values: 6").count(), 8, "{said}");
    }

    /// Items of a list in which values come again and again, written in the usual way or not.
    fn list() -> impl Strategy<Value = String> {
        let value = prop::sample::select(vec![
            r#""PAID""#,
            r#""a value that is longer than what is compared at once""#,
            r#""/p?q=12345""#,
            r#""x%20y%20z""#,
            r#""{\"id\":12345}""#,
            r#""a \"quoted\" word\n\\""#,
            r#""\u5f71\ud83d\ude00""#,
            r#""影厅""#,
            r#""""#,
            "12345678",
            "12345678.5",
            "1e3",
            "-0",
            "true",
            "null",
            "[]",
            r#"["a","a"]"#,
        ]);
        let item =
            (value.clone(), value.clone(), value, prop::bool::ANY).prop_map(|(a, b, c, spaced)| {
                if spaced {
                    format!("{{ \"a\": {a},\n\"b\":{b} ,\"c\":[{c},{c}]\t}}")
                } else {
                    format!(r#"{{"a":{a},"b":{b},"c":[{c},{c}]}}"#)
                }
            });
        prop::collection::vec(item, 0..8).prop_map(|items| format!("[{}]", items.join(",")))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_expected_changes_nothing(texts in prop::collection::vec(list(), 1..4)) {
            let values = Values::new();
            for text in &texts {
                let escaped = answered_in(text, false, &values);
                prop_assert_eq!(&escaped, &answered_in(text, true, &values));
                let (text, values) = (text.clone(), values.clone());
                let anew = std::thread::spawn(move || answered_in(&text, false, &values));
                prop_assert_eq!(escaped, anew.join().unwrap());
            }
        }
    }

    /// Bodies that share names.
    fn body() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            (0..9).prop_map(serde_json::Value::from),
            "[ab]{0,2}".prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
                prop::collection::vec((r#"[ab]|\[\]|id|2024-05-01|"|\\"#, inner), 0..5)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }
}
