//! Things: what several endpoints show and change, such as an order that one creates, another pays and
//! a third lists. A thing is known by its id; its states are followed whoever shows them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};
use smol_str::SmolStr;

use crate::scope::Exchange;
use crate::value::{ConstantRules, Token};

use super::causes::{Cause, Causes, MAX_CAUSES};
use super::evidence::CallKey;
use super::labels::{Keys, Labels};
use super::moment::{Moment, moment};
use super::names::{Name, Names};
use super::observed::{Observed, Transitions};
use super::series::Fingerprints;
use super::writes::Writes;

/// Where a state is shown: a call and a field of its answers.
type Place = (usize, Name);

/// A state of a thing that an answer shows.
struct Sight {
    thing: Token,
    at: Moment,
    place: Place,
    word: SmolStr,
    /// What stands for the id alone, as requests send it.
    id: Token,
    /// What the id is called (`order_id`), as a token, and whether it is bare.
    label: (Token, bool),
    /// The request, by which those that are the same are known.
    request: Token,
    writes: bool,
}

/// A state that an answer shows of something that only the request names, by one of these.
struct Loose {
    things: Vec<(Token, Token)>,
    sight: Sight,
}

/// What one answer tells of a thing.
struct Told {
    thing: Token,
    state: Name,
    /// Its position among what the answer tells.
    at: usize,
    label: (Token, bool),
}

/// The states of things in one capture, while it is read.
pub(super) struct Things {
    /// How many sights are kept.
    room: usize,
    /// Sights that there was no room for.
    pub(super) left_out: usize,
    sights: Vec<Sight>,
    loose: Vec<Loose>,
    labels: Labels,
}

impl Things {
    /// Keeps so many sights.
    pub(super) fn new(room: usize) -> Self {
        Things {
            room,
            left_out: 0,
            sights: Vec::new(),
            loose: Vec::new(),
            labels: Labels::default(),
        }
    }

    /// Takes what an exchange of the given call shows; `request` is what it has in common with others
    /// like it.
    pub(super) fn add(
        &mut self,
        call: usize,
        exchange: &Exchange,
        request: Token,
        fields: &[Name],
        names: &Names,
        fingerprints: &Fingerprints,
    ) {
        if exchange.status.is_some_and(|status| status >= 400) {
            return;
        }
        let (things, form) = (exchange.fields.things(), exchange.fields.form());
        if things.is_empty() && !form.iter().any(|field| field.state) {
            return;
        }
        if self.is_full() {
            self.left_out += things.len().max(1);
            return;
        }
        let mut keys = Keys {
            call,
            exchange,
            names,
            fingerprints,
            host: fingerprints.text(&exchange.host),
            labels: &mut self.labels,
        };
        let sight = |field: Name, word: &SmolStr| Sight {
            thing: Token(0),
            at: moment(exchange),
            place: (call, field),
            word: word.clone(),
            id: Token(0),
            label: (Token(0), false),
            request,
            writes: exchange.writes,
        };
        if things.is_empty() {
            let mut loose: Vec<Loose> = Vec::new();
            for (at, known) in exchange.fields.iter() {
                let (Some(name), Some(field)) = (form.get(at), fields.get(at)) else {
                    continue;
                };
                let word = exchange.fields.first_word(known);
                let Some(word) = word.filter(|_| name.state && !name.path.contains("[]")) else {
                    continue;
                };
                let things = keys.named_by_request(*field);
                if !things.is_empty() {
                    let sight = sight(*field, word);
                    loose.push(Loose { things, sight });
                }
            }
            for loose in loose {
                if self.has_room() {
                    self.loose.push(loose);
                }
            }
            return;
        }
        let mut seen: Vec<Told> = Vec::with_capacity(things.len());
        for (at, thing) in things.iter().enumerate() {
            let id = fields.get(thing.id as usize);
            let state = fields.get(thing.state as usize);
            if let (Some(id), Some(state)) = (id, state) {
                let label = keys.label(*id, thing.token);
                let told = (!thing.linkable).then_some(label.0);
                seen.push(Told {
                    thing: keys.thing(thing.token, told, *state),
                    state: *state,
                    at,
                    label,
                });
            }
        }
        // What an answer says of one thing in two ways is not known.
        seen.sort_unstable_by_key(|told| (told.thing.0, told.state, told.at));
        let word = |told: &Told| &things[told.at].word;
        let agree = |same: &&[Told]| same.iter().all(|told| word(told) == word(&same[0]));
        let same = seen.chunk_by(|a, b| a.thing == b.thing);
        let mut known: Vec<&Told> = same.filter(agree).map(|same| &same[0]).collect();
        // In the answer's order, so that a random key does not decide which there is room for.
        known.sort_unstable_by_key(|told| told.at);
        for told in known {
            if self.has_room() {
                self.sights.push(Sight {
                    thing: told.thing,
                    id: things[told.at].token,
                    label: told.label,
                    ..sight(told.state, word(told))
                });
            }
        }
    }

