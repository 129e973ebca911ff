//! What a project says of which values may be shown.

use std::collections::BTreeSet;
use std::hash::BuildHasher;

/// What is said by hand of values that are shown, beyond the built-in rules.
///
/// A name is that of a parameter or field (`shop_kind`), or the end of its dotted path
/// (`data.shop_kind`); case and word separators do not matter. Denial wins over allowance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Privacy {
    allowed_names: BTreeSet<String>,
    allowed_values: BTreeSet<String>,
    denied_names: BTreeSet<String>,
    denied_values: BTreeSet<String>,
}

/// Allowed or denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It may be shown.
    Allowed,
    /// It must not be shown.
    Denied,
}

impl Privacy {
    /// Says something of the values under a name.
    pub fn say_name(&mut self, said: Said, name: &str) {
        let names = match said {
            Said::Allowed => &mut self.allowed_names,
            Said::Denied => &mut self.denied_names,
        };
        names.insert(normal(name));
    }

    /// Says something of a value, wherever it stands.
    pub fn say_value(&mut self, said: Said, value: &str) {
        let values = match said {
            Said::Allowed => &mut self.allowed_values,
            Said::Denied => &mut self.denied_values,
        };
        values.insert(value.to_owned());
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.allowed_names.is_empty()
            && self.allowed_values.is_empty()
            && self.denied_names.is_empty()
            && self.denied_values.is_empty()
    }

    /// Whether anything is denied.
    pub fn denies(&self) -> bool {
        !self.denied_names.is_empty() || !self.denied_values.is_empty()
    }

    /// What is said of the values under a name.
    pub fn of_name(&self, name: &str) -> Option<Said> {
        if self.allowed_names.is_empty() && self.denied_names.is_empty() {
            return None;
        }
        let steps: Vec<String> = name.split('.').map(normal).collect();
        let is_in = |names: &BTreeSet<String>| {
            (0..steps.len()).any(|from| names.contains(&steps[from..].join(".")))
        };
        if is_in(&self.denied_names) {
            Some(Said::Denied)
        } else {
            is_in(&self.allowed_names).then_some(Said::Allowed)
        }
    }

    /// What is said of a value.
    pub fn of_value(&self, value: &str) -> Option<Said> {
        if self.denied_values.contains(value) {
            Some(Said::Denied)
        } else {
            self.allowed_values.contains(value).then_some(Said::Allowed)
        }
    }

    /// A number that differs where something else is said, for what remembers conclusions.
    pub(super) fn fingerprint(&self) -> u64 {
        if self.is_empty() {
            return 0;
        }
        foldhash::fast::FixedState::default().hash_one(self)
    }
}

/// A name without what writing it in another style changes.
fn normal(name: &str) -> String {
    name.split('.')
        .map(|step| {
            step.chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect::<String>()
        })
        .collect::<Vec<_>>()
        .join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_meant_in_any_style_and_by_their_end() {
        let mut privacy = Privacy::default();
        privacy.say_name(Said::Allowed, "shop_kind");
        privacy.say_name(Said::Denied, "partner.shopKind");
        for (name, said) in [
            ("shopKind", Some(Said::Allowed)),
            ("data.list[].shop-kind", Some(Said::Allowed)),
            ("data.partner.shop_kind", Some(Said::Denied)),
            ("kind", None),
            ("shop", None),
        ] {
            assert_eq!(privacy.of_name(name), said, "{name}");
        }
    }
}
