//! What is added to the log odds besides the weights, as data.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::feature::Features;

/// The table `prior.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The first of these that holds is all that is added.
    only: Vec<Rule>,
    /// Otherwise each of these that holds is added.
    more: Vec<Rule>,
}

/// What is added where some evidence is there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    add: f64,
    all: Vec<Name>,
    #[serde(default)]
    none: Vec<Name>,
    #[serde(default)]
    least: BTreeMap<Name, f64>,
    less: Option<Name>,
}

/// The name of a feature, as its position among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Name(usize);

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(name: String) -> Result<Name, String> {
        let at = Features::names().iter().position(|known| *known == name);
        at.map(Name).ok_or(format!("no feature is called {name}"))
    }
}

impl Rule {
    /// What the rule adds, if it holds.
    fn of(&self, values: &[f64]) -> Option<f64> {
        let is = |name: &Name| values[name.0] > 0.0;
        let holds = self.all.iter().all(is)
            && !self.none.iter().any(is)
            && self
                .least
                .iter()
                .all(|(name, least)| values[name.0] >= *least);
        let less = self.less.map_or(0.0, |name| values[name.0]);
        holds.then_some(self.add * (1.0 - less))
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("prior.toml")).expect("prior.toml is valid")
    })
}

/// What is added to the log odds of some evidence.
pub(super) fn prior(evidence: &Features) -> f64 {
    let (table, values) = (table(), evidence.values());
    let only = table.only.iter().find_map(|rule| rule.of(values));
    only.unwrap_or_else(|| table.more.iter().filter_map(|rule| rule.of(values)).sum())
}

#[cfg(test)]
mod tests {
    use super::super::feature::Feature as F;
    use super::*;

    fn evidence(of: &[(F, f64)]) -> Features {
        let mut evidence = Features::new();
        for (feature, value) in of {
            evidence.set(*feature, *value);
        }
        evidence
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the numbers are those of the table")]
    fn the_first_rule_of_its_kind_is_all_that_is_added() {
        let alias = [(F::Alias, 1.0), (F::AfterPlural, 1.0), (F::Unknown, 1.0)];
        assert_eq!(prior(&evidence(&alias)), -4.0);
        let seen = [&alias[..], &[(F::Seen, 1.0), (F::Traced, 0.5)]].concat();
        assert_eq!(prior(&evidence(&seen)), 0.5);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the numbers are those of the table")]
    fn the_others_are_added_to_each_other() {
        let shared = [(F::SuffixOwn, 1.0), (F::SuffixShare, 0.5)];
        let of = |paths: f64| {
            let own = [
                (F::AfterPlural, 1.0),
                (F::Unknown, 1.0),
                (F::Suffixes, paths.ln()),
            ];
            prior(&evidence(&[&own[..], &shared].concat()))
        };
        assert_eq!([of(2.0), of(3.0)], [1.0, 4.0]);
        assert_eq!(prior(&evidence(&shared)), 0.0);
    }
}
