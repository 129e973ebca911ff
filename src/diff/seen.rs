//! How often something was seen, and what follows from its not being seen.

use super::level::Rules;
use super::model::Support;

/// So many of so many observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) count: usize,
    pub(super) of: usize,
}

/// What a difference in presence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// Seen on the new side only; `thin` if the old side may just have missed it.
    New { thin: bool },
    /// Not seen on the new side; `thin` if that may be chance.
    Gone { thin: bool },
    /// Nothing that can be told.
    Same,
}

impl Seen {
    pub(super) fn new(count: usize, of: usize) -> Self {
        Seen {
            count: count.min(of),
            of,
        }
    }

    pub(super) fn always(self) -> bool {
        self.of > 0 && self.count == self.of
    }

    pub(super) fn never(self) -> bool {
        self.count == 0
    }

    /// The share that is to be expected: of what was always seen a little less than one.
    #[expect(clippy::cast_precision_loss, reason = "shares need no more precision")]
    fn rate(self) -> f64 {
        let of = if self.always() { self.of + 1 } else { self.of };
        self.count as f64 / of.max(1) as f64
    }

    /// How likely it is that so many observations at this rate show nothing.
    fn chance_of_none(self, observations: usize) -> f64 {
        (1.0 - self.rate()).powi(exponent(observations))
    }

    /// How likely it is that all of so many observations at this rate show it.
    fn chance_of_all(self, observations: usize) -> f64 {
        self.rate().powi(exponent(observations))
    }
}

fn exponent(observations: usize) -> i32 {
    i32::try_from(observations).unwrap_or(i32::MAX)
}

/// Compares presence: nothing follows where one side had no occasion to show it.
pub(super) fn presence(old: Seen, new: Seen) -> Presence {
    let rules = &Rules::built_in().support;
    if old.of == 0 || new.of == 0 {
        return Presence::Same;
    }
    match (old.never(), new.never()) {
        (true, false) => Presence::New {
            thin: new.chance_of_none(old.of) > rules.thin,
        },
        (false, true) => {
            let chance = old.chance_of_none(new.of);
            if old.always() || chance <= rules.chance {
                Presence::Gone {
                    thin: chance > rules.thin,
                }
            } else {
                Presence::Same
            }
        }
        _ => Presence::Same,
    }
}

/// Whether what was seen is not seen any more, beyond chance.
pub(super) fn now_never(old: Seen, new: Seen) -> bool {
    !old.never()
        && new.never()
        && new.of > 0
        && old.chance_of_none(new.of) <= Rules::built_in().support.chance
}

/// Whether what was sent sometimes is now always sent, beyond chance.
pub(super) fn now_always(old: Seen, new: Seen) -> bool {
    !old.never()
        && !old.always()
        && old.of > 0
        && new.always()
        && old.chance_of_all(new.of) <= Rules::built_in().support.chance
}

/// Whether what was always sent is now sent sometimes, beyond chance.
pub(super) fn no_longer_always(old: Seen, new: Seen) -> bool {
    now_always(new, old)
}

/// The numbers behind a change.
pub(super) fn support(old: Seen, new: Seen) -> Support {
    Support {
        old: [old.count, old.of],
        new: [new.count, new.of],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(old: (usize, usize), new: (usize, usize)) -> Presence {
        presence(Seen::new(old.0, old.1), Seen::new(new.0, new.1))
    }

    #[test]
    fn an_absence_needs_support() {
        assert_eq!(of((1, 2), (0, 1)), Presence::Same);
        assert_eq!(of((1, 2), (0, 4)), Presence::Same);
        assert_eq!(of((1, 2), (0, 5)), Presence::Gone { thin: false });
        assert_eq!(of((1, 1), (0, 1)), Presence::Gone { thin: true });
        assert_eq!(of((4, 4), (0, 1)), Presence::Gone { thin: false });
        assert_eq!(of((3, 3), (0, 0)), Presence::Same);
        assert_eq!(of((0, 5), (5, 5)), Presence::New { thin: false });
        assert_eq!(of((0, 1), (1, 9)), Presence::New { thin: true });
    }

    #[test]
    fn always_and_sometimes() {
        let seen = Seen::new;
        assert!(now_always(seen(1, 4), seen(3, 3)));
        assert!(!now_always(seen(3, 4), seen(2, 2)));
        assert!(no_longer_always(seen(9, 9), seen(2, 4)));
        assert!(!no_longer_always(seen(1, 1), seen(1, 2)));
    }
}
