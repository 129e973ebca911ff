//! Flows: steps that are taken now and were not before, the other way round, or at another place.

use crate::assess::{Flow, FlowName};
use crate::inventory::Endpoint;

use super::compare::Found;
use super::level::Code;
use super::sides::{Side, Sides};

/// All changes of flows. Declared flows have the same steps on both sides, of which some are seen;
/// of proposed ones, steps count whose endpoints only one side calls: which calls of the others belong to
/// the story depends on what the captures happen to hold. The order is that of calls which change state;
/// others are made side by side.
pub(super) fn changes(sides: &Sides) -> Vec<Found> {
    let (old, new) = (&sides.old.assessment.flows, &sides.new.assessment.flows);
    let mut found = Vec::new();
    for (old, new) in old.iter().zip(new) {
        let (before, now) = (steps(old, &sides.old), steps(new, &sides.new));
        // A side on which hardly anything of a flow was done says nothing about its steps.
        let shared = before.iter().filter(|id| now.contains(id)).count();
        if shared * 2 < before.len().min(now.len()).max(1) {
            continue;
        }
        match new.name {
            FlowName::Declared(_) => found.extend(declared(sides, old, new)),
            FlowName::Proposed(_) => found.extend(proposed(sides, &before, &now)),
        }
        found.extend(moved(sides, &before, &now));
    }
    let name = |found: &Found| (found.code, found.endpoint.clone(), found.subject.clone());
    found.sort_by_key(name);
    found.dedup_by_key(|found| name(found));
    found
}

/// The ids of the endpoints of the observed steps.
fn steps(flow: &Flow, side: &Side) -> Vec<String> {
    let observed = flow.steps.iter().filter(|step| step.observed);
    observed
        .filter_map(|step| Some(side.inventory.endpoints.get(step.endpoint?)?.id.clone()))
        .collect()
}

/// Steps of a declared flow that are seen on one side only although both sides call their endpoint; an
/// endpoint that is new or not observed is told already.
fn declared(sides: &Sides, old: &Flow, new: &Flow) -> Vec<Found> {
    let mut found = Vec::new();
    for (before, now) in old.steps.iter().zip(&new.steps) {
        let endpoint = |at: Option<usize>, side: &Side| {
            let endpoint = side.inventory.endpoints.get(at?)?;
            Some(endpoint.clone())
        };
        let (Some(a), Some(b)) = (
            endpoint(before.endpoint, &sides.old),
            endpoint(now.endpoint, &sides.new),
        ) else {
            continue;
        };
        let call = call(&b, &now.with);
        match (before.observed, now.observed) {
            (false, true) => found.push(Found::new(Code::FlowStepNew, Some(&b), call)),
            (true, false) => found.push(Found::new(Code::FlowStepGone, Some(&a), call)),
            _ => {}
        }
    }
    found
}

/// `POST /order/change/ (pay_type=CARD)`: the endpoint, and what tells the step from others on it.
fn call(endpoint: &Endpoint, with: &[(String, String)]) -> String {
    let pairs = with.iter().map(|(name, value)| match value.as_str() {
        "" => name.clone(),
        value => format!("{name}={value}"),
    });
    let pairs: Vec<String> = pairs.collect();
    match pairs.as_slice() {
        [] => endpoint.id.clone(),
        pairs => format!("{} ({})", endpoint.id, pairs.join(", ")),
    }
}

/// Steps of proposed flows whose endpoints the other side does not call.
fn proposed(sides: &Sides, before: &[String], now: &[String]) -> Vec<Found> {
    let only = |ids: &[String], side: &Side, other: &Side, code: Code| -> Vec<Found> {
        let ids = ids.iter().filter(|id| other.endpoint(id).is_none());
        ids.filter_map(|id| Some(Found::new(code, Some(side.endpoint(id)?.1), id.clone())))
            .collect()
    };
    let mut found = only(now, &sides.new, &sides.old, Code::FlowStepNew);
    found.extend(only(before, &sides.old, &sides.new, Code::FlowStepGone));
    found
}

/// Steps that change state and come at another place than before.
fn moved(sides: &Sides, before: &[String], now: &[String]) -> Vec<Found> {
    let shared = |id: &&String| before.contains(id) && now.contains(id);
    let writes = |ids: &[String], side: &Side| -> Vec<String> {
        let mut timed: Vec<(Option<i64>, String)> = ids
            .iter()
            .filter(shared)
            .filter_map(|id| side.endpoint(id))
            .filter(|(_, endpoint)| endpoint.observed.writes > 0)
            .map(|(_, endpoint)| (endpoint.observed.moments.first, endpoint.id.clone()))
            .collect();
        timed.sort();
        timed.dedup();
        timed.into_iter().map(|(_, id)| id).collect()
    };
    let (before, now) = (writes(before, &sides.old), writes(now, &sides.new));
    let kept = common(&before, &now);
    let moved = now.iter().filter(|id| !kept.contains(id));
    moved
        .filter_map(|id| {
            let (_, endpoint) = sides.new.endpoint(id)?;
            Some(Found::new(Code::FlowStepMoved, Some(endpoint), id.clone()))
        })
        .collect()
}

/// The longest list of steps that both have in this order.
fn common(before: &[String], now: &[String]) -> Vec<String> {
    let mut best: Vec<Vec<usize>> = vec![vec![0; now.len() + 1]; before.len() + 1];
    for (a, x) in before.iter().enumerate().rev() {
        for (b, y) in now.iter().enumerate().rev() {
            best[a][b] = if x == y {
                best[a + 1][b + 1] + 1
            } else {
                best[a + 1][b].max(best[a][b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    let mut steps = Vec::new();
    while a < before.len() && b < now.len() {
        if before[a] == now[b] {
            steps.push(before[a].clone());
            (a, b) = (a + 1, b + 1);
        } else if best[a + 1][b] >= best[a][b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::common;

    #[test]
    fn what_keeps_its_order() {
        let list = |text: &str| -> Vec<String> { text.chars().map(String::from).collect() };
        assert_eq!(common(&list("abcd"), &list("acbd")).len(), 3);
        assert_eq!(common(&list("abc"), &list("xabyc")), list("abc"));
        assert!(common(&list("abc"), &list("")).is_empty());
    }
}