    fn is_full(&self) -> bool {
        self.sights.len() + self.loose.len() >= self.room
    }

    fn has_room(&mut self) -> bool {
        let full = self.is_full();
        self.left_out += usize::from(full);
        !full
    }

    /// Writes the changes of states into what was observed of the calls that show them, and what came
    /// before them into `causes`.
    pub(super) fn finish(
        mut self,
        observed: &mut [Observed],
        calls: &[&CallKey],
        names: &Names,
        writes: &Writes,
        causes: &mut Causes,
    ) {
        self.settle_loose();
        let sights = self.sights;
        let shown = Shown::new(&sights);
        let mut machines = Machines::new(&shown, calls, names);
        let mut order: Vec<(u64, usize)> = Vec::with_capacity(sights.len());
        order.extend((sights.iter().enumerate()).map(|(at, sight)| (sight.thing.0, at)));
        order.sort_unstable();
        for thing in order.chunk_by(|a, b| a.0 == b.0) {
            // Most are seen once.
            if thing.len() > 1 {
                let mut thing: Vec<&Sight> = thing.iter().map(|(_, at)| &sights[*at]).collect();
                thing.sort_unstable_by_key(|sight| (sight.at, sight.place));
                machines.follow(&thing);
            }
        }
        machines.tell(observed, writes, causes);
    }

    /// Puts what only requests name with the things that answers name.
    ///
    /// It counts where a reader shows several states there, or where its states are those that the things
    /// have elsewhere: a mere `{"status": "ok"}` is no state of a thing.
    fn settle_loose(&mut self) {
        if self.loose.is_empty() {
            return;
        }
        let known: HashSet<Token> = self.sights.iter().map(|sight| sight.thing).collect();
        let words: HashSet<&SmolStr> = self.sights.iter().map(|sight| &sight.word).collect();
        let mut of_place: HashMap<Place, (HashSet<&SmolStr>, bool)> = HashMap::default();
        for loose in &self.loose {
            let (own, shared) = of_place.entry(loose.sight.place).or_default();
            own.insert(&loose.sight.word);
            *shared |= words.contains(&loose.sight.word);
        }
        let counts = |sight: &Sight| {
            let place = of_place.get(&sight.place);
            place.is_some_and(|(own, shared)| *shared || own.len() > 1 && !sight.writes)
        };
        let accepted: Vec<bool> = self
            .loose
            .iter()
            .map(|loose| counts(&loose.sight))
            .collect();
        for (loose, accepted) in std::mem::take(&mut self.loose).into_iter().zip(accepted) {
            let mut things = loose.things;
            things.retain(|(thing, _)| known.contains(thing));
            things.dedup();
            if let ([(thing, id)], true) = (things.as_slice(), accepted) {
                let (thing, id) = (*thing, *id);
                self.sights.push(Sight {
                    thing,
                    id,
                    ..loose.sight
                });
            }
        }
    }
}

/// What each place shows over the whole capture.
#[derive(Default)]
struct PlaceShown<'a> {
    words: BTreeSet<&'a str>,
    sights: usize,
    writes: bool,
}

struct Shown<'a>(HashMap<Place, PlaceShown<'a>>);

