//! Flows as the captures show them, in the form of declared ones, for drawing both alike.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::locale::{Arg, Locale};
use crate::report::{FlowRow, PollRow, Report, RunStepRow, StepRow};

/// Steps of one flow that are shown; of a longer one first those that it needs.
const MAX_STEPS: usize = 48;

/// A flow that was observed.
pub(super) struct Observed {
    pub(super) row: FlowRow,
    /// What the captures show of each step beyond its call: "optional", "up to 3 times".
    pub(super) remarks: Vec<Vec<String>>,
    pub(super) seen: FlowSeen,
}

/// What the captures show of a flow.
#[derive(Debug, Serialize, Clone, Copy)]
pub(super) struct FlowSeen {
    /// Its number, from 1.
    pub(super) number: usize,
    steps: usize,
    sessions: usize,
    /// Steps that are not shown.
    left_out: usize,
}

/// The observed flows without those whose steps the report's flows have already.
pub(super) fn observed(report: &Report, locale: &Locale) -> Vec<Observed> {
    let flows = report.story.steps.chunk_by(|a, b| a.flow == b.flow);
    flows
        .filter(|steps| steps.len() > 1 && !is_told(steps, &report.flows))
        .filter_map(|steps| flow(steps, &report.story.polls, locale))
        .collect()
}

/// Whether one of the flows has every step that the observed one needs, or if it needs none, every
/// step.
pub(super) fn is_told(steps: &[RunStepRow], flows: &[FlowRow]) -> bool {
    let needs_any = steps.iter().any(|step| !step.optional);
    flows.iter().any(|flow| {
        let known = flow
            .steps
            .iter()
            .filter_map(|step| step.endpoint.as_deref());
        let known: BTreeSet<&str> = known.collect();
        let mut wanted = steps.iter().filter(|step| !needs_any || !step.optional);
        wanted.all(|step| known.contains(step.endpoint.as_str()))
    })
}

fn flow(steps: &[RunStepRow], polls: &[PollRow], locale: &Locale) -> Option<Observed> {
    let first = steps.first()?;
    let needed = steps.iter().filter(|step| !step.optional).count();
    let mut room = MAX_STEPS.saturating_sub(needed);
    let mut is_shown = |step: &&RunStepRow| {
        let fits = !step.optional || room > 0;
        room -= usize::from(step.optional && room > 0);
        fits
    };
    let shown = steps.iter().filter(|step| is_shown(step));
    let shown: Vec<&RunStepRow> = shown.take(MAX_STEPS).collect();
    let row = FlowRow {
        name: locale.format("html.observed", &[("n", Arg::Count(first.flow))]),
        summary: None,
        proposed: false,
        steps: shown.iter().map(|step| step_row(step)).collect(),
    };
    Some(Observed {
        row,
        seen: FlowSeen {
            number: first.flow,
            steps: steps.len(),
            sessions: first.of,
            left_out: steps.len() - shown.len(),
        },
        remarks: shown
            .into_iter()
            .map(|step| remarks(step, polls, locale))
            .collect(),
    })
}

fn step_row(step: &RunStepRow) -> StepRow {
    StepRow {
        title: step.title.clone().unwrap_or_else(|| step.call.clone()),
        endpoint: Some(step.endpoint.clone()),
        call: Some(step.call.clone()),
        status: Some(step.status),
        observed: true,
    }
}

fn remarks(step: &RunStepRow, polls: &[PollRow], locale: &Locale) -> Vec<String> {
    let is_polled = polls.iter().any(|poll| poll.endpoint == step.endpoint);
    let mut remarks = Vec::new();
    if step.optional {
        remarks.push(locale.get("story.optional").to_owned());
    }
    // Of a poll its own remark says how often.
    if step.calls > 1 && !is_polled {
        remarks.push(locale.format("story.times", &[("n", Arg::Count(step.calls))]));
    }
    if step.runs < step.of {
        let shares = [("runs", Arg::Count(step.runs)), ("of", Arg::Count(step.of))];
        remarks.push(locale.format("story.share", &shares));
    }
    if let Some(state) = &step.reaches {
        // Data, which the page escapes.
        let state = Arg::Markdown(state.clone());
        remarks.push(locale.format("story.reaches", &[("state", state)]));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Status;
    use crate::locale::Lang;

    fn step(at: usize, optional: bool) -> RunStepRow {
        RunStepRow {
            flow: 1,
            step: at,
            endpoint: format!("GET /{at}"),
            call: format!("GET /{at}"),
            title: None,
            status: Status::Missing,
            runs: 1,
            of: 2,
            calls: at,
            repeated: at > 1,
            optional,
            entry: at == 1,
            reaches: None,
        }
    }

    #[test]
    fn a_flow_that_is_declared_is_not_told_twice() {
        let steps = [step(1, false), step(2, true), step(3, false)];
        let declared = |steps: &[&RunStepRow]| FlowRow {
            name: String::new(),
            summary: None,
            proposed: false,
            steps: steps.iter().map(|step| step_row(step)).collect(),
        };
        let [a, b, c] = &steps;
        assert!(is_told(&steps, &[declared(&[c, a])]));
        // In two flows together it is not told as one.
        assert!(!is_told(&steps, &[declared(&[a, b]), declared(&[c, b])]));
        assert!(!is_told(&steps, &[]));
        // What needs nothing is told where all of it is.
        let loose = [step(1, true), step(2, true)];
        assert!(!is_told(&loose, &[declared(&[a])]));
        assert!(is_told(&loose, &[declared(&[a, b])]));
    }

    #[test]
    fn of_a_long_flow_what_it_needs_is_shown() {
        let steps: Vec<RunStepRow> = (1..=100).map(|at| step(at, at % 4 != 0)).collect();
        let long = flow(&steps, &[], Locale::new(Lang::En)).unwrap();
        assert_eq!((long.row.steps.len(), long.seen.left_out), (48, 52));
        let needed = long.remarks.iter().filter(|told| told[0] != "optional");
        assert_eq!(needed.count(), 25);
        assert_eq!(long.remarks[1], ["optional", "up to 2 times", "in 1 of 2"]);
        assert_eq!(long.row.steps[47].endpoint.as_deref(), Some("GET /100"));
    }
}
