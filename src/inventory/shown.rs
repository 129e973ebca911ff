//! Which of the values that were observed may be shown.
//!
//! Constants may be listed by the rules; what else names values of the same field, such as its changes,
//! goes with them.

use crate::value::{ConstantRules, Said};

use super::evidence::Evidence;
use super::observed::Observed;

impl Observed {
    /// Decides by the rules which constants may be listed, and takes out all else that names values of
    /// those that may not.
    pub(super) fn judge(&mut self, rules: &ConstantRules) {
        for ((_, name), known) in &mut self.params {
            known.values.listable = rules.listable(name, &known.values.counts);
        }
        for (path, known) in &mut self.fields {
            known.values.listable = rules.listable(path, &known.values.counts);
        }
        self.hide_unlisted();
    }

    /// The same for a part of something, as it was decided of the whole.
    pub(super) fn judge_as(&mut self, whole: &Observed) {
        for (key, known) in &mut self.params {
            let decided = whole.params.get(key);
            known.values.listable = decided.is_some_and(|decided| decided.values.listable);
        }
        for (path, known) in &mut self.fields {
            let decided = whole.fields.get(path);
            known.values.listable = decided.is_some_and(|decided| decided.values.listable);
        }
        self.hide_unlisted();
    }

    /// Takes out the changes of fields whose constants may not be listed.
    fn hide_unlisted(&mut self) {
        let fields = std::mem::take(&mut self.fields);
        self.hide_changes(|path| fields.get(path).is_some_and(|known| known.values.listable));
        self.fields = fields;
    }

    /// Takes out the changes of fields but for those that `shown` says may be shown.
    pub(super) fn hide_changes(&mut self, shown: impl Fn(&str) -> bool) {
        self.transitions.retain(|path, _| shown(path));
        self.joint.retain(|path, _| shown(path));
        if let Some(poll) = &mut self.poll {
            poll.withhold(shown);
        }
    }

    /// Takes out what a project denies, as if it had never been kept.
    fn deny(&mut self, denied: &Denied<'_>) {
        for ((_, name), known) in &mut self.params {
            known.values.withhold(|value| denied.lets(name, value));
        }
        for (path, known) in &mut self.fields {
            known.values.withhold(|value| denied.lets(path, value));
        }
        for moves in [&mut self.transitions, &mut self.joint] {
            for (path, moves) in moves.iter_mut() {
                moves.retain(|(from, to), _| denied.lets(path, from) && denied.lets(path, to));
            }
            moves.retain(|_, moves| !moves.is_empty());
        }
        if let Some(poll) = &mut self.poll {
            let lets = poll.change.as_ref().is_none_or(|(path, from, to)| {
                let mut values = poll.values.iter().chain([from, to]);
                values.all(|value| denied.lets(path, value))
            });
            if !lets {
                (poll.change, poll.values) = (None, Vec::new());
            }
            for (path, ends) in &mut poll.ends {
                ends.retain(|value, _| denied.lets(path, value));
            }
            poll.ends.retain(|_, ends| !ends.is_empty());
        }
        self.roles.withhold(|name, value| denied.lets(name, value));
    }
}

impl Evidence {
    /// Takes out the values that a project denies, wherever they stand: a file may have been written
    /// before it did.
    pub(super) fn deny(&mut self, rules: &ConstantRules) {
        if !rules.privacy().denies() {
            return;
        }
        let denied = Denied(rules);
        for call in self.calls.values_mut() {
            call.observed.deny(&denied);
        }
        self.changes.retain(|change, _| {
            let mut values = [&change.from, &change.to].into_iter();
            values.all(|value| denied.lets(&change.field, value))
        });
    }
}

/// What a project denies.
struct Denied<'r>(&'r ConstantRules);

impl Denied<'_> {
    /// Whether a value may be kept under a name.
    fn lets(&self, name: &str, value: &str) -> bool {
        let privacy = self.0.privacy();
        privacy.of_value(value) != Some(Said::Denied)
            && (matches!(value, "true" | "false") || privacy.of_name(name) != Some(Said::Denied))
    }
}
