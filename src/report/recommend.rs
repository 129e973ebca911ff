//! What to build first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::assess::{Assessed, Reason};
use crate::config::{Level, Status};
use crate::locale::Arg;
use crate::scope::Place;

use super::context::Context;
use super::endpoint::order;
use super::model::{EndpointRow, Recommendation, Recommendations};
use super::module;

/// What others are needed for is named up to this number.
const MAX_NEEDS: usize = 4;

/// One thing to build, before it has its place.
struct Item {
    level: Level,
    first: First,
    /// What is to be built: positions in the inventory.
    gaps: Vec<usize>,
    row: Recommendation,
}

/// Modules with gaps, and gaps that no module has. Within a level, what gives values comes before what
/// sends them; else what is known to be missing comes before what may be there, in the order in which
/// the captures first call it.
pub(super) fn recommendations(context: &Context<'_>, endpoints: &[EndpointRow]) -> Recommendations {
    let mut items = modules(context);
    let in_modules: BTreeSet<usize> = context
        .assessment
        .modules
        .iter()
        .flat_map(|module| module.endpoints.iter().copied())
        .collect();
    for at in order(context) {
        if !in_modules.contains(&at) {
            items.extend(single(context, at, endpoints));
        }
    }
    // What nobody is to build is no item, and nothing waits for it.
    items.retain(|item| item.level > Level::None && !item.gaps.is_empty());
    items.sort_by_key(|item| {
        let unknown = item.row.status == Status::Unknown;
        (Reverse(item.level), unknown, item.first)
    });
    let needs = needs(context, &items);
    let levels: Vec<Level> = items.iter().map(|item| item.level).collect();
    let order = topological(&levels, &needs);
    for (at, reasons) in needed(&items, &needs, &order).iter().enumerate() {
        let said = context.say_all(reasons);
        items[at].row.reasons.extend(said);
    }
    let mut rows: Vec<Option<(Level, Recommendation)>> = items
        .into_iter()
        .map(|item| Some((item.level, item.row)))
        .collect();
    let mut recommendations = Recommendations::default();
    for at in order {
        match rows[at].take() {
            Some((Level::High, row)) => recommendations.high.push(row),
            Some((Level::Medium, row)) => recommendations.medium.push(row),
            Some((Level::Low, row)) => recommendations.low.push(row),
            _ => {}
        }
    }
    recommendations
}

/// For each item those whose answers it sends, with the response fields.
fn needs(context: &Context<'_>, items: &[Item]) -> Vec<BTreeMap<usize, BTreeSet<String>>> {
    let mut owners: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (item, gaps) in items.iter().map(|item| &item.gaps).enumerate() {
        for at in gaps {
            owners.entry(*at).or_default().push(item);
        }
    }
    // What another call that is there already gives as well need not wait.
    let given: BTreeSet<(usize, Place, &str)> = context
        .inventory
        .links
        .iter()
        .filter(|link| !owners.contains_key(&link.from))
        .map(|link| (link.to, link.place, link.param.as_str()))
        .collect();
    let mut needs = vec![BTreeMap::new(); items.len()];
    for link in &context.inventory.links {
        if given.contains(&(link.to, link.place, link.param.as_str())) {
            continue;
        }
        let (Some(from), Some(to)) = (owners.get(&link.from), owners.get(&link.to)) else {
            continue;
        };
        for item in to.iter().filter(|item| !from.contains(item)) {
            for giver in from {
                let fields: &mut BTreeSet<String> = needs[*item].entry(*giver).or_default();
                fields.insert(link.field.clone());
            }
        }
    }
    needs
}

/// What each item needs of others, in words that agree with the order: what stands before it is to be
/// built first; what stands behind it, as it is less urgent or needs the item in turn, is only named.
fn needed(
    items: &[Item],
    needs: &[BTreeMap<usize, BTreeSet<String>>],
    order: &[usize],
) -> Vec<Vec<Reason>> {
    let ranks: BTreeMap<usize, usize> = order
        .iter()
        .enumerate()
        .map(|(rank, at)| (*at, rank))
        .collect();
    let reasons = needs.iter().enumerate().map(|(at, needs)| {
        let (before, behind): (Vec<_>, Vec<_>) = needs
            .iter()
            .partition(|(giver, _)| ranks[*giver] < ranks[&at]);
        let said = [("priority.after", before), ("priority.needs-later", behind)];
        let said = said.into_iter();
        said.filter_map(|(key, givers)| named(key, items, &givers))
            .collect()
    });
    reasons.collect()
}

/// A reason that names what items answer, if there are any.
fn named(
    key: &'static str,
    items: &[Item],
    givers: &[(&usize, &BTreeSet<String>)],
) -> Option<Reason> {
    if givers.is_empty() {
        return None;
    }
    let titles = givers.iter().take(MAX_NEEDS);
    let titles = titles.map(|(at, _)| items[**at].row.title.clone());
    let fields: BTreeSet<&String> = givers.iter().flat_map(|(_, fields)| *fields).collect();
    let fields = fields.into_iter().take(MAX_NEEDS).cloned().collect();
    Some(
        Reason::new(key)
            .with("titles", Arg::Codes(titles.collect()))
            .with("fields", Arg::Codes(fields)),
    )
}

