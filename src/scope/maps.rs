//! Maps: objects whose keys are values, which their structure tells.
//!
//! `{"octocat": {"role": …, "since": …}, "torvalds": {"role": …, "since": …}, …}`: no key of it looks
//! like a value by itself, but all of them hold the same, and they are no words that APIs use.

use foldhash::{HashMap, HashMapExt};

use crate::value::ConstantRules;

use super::places::{ITEMS, KEY};

/// An object of fewer members is none.
const MIN_MEMBERS: usize = 3;
/// All members hold at least so many names alike.
const MIN_SHARED: usize = 2;

/// The members of a body: objects and arrays at one place are merged, each name stands there once.
///
/// The root is member 0; a member comes behind the one that holds it.
pub(crate) struct Members<'n> {
    known: Vec<Member<'n>>,
    positions: HashMap<(usize, &'n str), usize>,
}

struct Member<'n> {
    name: &'n str,
    below: Vec<usize>,
}

/// Members of one place.
struct Group<'n> {
    name: &'n str,
    members: Vec<usize>,
}

impl<'n> Members<'n> {
    /// A body that holds nothing.
    pub(crate) fn new() -> Self {
        Members {
            known: vec![Member {
                name: "",
                below: Vec::new(),
            }],
            positions: HashMap::new(),
        }
    }

    /// The member of a place by its name, which may be new; [`KEY`] for names that are values
    /// themselves, [`ITEMS`] for the items of an array.
    pub(crate) fn member(&mut self, holder: usize, name: &'n str) -> usize {
        let next = self.known.len();
        let at = *self.positions.entry((holder, name)).or_insert(next);
        if at == next {
            self.known.push(Member {
                name,
                below: Vec::new(),
            });
            self.known[holder].below.push(at);
        }
        at
    }

    /// Which members are the same one, the keys of maps being left out; `None` if there are no maps.
    pub(crate) fn collapsed(&self) -> Option<Collapsed> {
        let mut collapsed = Collapsed {
            same: (0..self.known.len()).collect(),
            keys: vec![false; self.known.len()],
        };
        let mut found = false;
        let mut open = vec![vec![0]];
        while let Some(holders) = open.pop() {
            let mut groups = self.below(&holders);
            if self.is_map(&groups) {
                let members: Vec<usize> = groups.into_iter().flat_map(|it| it.members).collect();
                for at in &members {
                    collapsed.keys[*at] = true;
                }
                groups = vec![Group { name: KEY, members }];
                found = true;
            }
            for group in groups {
                let first = group.members.iter().copied().min().unwrap_or_default();
                group
                    .members
                    .iter()
                    .for_each(|at| collapsed.same[*at] = first);
                open.push(group.members);
            }
        }
        found.then_some(collapsed)
    }

    /// What stands below some members, by name.
    fn below(&self, holders: &[usize]) -> Vec<Group<'n>> {
        let below = holders.iter().flat_map(|at| &self.known[*at].below);
        if holders.len() < 2 {
            let alone = |at: &usize| Group {
                name: self.known[*at].name,
                members: vec![*at],
            };
            return below.map(alone).collect();
        }
        let mut groups: Vec<Group<'n>> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for at in below {
            let name = self.known[*at].name;
            let position = *positions.entry(name).or_insert(groups.len());
            match groups.get_mut(position) {
                Some(group) => group.members.push(*at),
                None => groups.push(Group {
                    name,
                    members: vec![*at],
                }),
            }
        }
        groups
    }

    /// Whether the members of an object are the keys of a map: objects alike, and at least half of their
    /// names are no words that APIs use.
    fn is_map(&self, groups: &[Group<'n>]) -> bool {
        if groups.len() < MIN_MEMBERS {
            return false;
        }
        let mut holders: HashMap<&str, usize> = HashMap::new();
        for group in groups {
            let below = self.below(&group.members);
            if below.len() < MIN_SHARED || below.iter().any(|it| it.name == ITEMS) {
                return false;
            }
            for inner in below {
                *holders.entry(inner.name).or_default() += 1;
            }
        }
        let shared = holders.values().filter(|count| **count == groups.len());
        let shared = shared.count();
        if shared < MIN_SHARED || shared * 2 < holders.len() {
            return false;
        }
        let rules = ConstantRules::built_in();
        let odd = groups.iter().filter(|it| !rules.is_known(it.name));
        odd.count() * 2 >= groups.len()
    }
}

/// Which members of a body are the same one.
pub(crate) struct Collapsed {
    same: Vec<usize>,
    keys: Vec<bool>,
}

impl Collapsed {
    /// The member that stands for this one: the first of those that are the same.
    pub(crate) fn same(&self, member: usize) -> usize {
        self.same.get(member).copied().unwrap_or(member)
    }

    /// Whether the name of a member is the key of a map.
    pub(crate) fn is_key(&self, member: usize) -> bool {
        self.keys.get(member).is_some_and(|is| *is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The members of a body that has these paths, and their positions.
    fn members<'n>(paths: &[&'n str]) -> (Members<'n>, Vec<usize>) {
        let mut members = Members::new();
        let at = paths.iter().map(|path| {
            let steps = path.split('.');
            steps.fold(0, |holder, name| members.member(holder, name))
        });
        let at = at.collect();
        (members, at)
    }

    fn of(keys: &[&str], fields: &[&str]) -> bool {
        let paths: Vec<String> = keys
            .iter()
            .flat_map(|key| fields.iter().map(move |field| format!("{key}.{field}")))
            .collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let (members, _) = members(&paths);
        members.collapsed().is_some()
    }

    #[test]
    fn keys_that_hold_the_same_are_values() {
        assert!(of(
            &["octocat", "torvalds", "gvanrossum"],
            &["role", "since"]
        ));
        assert!(of(&["octocat", "torvalds", KEY], &["role", "since"]));
        assert!(!of(&["octocat", "torvalds"], &["role", "since"]));
        assert!(!of(&["octocat", "torvalds", "gvanrossum"], &["role"]));
        assert!(!of(&["small", "medium", "large"], &["width", "height"]));
        assert!(!of(&["octocat", "torvalds", "gvanrossum"], &[ITEMS, "x"]));
    }

    #[test]
    fn members_below_the_keys_are_the_same_ones() {
        let (members, at) = members(&[
            "members.octocat.role",
            "members.octocat.since",
            "members.torvalds.role",
            "members.torvalds.since",
            "members.torvalds.note",
            "members.dhh.since",
            "members.dhh.role",
            "total",
        ]);
        let collapsed = members.collapsed().unwrap();
        let same: Vec<usize> = at.iter().map(|at| collapsed.same(*at)).collect();
        assert_eq!(same[0], same[2]);
        assert_eq!(same[0], same[6]);
        assert_eq!(same[1], same[5]);
        assert_eq!(same[4], at[4]);
        assert_eq!(same[7], at[7]);
        assert!(at.iter().all(|at| !collapsed.is_key(*at)));
        assert!(collapsed.is_key(2));
    }
}