impl<'a> Shown<'a> {
    fn new(sights: &'a [Sight]) -> Self {
        let mut shown: HashMap<Place, PlaceShown<'a>> = HashMap::default();
        // An answer shows many at one place, with few words.
        for same in sights.chunk_by(|a, b| a.place == b.place) {
            let place = shown.entry(same[0].place).or_default();
            place.sights += same.len();
            let mut last = "";
            for sight in same {
                place.writes |= sight.writes;
                if last != sight.word {
                    last = &sight.word;
                    place.words.insert(last);
                }
            }
        }
        Shown(shown)
    }

    /// Whether two sights of a thing speak of the same: its id is called alike, or the places have a word
    /// in common.
    fn alike(&self, a: &Sight, b: &Sight) -> bool {
        let (a_label, b_label) = (a.label, b.label);
        if a_label == b_label || a_label.1 && b_label.1 || a.place == b.place {
            return true;
        }
        // What a request named has been looked at before.
        if a_label.0 == Token(0) || b_label.0 == Token(0) || a_label.0 == b_label.0 {
            return true;
        }
        match (self.0.get(&a.place), self.0.get(&b.place)) {
            (Some(a), Some(b)) => a.words.intersection(&b.words).next().is_some(),
            _ => false,
        }
    }
}

/// A state that changed between two answers.
struct Turn {
    place: Place,
    /// Whether both were at the same place.
    here: bool,
    id: Token,
    values: (SmolStr, SmolStr),
    between: (Moment, Moment),
    /// The call that showed the first state, if it writes.
    maker: Option<usize>,
}

/// The states of the things of one kind, as far as the places that show them belong together.
struct Machines<'a> {
    shown: &'a Shown<'a>,
    calls: &'a [&'a CallKey],
    names: &'a Names,
    turns: Vec<Turn>,
    /// Places with one that they belong to.
    with: BTreeMap<Place, Place>,
}

