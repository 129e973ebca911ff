//! What is observed of one call while its capture is read: sums under numbers in place of names.

use std::sync::Arc;

use foldhash::HashMap;

use crate::scope::{Exchange, Fields, Place};
use crate::value::Kinds;

use super::names::{Name, Names};
use super::observed::{FieldUse, MAX_VARIANTS, Observed, ParamUse};
use super::room::{Admitted, Order};

/// The sorted names that a request sent, as numbers and as texts.
type Set = Box<[(Place, Name)]>;
type SetText = Vec<(Place, Arc<str>)>;

/// The sums of one call.
#[derive(Default)]
pub(super) struct Tally {
    observed: Observed,
    params: HashMap<(Place, Name), Counted<ParamUse>>,
    /// By the sorted names that were sent.
    variants: HashMap<Set, usize>,
    fields: HashMap<Name, Counted<FieldUse>>,
    param_order: Order<(Place, Name), (Place, Arc<str>)>,
    variant_order: Order<Set, SetText>,
    field_order: Order<Name, Arc<str>>,
}

/// What was observed of a name, its kinds apart.
#[derive(Default)]
struct Counted<T> {
    uses: T,
    kinds: Kinds,
}

impl Tally {
    /// How many requests were added.
    pub(super) fn requests(&self) -> usize {
        self.observed.requests
    }

    /// Uses of names that there was no room for.
    pub(super) fn left_out(&self) -> usize {
        self.observed.more_params + self.observed.more_fields
    }

    /// Adds an exchange, given the numbers of its parameters' and its fields' names; of each the first `room`
    /// in the order of their texts are kept.
    pub(super) fn add(
        &mut self,
        exchange: &Exchange,
        params: &[Name],
        fields: &[Name],
        room: usize,
        all: &Names,
    ) {
        self.observed.add(exchange);
        self.add_params(exchange, params, room, all);
        self.add_fields(&exchange.fields, fields, room, all);
    }

    fn add_params(&mut self, exchange: &Exchange, names: &[Name], room: usize, all: &Names) {
        let mut sent: Vec<(Place, Name)> = Vec::with_capacity(names.len());
        for (rank, (param, name)) in exchange.params.iter().zip(names).enumerate() {
            let key = (param.place, *name);
            if !self.params.contains_key(&key) {
                let text = |(place, name): &(Place, Name)| (*place, all.shared(*name));
                match self.param_order.admit(&mut self.params, room, &key, text) {
                    Admitted::Yes => {}
                    Admitted::Instead(gone) => self.observed.more_params += gone.uses.times,
                    Admitted::No => {
                        self.observed.more_params += 1;
                        continue;
                    }
                }
            }
            let known = self.params.entry(key).or_insert_with(|| Counted {
                uses: ParamUse {
                    rank,
                    ..ParamUse::default()
                },
                kinds: Kinds::default(),
            });
            known.uses.rank = known.uses.rank.min(rank);
            known.uses.times += 1;
            known.kinds.insert(param.value.kind);
            known.uses.values.add(&param.value);
            sent.push(key);
        }
        sent.sort_unstable();
        sent.dedup();
        for key in &sent {
            if let Some(known) = self.params.get_mut(key) {
                known.uses.requests += 1;
            }
        }
        self.add_variant(sent, all);
    }

    fn add_variant(&mut self, sent: Vec<(Place, Name)>, all: &Names) {
        if let Some(known) = self.variants.get_mut(sent.as_slice()) {
            *known += 1;
            return;
        }
        let sent: Set = sent.into();
        let text = |set: &Set| {
            let names = set.iter().map(|(place, name)| (*place, all.shared(*name)));
            let mut names: SetText = names.collect();
            names.sort_unstable();
            names
        };
        let admitted = self
            .variant_order
            .admit(&mut self.variants, MAX_VARIANTS, &sent, text);
        match admitted {
            Admitted::Yes => {}
            Admitted::Instead(gone) => self.observed.more_variants += gone,
            Admitted::No => {
                self.observed.more_variants += 1;
                return;
            }
        }
        self.variants.insert(sent, 1);
    }

    fn add_fields(&mut self, fields: &Fields, names: &[Name], room: usize, all: &Names) {
        for (at, seen) in fields.iter() {
            let Some(name) = names.get(at) else {
                continue;
            };
            if !self.fields.contains_key(name) {
                let text = |name: &Name| all.shared(*name);
                match self.field_order.admit(&mut self.fields, room, name, text) {
                    Admitted::Yes => {}
                    Admitted::Instead(gone) => self.observed.more_fields += gone.uses.responses,
                    Admitted::No => {
                        self.observed.more_fields += 1;
                        continue;
                    }
                }
            }
            let known = self.fields.entry(*name).or_default();
            known.uses.responses += 1;
            known.uses.times += seen.values();
            known.kinds.extend(seen.kinds);
            known.uses.values.overflow += seen.hidden as usize;
        }
        for seen in fields.words() {
            if let Some(name) = names.get(seen.field as usize)
                && let Some(known) = self.fields.get_mut(name)
            {
                known.uses.values.add_word(&seen.word, seen.count as usize);
            }
        }
    }

    /// What was observed, under names.
    pub(super) fn finish(self, names: &Names) -> Observed {
        let mut observed = self.observed;
        for ((place, name), mut counted) in self.params {
            counted.uses.kinds = counted.kinds.iter().collect();
            observed
                .params
                .insert((place, names.name(name).to_owned()), counted.uses);
        }
        for (name, mut counted) in self.fields {
            counted.uses.kinds = counted.kinds.iter().collect();
            observed
                .fields
                .insert(names.name(name).to_owned(), counted.uses);
        }
        // Sets that lack what there was no room for depend on what came first.
        if observed.more_params > 0 {
            observed.more_variants += self.variants.values().sum::<usize>();
            return observed;
        }
        for (variant, count) in self.variants {
            let mut variant: Vec<(Place, &str)> = variant
                .iter()
                .map(|(place, name)| (*place, names.name(*name)))
                .collect();
            variant.sort_unstable();
            let variant = variant
                .into_iter()
                .map(|(_, name)| name.to_owned())
                .collect();
            observed.add_variant(variant, count);
        }
        observed
    }
}