/// The items level by level, each behind those of its level that it needs; of those that need each
/// other the first comes first.
fn topological(levels: &[Level], needs: &[BTreeMap<usize, BTreeSet<String>>]) -> Vec<usize> {
    let same = |at: usize, giver: usize| levels[at] == levels[giver];
    let mut open: Vec<usize> = Vec::with_capacity(needs.len());
    let mut users: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, needs) in needs.iter().enumerate() {
        let needs: Vec<usize> = needs
            .keys()
            .copied()
            .filter(|giver| same(at, *giver))
            .collect();
        open.push(needs.len());
        for giver in needs {
            users.entry(giver).or_default().push(at);
        }
    }
    let mut ready: BinaryHeap<Reverse<usize>> = BinaryHeap::new();
    ready.extend((0..open.len()).filter(|at| open[*at] == 0).map(Reverse));
    let mut placed = vec![false; open.len()];
    let mut order = Vec::with_capacity(open.len());
    let mut next = 0;
    while order.len() < open.len() {
        let at = if let Some(Reverse(at)) = ready.pop() {
            at
        } else {
            while placed[next] {
                next += 1;
            }
            next
        };
        if std::mem::replace(&mut placed[at], true) {
            continue;
        }
        order.push(at);
        for user in users.get(&at).into_iter().flatten() {
            open[*user] = open[*user].saturating_sub(1);
            if open[*user] == 0 && !placed[*user] {
                ready.push(Reverse(*user));
            }
        }
    }
    order.sort_by_key(|at| Reverse(levels[*at]));
    order
}

fn is_gap(status: Status) -> bool {
    matches!(status, Status::Missing | Status::Partial | Status::Unknown)
}

/// Whether an endpoint has a gap that is to be closed: one of the priority "none" is left as it is.
fn is_to_build(endpoint: &Assessed) -> bool {
    is_gap(endpoint.status) && endpoint.priority.level > Level::None
}

/// When something is first called: the time, else the place in the capture.
type First = (Option<i64>, Option<i64>);

fn first_call(context: &Context<'_>, at: usize) -> First {
    let observed = &context.inventory.endpoints[at].observed;
    (observed.moments.first, observed.positions.first)
}

fn modules(context: &Context<'_>) -> Vec<Item> {
    let gaps = context
        .assessment
        .modules
        .iter()
        .filter(|module| is_gap(module.status));
    gaps.map(|module| {
        let name = module::name(context, module);
        let gaps: Vec<usize> = module
            .endpoints
            .iter()
            .copied()
            .filter(|at| is_to_build(&context.assessment.endpoints[*at]))
            .collect();
        let first = gaps.iter().map(|at| first_call(context, *at)).min();
        let row = Recommendation {
            title: name.clone(),
            module: Some(name),
            status: module.status,
            endpoints: gaps
                .iter()
                .map(|at| context.inventory.endpoints[*at].id.clone())
                .collect(),
            reasons: context.say_all(&module.reasons),
        };
        Item {
            level: module.priority,
            first: first.unwrap_or_default(),
            gaps,
            row,
        }
    })
    .collect()
}

fn single(context: &Context<'_>, at: usize, endpoints: &[EndpointRow]) -> Option<Item> {
    let assessed = &context.assessment.endpoints[at];
    if !is_to_build(assessed) {
        return None;
    }
    let id = &context.inventory.endpoints[at].id;
    let row = endpoints.iter().find(|row| row.id == *id)?;
    let row = Recommendation {
        title: row.title.clone().unwrap_or_else(|| row.id.clone()),
        module: None,
        status: row.status,
        endpoints: vec![row.id.clone()],
        reasons: row.priority.reasons.clone(),
    };
    Some(Item {
        level: assessed.priority.level,
        first: first_call(context, at),
        gaps: vec![at],
        row,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items of one level that need each other.
    fn ordered(count: usize, needs: &[(usize, usize)]) -> Vec<usize> {
        let mut all = vec![BTreeMap::new(); count];
        for (at, giver) in needs {
            all[*at].insert(*giver, BTreeSet::new());
        }
        topological(&vec![Level::High; count], &all)
    }

    #[test]
    fn what_is_needed_comes_first() {
        assert_eq!(ordered(4, &[(0, 2), (2, 3)]), [1, 3, 2, 0]);
        assert_eq!(ordered(3, &[]), [0, 1, 2]);
    }

    #[test]
    fn what_needs_itself_in_a_circle_is_placed_all_the_same() {
        assert_eq!(ordered(3, &[(0, 1), (1, 0)]), [2, 0, 1]);
    }
}
