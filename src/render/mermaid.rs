//! The story as Mermaid diagrams, which code hosts draw inside Markdown.

use std::fmt::Write as _;

use serde::Serialize;

use crate::locale::{Arg, Locale};
use crate::report::{FlowRow, MachineRow, PollRow, Report, RunStepRow, StoryRow};

use super::observed::is_told;

/// Characters of one diagram; what is longer becomes several.
const MAX_LENGTH: usize = 2_000;
/// Characters of one label, and names listed in one.
const MAX_LABEL: usize = 90;
const MAX_NAMES: usize = 4;
/// Diagrams of one report.
const MAX_DIAGRAMS: usize = 12;

/// What is drawn beside the lists of a report.
#[derive(Debug, Default, Serialize)]
pub(super) struct Diagrams {
    /// The first of the flows that are listed.
    first: Vec<String>,
    /// What stands in no list.
    further: Vec<Captioned>,
}

/// Diagrams of one thing, with what they show.
#[derive(Debug, Serialize)]
struct Captioned {
    /// In Markdown.
    caption: String,
    diagrams: Vec<String>,
}

/// One step of a flow while it is drawn.
struct Step<'a> {
    number: usize,
    endpoint: Option<&'a str>,
    call: Option<&'a str>,
    title: Option<&'a str>,
    optional: bool,
}

/// The first flow that is listed, the main flow of the captures unless it is listed, and each state
/// machine.
pub(super) fn diagrams(report: &Report, locale: &Locale) -> Diagrams {
    let story = &report.story;
    let first = report.flows.first();
    let mut drawn = Diagrams {
        first: first.map_or_else(Vec::new, |flow| listed(story, flow)),
        further: Vec::new(),
    };
    let seen = story.steps.chunk_by(|a, b| a.flow == b.flow).next();
    let seen = seen.filter(|steps| !is_told(steps, &report.flows));
    drawn
        .further
        .extend(seen.and_then(|steps| observed(story, steps, locale)));
    let states = story.states.iter();
    drawn
        .further
        .extend(states.map(|states| machine(states, &story.steps, locale)));
    drawn.limit();
    drawn
}

impl Diagrams {
    /// Leaves out what is beyond the diagrams of one report.
    fn limit(&mut self) {
        self.first.truncate(MAX_DIAGRAMS);
        let mut room = MAX_DIAGRAMS - self.first.len();
        for known in &mut self.further {
            known.diagrams.truncate(room);
            room -= known.diagrams.len();
        }
        self.further.retain(|known| !known.diagrams.is_empty());
    }
}

/// A flow as it is listed.
fn listed(story: &StoryRow, flow: &FlowRow) -> Vec<String> {
    let steps = flow.steps.iter().zip(1..);
    let steps: Vec<Step<'_>> = steps
        .map(|(step, number)| Step {
            number,
            endpoint: step.endpoint.as_deref(),
            call: step.call.as_deref(),
            title: (step.call.as_ref() != Some(&step.title)).then_some(&step.title),
            optional: false,
        })
        .collect();
    sequence(story, &steps)
}

/// A flow as the captures show it.
fn observed(story: &StoryRow, steps: &[RunStepRow], locale: &Locale) -> Option<Captioned> {
    let args = [
        ("steps", Arg::Count(steps.len())),
        ("runs", Arg::Count(steps.first()?.of)),
    ];
    let steps = steps.iter().map(|step| Step {
        number: step.step,
        endpoint: Some(&step.endpoint),
        call: Some(&step.call),
        title: step.title.as_deref(),
        optional: step.optional,
    });
    Some(Captioned {
        caption: locale.format("flow.observed", &args),
        diagrams: sequence(story, &steps.collect::<Vec<_>>()),
    })
}

/// Blocks of lines under a head, in as many diagrams as they need.
fn split(head: &str, blocks: Vec<String>) -> Vec<String> {
    let mut diagrams: Vec<String> = Vec::new();
    let mut text = head.to_owned();
    for block in blocks {
        if text.len() + block.len() > MAX_LENGTH && text.len() > head.len() {
            diagrams.push(std::mem::replace(&mut text, head.to_owned()));
        }
        text.push_str(&block);
    }
    if text.len() > head.len() {
        diagrams.push(text);
    }
    diagrams
}

