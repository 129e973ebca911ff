//! The story as Mermaid diagrams, which code hosts draw inside Markdown.

use std::fmt::Write as _;

use crate::report::{MachineRow, PollRow, RunStepRow, StoryRow};

/// Characters of one diagram; what is longer becomes several.
const MAX_LENGTH: usize = 2_000;
/// Characters of one label, and names listed in one.
const MAX_LABEL: usize = 90;
const MAX_NAMES: usize = 4;
/// Diagrams of one report.
const MAX_DIAGRAMS: usize = 12;

/// The main flow as sequence diagrams, then each state machine.
pub(super) fn diagrams(story: &StoryRow) -> Vec<String> {
    let main: Vec<&RunStepRow> = story.steps.iter().filter(|step| step.flow == 1).collect();
    let mut diagrams = if main.len() > 1 {
        sequence(story, &main)
    } else {
        Vec::new()
    };
    diagrams.extend(
        story
            .states
            .iter()
            .flat_map(|states| machine(states, &story.steps)),
    );
    diagrams.truncate(MAX_DIAGRAMS);
    diagrams
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

fn sequence(story: &StoryRow, steps: &[&RunStepRow]) -> Vec<String> {
    let head = "sequenceDiagram\n  participant C as Client\n  participant A as API\n";
    let blocks = steps
        .iter()
        .map(|step| {
            let poll = story
                .polls
                .iter()
                .find(|poll| poll.endpoint == step.endpoint);
            block(story, step, poll)
        })
        .collect();
    split(head, blocks)
}

fn block(story: &StoryRow, step: &RunStepRow, poll: Option<&PollRow>) -> String {
    let names = |names: Vec<&str>| {
        let mut told: Vec<&str> = Vec::new();
        for name in names {
            if !told.contains(&name) && told.len() < MAX_NAMES {
                told.push(name);
            }
        }
        told.join(", ")
    };
    let sent = story
        .edges
        .iter()
        .filter(|edge| edge.to.endpoint == step.endpoint && !edge.credential);
    let sent = names(sent.map(|edge| edge.to.field.as_str()).collect());
    let given = story
        .edges
        .iter()
        .filter(|edge| edge.from.endpoint == step.endpoint);
    let given = names(given.map(|edge| edge.from.field.as_str()).collect());
    let mut lines = String::new();
    let opened = match poll {
        Some(PollRow {
            field: Some(field),
            values,
            ..
        }) => {
            let last = values.last().map_or("", String::as_str);
            Some(format!("loop {}", label(&format!("{field} = {last}"))))
        }
        Some(_) => Some("loop".to_owned()),
        None if step.optional => Some("opt".to_owned()),
        None => None,
    };
    let indent = if opened.is_some() { "    " } else { "  " };
    if let Some(opened) = &opened {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "  {opened}");
    }
    let title = step.title.as_ref().map(|title| format!(" {title}"));
    let title = title.unwrap_or_default();
    let call = label(&format!("{}. {}{title}", step.step, step.call));
    let sent = if sent.is_empty() {
        String::new()
    } else {
        format!(" ({})", label(&sent))
    };
    let _ = writeln!(lines, "{indent}C->>A: {call}{sent}");
    if !given.is_empty() {
        let _ = writeln!(lines, "{indent}A-->>C: {}", label(&given));
    }
    if opened.is_some() {
        lines.push_str("  end\n");
    }
    lines
}

fn machine(machine: &MachineRow, steps: &[RunStepRow]) -> Vec<String> {
    let head = format!(
        "stateDiagram-v2\n  %% {}\n",
        label(&format!("{} {}", machine.endpoint, machine.field))
    );
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
    split(&head, blocks)
}

/// A text that means nothing to Mermaid, to Markdown and to HTML.
fn label(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(MAX_LABEL) {
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
