//! What a story is known to hold, and how much of it was found.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

/// The kinds of things that are compared.
pub(crate) const KINDS: [&str; 5] = ["edges", "polls", "states", "variants", "pages"];

/// For each kind what there is, each as one text.
#[derive(Default)]
pub(crate) struct Truth {
    sets: [BTreeSet<String>; 5],
}

impl Truth {
    fn add(&mut self, kind: usize, text: String) {
        self.sets[kind].insert(text);
    }

    /// A value flows; the names of path parameters are the program's own choice.
    pub(crate) fn edge(&mut self, from: &str, field: &str, to: &str, param: &str, place: &str) {
        let param = if place == "path" { "" } else { param };
        self.add(
            0,
            format!("{} {field} -> {} {param} ({place})", plain(from), plain(to)),
        );
    }

    pub(crate) fn poll(&mut self, endpoint: &str, count: u64, field: &str, values: &[&str]) {
        self.add(
            1,
            format!("{} {count} {field} {}", plain(endpoint), values.join(",")),
        );
    }

    pub(crate) fn state(&mut self, endpoint: &str, field: &str, from: &str, to: &str) {
        self.add(2, format!("{} {field} {from} -> {to}", plain(endpoint)));
    }

    pub(crate) fn variant(&mut self, endpoint: &str, fields: &[&str], constants: &[(&str, &str)]) {
        let fields: BTreeSet<&&str> = fields.iter().collect();
        let constants: BTreeSet<&(&str, &str)> = constants.iter().collect();
        self.add(3, format!("{} {fields:?} {constants:?}", plain(endpoint)));
    }

    pub(crate) fn page(&mut self, endpoint: &str, kind: &str, param: &str) {
        self.add(4, format!("{} {kind} {param}", plain(endpoint)));
    }

    /// What the program says.
    pub(crate) fn told(story: &Value) -> Truth {
        let mut told = Truth::default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let list = |value: &Value| value.as_array().unwrap().clone();
        for edge in list(&story["edges"]) {
            let (from, to) = (&edge["from"], &edge["to"]);
            told.edge(
                &text(&from["endpoint"]),
                &text(&from["field"]),
                &text(&to["endpoint"]),
                &text(&to["field"]),
                &text(&to["in"]),
            );
        }
        for poll in list(&story["polls"]) {
            let values: Vec<String> = list(&poll["values"]).iter().map(text).collect();
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            told.poll(
                &text(&poll["endpoint"]),
                poll["count"].as_u64().unwrap(),
                poll["field"].as_str().unwrap_or(""),
                &values,
            );
        }
        for machine in list(&story["states"]) {
            for change in list(&machine["transitions"]) {
                told.state(
                    &text(&machine["endpoint"]),
                    &text(&machine["field"]),
                    &text(&change["from"]),
                    &text(&change["to"]),
                );
            }
        }
        for variant in list(&story["variants"]) {
            let fields: Vec<String> = list(&variant["fields"]).iter().map(text).collect();
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let constants: Vec<(String, String)> = variant["constants"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), text(value)))
                .collect();
            let constants: Vec<(&str, &str)> = constants
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            told.variant(&text(&variant["endpoint"]), &fields, &constants);
        }
        for page in list(&story["pages"]) {
            told.page(
                &text(&page["endpoint"]),
                &text(&page["kind"]),
                &text(&page["field"]),
            );
        }
        told
    }
}

/// An endpoint's id without the names of its path parameters.
fn plain(endpoint: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in endpoint.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push('*');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// Counts over many stories.
#[derive(Default)]
pub(crate) struct Score {
    right: [usize; 5],
    told: [usize; 5],
    true_: [usize; 5],
    wrong: Vec<String>,
}

impl Score {
    /// Compares what was told with the truth.
    pub(crate) fn add(&mut self, story: &str, truth: &Truth, told: &Truth) {
        for (kind, name) in KINDS.iter().enumerate() {
            let (real, said) = (&truth.sets[kind], &told.sets[kind]);
            self.right[kind] += real.intersection(said).count();
            self.told[kind] += said.len();
            self.true_[kind] += real.len();
            for missed in real.difference(said) {
                self.wrong
                    .push(format!("{story}: {name} not found: {missed}"));
            }
            for invented in said.difference(real) {
                self.wrong
                    .push(format!("{story}: {name} not true: {invented}"));
            }
        }
    }

    /// Precision and recall of each kind.
    pub(crate) fn shares(&self) -> Vec<(&'static str, f64, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "shares need no more precision")]
        let share = |part: usize, of: usize| {
            if of == 0 {
                1.0
            } else {
                part as f64 / of as f64
            }
        };
        KINDS
            .iter()
            .enumerate()
            .map(|(at, kind)| {
                (
                    *kind,
                    share(self.right[at], self.told[at]),
                    share(self.right[at], self.true_[at]),
                )
            })
            .collect()
    }

    /// The table, and the first mistakes.
    pub(crate) fn table(&self, title: &str) -> String {
        let mut out = format!("{title}\n");
        for ((kind, precision, recall), count) in self.shares().iter().zip(self.true_) {
            writeln!(
                out,
                "  {kind:<9} precision {precision:.3}  recall {recall:.3}  of {count}"
            )
            .unwrap();
        }
        for wrong in self.wrong.iter().take(12) {
            writeln!(out, "    {wrong}").unwrap();
        }
        out
    }
}