/// Flows of more than one step as sequence diagrams.
fn sequence(story: &StoryRow, steps: &[Step<'_>]) -> Vec<String> {
    if steps.len() < 2 {
        return Vec::new();
    }
    let head = "sequenceDiagram\n  participant C as Client\n  participant A as API\n";
    split(head, steps.iter().map(|step| block(story, step)).collect())
}

fn block(story: &StoryRow, step: &Step<'_>) -> String {
    let title = step
        .title
        .map_or_else(String::new, |title| format!(" {title}"));
    let Some(call) = step.call else {
        return format!(
            "  Note over C: {}\n",
            label(&format!("{}.{title}", step.number))
        );
    };
    let call = label(&format!("{}. {call}{title}", step.number));
    let is = |endpoint: &String| step.endpoint == Some(endpoint);
    let edges = story.edges.iter();
    let sent = edges.filter(|edge| is(&edge.to.endpoint) && !edge.credential);
    let sent = names(sent.map(|edge| edge.to.field.as_str()));
    let given = story.edges.iter().filter(|edge| is(&edge.from.endpoint));
    let given = names(given.map(|edge| edge.from.field.as_str()));
    let poll = story.polls.iter().find(|poll| is(&poll.endpoint));
    let opened = poll.map(around).or(step.optional.then(|| "opt".to_owned()));
    let indent = if opened.is_some() { "    " } else { "  " };
    let sent = if sent.is_empty() {
        String::new()
    } else {
        format!(" ({})", label(&sent))
    };
    let mut lines = format!("{indent}C->>A: {call}{sent}\n");
    if !given.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{indent}A-->>C: {}", label(&given));
    }
    match opened {
        Some(opened) => format!("  {opened}\n{lines}  end\n"),
        None => lines,
    }
}

/// The first few names, each once.
fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut told: Vec<&str> = Vec::new();
    for name in names {
        if !told.contains(&name) && told.len() < MAX_NAMES {
            told.push(name);
        }
    }
    told.join(", ")
}

/// What a poll opens around its calls.
fn around(poll: &PollRow) -> String {
    let Some(field) = &poll.field else {
        return "loop".to_owned();
    };
    let ends: Vec<&str> = poll.ends.iter().map(|end| end.value.as_str()).collect();
    format!("loop {}", label(&format!("{field} = {}", ends.join(" / "))))
}

fn machine(machine: &MachineRow, steps: &[RunStepRow], locale: &Locale) -> Captioned {
    let caption = locale.format(
        "flow.states",
        &[
            ("endpoint", Arg::Code(machine.endpoint.clone())),
            ("field", Arg::Code(machine.field.clone())),
        ],
    );
    Captioned {
        caption,
        diagrams: split("stateDiagram-v2\n", states(machine, steps)),
    }
}

fn states(machine: &MachineRow, steps: &[RunStepRow]) -> Vec<String> {
    let call = |id: &String| {
        let step = steps.iter().find(|step| step.endpoint == *id);
        step.map_or_else(|| id.clone(), |step| step.call.clone())
    };
    let number = |value: &String| machine.values.iter().position(|known| known == value);
    let mut blocks: Vec<String> = machine
        .values
        .iter()
        .enumerate()
        .map(|(at, value)| format!("  state \"{}\" as s{at}\n", label(value)))
        .collect();
    blocks.extend(machine.transitions.iter().filter_map(|change| {
        let by: Vec<String> = change.by.iter().take(MAX_NAMES).map(call).collect();
        let by = if by.is_empty() {
            String::new()
        } else {
            format!(" : {}", label(&by.join(", ")))
        };
        Some(format!(
            "  s{} --> s{}{by}\n",
            number(&change.from)?,
            number(&change.to)?
        ))
    }));
    blocks
}

/// A text that means nothing to Mermaid, to Markdown and to HTML, shortened if it is long.
fn label(text: &str) -> String {
    let mut out = String::new();
    let long = text.chars().count() > MAX_LABEL;
    let shown = if long { MAX_LABEL - 1 } else { MAX_LABEL };
    for c in text.chars().take(shown) {
        match c {
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '\'' => out.push('’'),
            c if c.is_alphanumeric() => out.push(c),
            '/' | '_' | '-' | '.' | ',' | ' ' | '=' | '[' | ']' | '(' | ')' | '$' | '+' | '@' => {
                out.push(c);
            }
            _ => out.push('·'),
        }
    }
    if long {
        out.push('…');
    }
    if out.trim().is_empty() {
        out.push('·');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_mean_nothing() {
        assert_eq!(label("GET /a/<id>"), "GET /a/#lt;id#gt;");
        assert_eq!(label(" "), " ·");
        let long = label(&"<>".repeat(MAX_LABEL));
        assert!(long.ends_with("#lt;…") && long.matches('#').count() == MAX_LABEL - 1);
        assert_eq!(label(&"a".repeat(MAX_LABEL)), "a".repeat(MAX_LABEL));
        assert_eq!(label("a;b\n```end\"%%"), "a·b····end···");
    }

    #[test]
    fn long_diagrams_are_split() {
        let blocks: Vec<String> = (0..200)
            .map(|at| format!("  C->>A: call number {at}\n"))
            .collect();
        let parts = split("sequenceDiagram\n", blocks);
        assert!(parts.len() > 1);
        assert!(parts.iter().all(|part| part.len() <= MAX_LENGTH));
        assert_eq!(parts.concat().matches("C->>A").count(), 200);
    }
}
