//! The order of the steps that sessions have in common.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Steps that are compared pair by pair; those of a longer flow stand by their mean places.
const MAX_COMPARED: usize = 256;
/// The length of a session when places in it are compared with those in others.
const WHOLE: usize = 1 << 20;

/// Each step of some sessions once, in the order that most sessions have of every two steps. What all
/// agree on goes first, then what most do; what would contradict what is settled is left. Of steps that
/// nothing orders the one that has the earlier place on average comes first.
pub(super) fn in_order(sessions: &[Vec<usize>]) -> Vec<usize> {
    let steps = by_mean_place(sessions);
    if sessions.len() < 2 || steps.len() > MAX_COMPARED {
        return steps;
    }
    let numbers: BTreeMap<usize, usize> = steps.iter().copied().zip(0..).collect();
    let numbered = |session: &Vec<usize>| session.iter().map(|step| numbers[step]).collect();
    let sessions: Vec<Vec<usize>> = sessions.iter().map(numbered).collect();
    let mut settled = Settled::new(steps.len());
    for (a, b) in preferences(&sessions, steps.len()) {
        settled.add(a, b);
    }
    let order = settled.order();
    order.into_iter().map(|number| steps[number]).collect()
}

/// The steps by how far through the sessions they stand on average.
fn by_mean_place(sessions: &[Vec<usize>]) -> Vec<usize> {
    let mut places: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for session in sessions {
        for (place, step) in session.iter().enumerate() {
            let (sum, count) = places.entry(*step).or_default();
            *sum += place * WHOLE / session.len();
            *count += 1;
        }
    }
    let means = places.into_iter();
    let mut means: Vec<(usize, usize)> = means
        .map(|(step, (sum, count))| (sum / count, step))
        .collect();
    means.sort_unstable();
    means.into_iter().map(|(_, step)| step).collect()
}

/// The pairs of which more sessions have the first before the second, those that count most first.
fn preferences(sessions: &[Vec<usize>], steps: usize) -> Vec<(usize, usize)> {
    let mut before = vec![0_usize; steps * steps];
    for session in sessions {
        for (at, a) in session.iter().enumerate() {
            for b in &session[at + 1..] {
                before[a * steps + b] += 1;
            }
        }
    }
    let pairs = (0..steps).flat_map(|a| (0..steps).map(move |b| (a, b)));
    let mut pairs: Vec<(bool, Reverse<usize>, usize, usize)> = pairs
        .filter_map(|(a, b)| {
            let against = before[b * steps + a];
            let margin = before[a * steps + b].checked_sub(against)?;
            (margin > 0).then_some((against > 0, Reverse(margin), a, b))
        })
        .collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(.., a, b)| (a, b)).collect()
}

/// Which steps stand before which others, as far as it is settled.
struct Settled {
    /// For each step a bit for each of those behind it.
    behind: Vec<Vec<u64>>,
}

impl Settled {
    fn new(steps: usize) -> Self {
        Settled {
            behind: vec![vec![0; steps.div_ceil(64)]; steps],
        }
    }

    fn is_before(&self, a: usize, b: usize) -> bool {
        self.behind[a][b / 64] >> (b % 64) & 1 == 1
    }

    /// Settles that one step is before another, unless it is behind it already.
    fn add(&mut self, a: usize, b: usize) {
        if self.is_before(b, a) || self.is_before(a, b) {
            return;
        }
        let mut more = self.behind[b].clone();
        more[b / 64] |= 1 << (b % 64);
        for step in 0..self.behind.len() {
            if step == a || self.is_before(step, a) {
                for (known, new) in self.behind[step].iter_mut().zip(&more) {
                    *known |= new;
                }
            }
        }
    }