impl<'a> Machines<'a> {
    fn new(shown: &'a Shown<'a>, calls: &'a [&'a CallKey], names: &'a Names) -> Self {
        Machines {
            shown,
            calls,
            names,
            turns: Vec::new(),
            with: BTreeMap::new(),
        }
    }

    /// Follows one thing, whose sights are in order of time.
    fn follow(&mut self, sights: &[&Sight]) {
        let mut last: Option<&Sight> = None;
        let mut here: Vec<&Sight> = Vec::new();
        for sight in sights.iter().copied() {
            let known = here.iter().position(|known| known.place == sight.place);
            let before = known.map(|at| std::mem::replace(&mut here[at], sight));
            if known.is_none() {
                here.push(sight);
            }
            let Some(previous) = last.replace(sight) else {
                continue;
            };
            if !self.shown.alike(previous, sight) {
                continue;
            }
            self.join(previous.place, sight.place);
            if let Some(before) = before {
                // What another place showed in between tells more.
                let passed = previous.word != before.word && previous.word != sight.word;
                if before.word != sight.word && !passed && !self.is_series(before, sight) {
                    self.turn(before, sight, true);
                }
            }
            if previous.place != sight.place && previous.word != sight.word {
                self.turn(previous, sight, false);
            }
        }
    }

    /// Whether the two are answers to one and the same request, which is looked at elsewhere.
    fn is_series(&self, a: &Sight, b: &Sight) -> bool {
        a.request == b.request && !self.names.name(a.place.1).contains("[]")
    }

    fn turn(&mut self, from: &Sight, to: &Sight, here: bool) {
        self.turns.push(Turn {
            place: to.place,
            here,
            id: to.id,
            values: (from.word.clone(), to.word.clone()),
            between: (from.at, to.at),
            maker: from.writes.then_some(from.place.0),
        });
    }

    fn root(&self, mut place: Place) -> Place {
        while let Some(with) = self.with.get(&place) {
            place = *with;
        }
        place
    }

    fn join(&mut self, a: Place, b: Place) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.with.insert(a.max(b), a.min(b));
        }
    }

    /// How well a place shows what its kind goes through; the best comes first.
    fn rank(&self, place: Place) -> impl Ord + use<'_, 'a> {
        let shown = self.shown.0.get(&place);
        let field = self.names.name(place.1);
        (
            Reverse(shown.map_or(0, |shown| shown.words.len())),
            shown.is_some_and(|shown| shown.writes),
            field.contains("[]"),
            Reverse(shown.map_or(0, |shown| shown.sights)),
            self.calls.get(place.0).copied(),
            field,
        )
    }

    /// Notes each change where it was seen twice at one place, the others at the place that shows most.
    fn tell(mut self, observed: &mut [Observed], writes: &Writes, causes: &mut Causes) {
        let mut members: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
        for place in self.shown.0.keys() {
            members.entry(self.root(*place)).or_default().push(*place);
        }
        let turns = std::mem::take(&mut self.turns);
        let (here, between): (Vec<Turn>, Vec<Turn>) = turns.into_iter().partition(|turn| turn.here);
        for turn in &here {
            self.note(turn, turn.place, observed, |known| &mut known.transitions);
            note_causes(turn, turn.place, writes, causes);
        }
        let mut told: HashMap<Place, Option<Place>> = HashMap::default();
        for (root, places) in &members {
            let words: BTreeSet<&str> = places
                .iter()
                .filter_map(|place| self.shown.0.get(place))
                .flat_map(|shown| shown.words.iter().copied())
                .collect();
            let few = words.len() <= ConstantRules::built_in().max_values();
            let best = places
                .iter()
                .copied()
                .min_by(|a, b| self.rank(*a).cmp(&self.rank(*b)));
            told.insert(*root, best.filter(|_| few));
        }
        let mut seen: HashSet<(Place, (SmolStr, SmolStr))> = HashSet::default();
        for (root, places) in &members {
            for (call, field) in places {
                let field = self.names.name(*field);
                let changes = observed
                    .get(*call)
                    .and_then(|known| known.transitions.get(field));
                for (from, to) in changes.into_iter().flat_map(|changes| changes.keys()) {
                    seen.insert((*root, (from.as_str().into(), to.as_str().into())));
                }
            }
        }
        for turn in &between {
            let root = self.root(turn.place);
            let Some(Some(place)) = told.get(&root) else {
                continue;
            };
            if !seen.contains(&(root, turn.values.clone())) {
                self.note(turn, *place, observed, |known| &mut known.joint);
            }
            for place in members.get(&root).into_iter().flatten() {
                let field = self.names.name(place.1);
                let change = (turn.values.0.to_string(), turn.values.1.to_string());
                let known = observed.get(place.0).is_some_and(|known| {
                    let all = [&known.transitions, &known.joint];
                    let mut changes = all.into_iter().filter_map(|changes| changes.get(field));
                    changes.any(|changes| changes.contains_key(&change))
                });
                if known {
                    note_causes(turn, *place, writes, causes);
                }
            }
        }
    }

    fn note(
        &self,
        turn: &Turn,
        (call, field): Place,
        observed: &mut [Observed],
        of: impl Fn(&mut Observed) -> &mut BTreeMap<String, Transitions>,
    ) {
        if let Some(observed) = observed.get_mut(call) {
            let change = (turn.values.0.to_string(), turn.values.1.to_string());
            let changes = of(observed).entry(self.names.name(field).to_owned());
            *changes.or_default().entry(change).or_default() += 1;
        }
    }
}

/// The writes about the thing between two sights, that which showed the second among them, and the
/// last ones before.
fn note_causes(turn: &Turn, (read, field): Place, writes: &Writes, causes: &mut Causes) {
    let about = [turn.id];
    let mut between = writes.between(&about, turn.between, MAX_CAUSES, |_| true);
    // A write that answers the new state made it.
    if let Some(own) = between.iter().position(|write| write.at == turn.between.1) {
        between = vec![between[own]];
    }
    let before = writes.before(&about, turn.between.0, MAX_CAUSES, |_| true);
    let before = before.iter().map(|write| write.call).chain(turn.maker);
    let before = before.enumerate().map(|(back, by)| (by, back + 1));
    for (by, back) in between.iter().map(|write| (write.call, 0)).chain(before) {
        causes.note(Cause {
            read,
            field,
            values: turn.values.clone(),
            by,
            back,
        });
    }
}