    /// The steps in that order; of those that could come next the first.
    fn order(&self) -> Vec<usize> {
        let steps = 0..self.behind.len();
        let behind = |at: usize| steps.clone().filter(move |step| self.is_before(at, *step));
        let mut waiting: Vec<usize> = vec![0; self.behind.len()];
        for step in steps.clone().flat_map(behind) {
            waiting[step] += 1;
        }
        let mut ready: BTreeSet<usize> = steps.clone().filter(|at| waiting[*at] == 0).collect();
        let mut order = Vec::with_capacity(self.behind.len());
        while let Some(next) = ready.pop_first() {
            order.push(next);
            for step in behind(next) {
                waiting[step] -= 1;
                if waiting[step] == 0 {
                    ready.insert(step);
                }
            }
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn steps_that_share_no_session_do_not_keep_others_apart() {
        // Token, accounts, profile, transfers; then token, transfers, confirm, logout.
        let order = in_order(&[vec![0, 1, 2, 3], vec![0, 3, 4, 5]]);
        assert_eq!(order, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn where_sessions_differ_most_of_them_win_and_a_circle_is_cut_at_its_weakest() {
        assert_eq!(in_order(&[vec![0, 1], vec![1, 0], vec![1, 0]]), [1, 0]);
        let circle = [vec![0, 1], vec![0, 1], vec![1, 2], vec![1, 2], vec![2, 0]];
        assert_eq!(in_order(&circle), [0, 1, 2]);
    }

    #[test]
    fn a_long_flow_is_ordered_by_mean_places() {
        let long: Vec<usize> = (0..2_000).collect();
        assert_eq!(in_order(&[long.clone(), long.clone()]), long);
        assert!(in_order(&[]).is_empty());
    }

    /// Whether one step is before another where both are, for every pair of which all sessions agree.
    fn agreed(sessions: &[Vec<usize>]) -> Vec<(usize, usize)> {
        let place = |session: &Vec<usize>, step| session.iter().position(|known| *known == step);
        let mut pairs = Vec::new();
        for (a, b) in (0..9).flat_map(|a| (0..9).map(move |b| (a, b))) {
            let both = sessions.iter();
            let both = both.filter_map(|known| Some((place(known, a)?, place(known, b)?)));
            let both: Vec<bool> = both.map(|(a, b)| a < b).collect();
            if !both.is_empty() && both.iter().all(|before| *before) {
                pairs.push((a, b));
            }
        }
        pairs
    }

    /// Whether pairs lead from one step to another.
    fn leads(pairs: &[(usize, usize)], from: usize, to: usize) -> bool {
        let mut reached = BTreeSet::from([from]);
        loop {
            let next = pairs.iter().filter(|(a, _)| reached.contains(a));
            let next: BTreeSet<usize> = next.map(|(_, b)| *b).collect();
            let before = reached.len();
            reached.extend(next);
            if reached.contains(&to) || reached.len() == before {
                return reached.contains(&to);
            }
        }
    }

    fn session() -> impl Strategy<Value = Vec<usize>> {
        prop::collection::btree_set(0_usize..9, 0..7)
            .prop_map(|steps| steps.into_iter().collect::<Vec<usize>>())
            .prop_shuffle()
    }

    proptest! {
        /// Every step is there once, and what all sessions agree on holds, unless it leads in a circle.
        #[test]
        fn what_all_sessions_agree_on_holds(sessions in prop::collection::vec(session(), 0..6)) {
            let order = in_order(&sessions);
            let steps: BTreeSet<usize> = sessions.iter().flatten().copied().collect();
            prop_assert_eq!(order.len(), steps.len());
            prop_assert_eq!(order.iter().copied().collect::<BTreeSet<_>>(), steps);
            let pairs = agreed(&sessions);
            let place = |step: usize| order.iter().position(|known| *known == step);
            for (a, b) in &pairs {
                if !leads(&pairs, *b, *a) {
                    prop_assert!(place(*a) < place(*b), "{a} before {b} in {order:?}");
                }
            }
            let mut others = sessions.clone();
            others.reverse();
            prop_assert_eq!(in_order(&others), order);
        }
    }
}
