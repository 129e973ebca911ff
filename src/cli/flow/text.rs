//! The story for people.

use std::collections::BTreeMap;

use crate::config::Status;
use crate::locale::{Arg, Locale};
use crate::report::{
    AuthRow, CredentialRow, EdgeRow, EnvelopeRow, MachineRow, PageRow, PollRow, RunStepRow,
    StoryDocument, VariantRow,
};

/// Fields of one role's responses that are listed.
const MAX_FIELDS: usize = 8;
/// Responses that gave a credential which are listed.
const MAX_SOURCES: usize = 4;

/// The whole story, line by line.
pub(super) fn lines(story: &StoryDocument, locale: &Locale) -> Vec<String> {
    let mut teller = Teller {
        locale,
        lines: Vec::new(),
    };
    let tale = &story.story;
    if tale.steps.is_empty() && story.findings.is_empty() {
        return vec![locale.get("story.nothing").to_owned()];
    }
    for steps in flows(&tale.steps) {
        teller.flow(steps);
    }
    teller.section("story.edges", &by_source(&tale.edges), Teller::edges);
    teller.section("story.polls", &tale.polls, Teller::poll);
    teller.section("story.states", &tale.states, Teller::machine);
    teller.section(
        "story.variants",
        &by_endpoint(&tale.variants),
        Teller::variants,
    );
    teller.section("story.pages", &tale.pages, Teller::page);
    teller.auth(&tale.auth);
    teller.section("story.envelopes", &tale.envelopes, Teller::envelope);
    teller.section("story.findings", &story.findings, |teller, finding| {
        teller.line(1, &format!("- {}", finding.text));
    });
    while teller.lines.last().is_some_and(String::is_empty) {
        teller.lines.pop();
    }
    teller.lines
}

/// The steps, flow by flow.
fn flows(steps: &[RunStepRow]) -> impl Iterator<Item = &[RunStepRow]> {
    steps.chunk_by(|a, b| a.flow == b.flow)
}

/// Edges with the same source, in the order of the first.
fn by_source(edges: &[EdgeRow]) -> Vec<Vec<&EdgeRow>> {
    let mut sources: Vec<Vec<&EdgeRow>> = Vec::new();
    for edge in edges.iter().filter(|edge| !edge.credential) {
        match sources.iter_mut().find(|known| known[0].from == edge.from) {
            Some(known) => known.push(edge),
            None => sources.push(vec![edge]),
        }
    }
    sources
}

fn by_endpoint(variants: &[VariantRow]) -> Vec<&[VariantRow]> {
    variants.chunk_by(|a, b| a.endpoint == b.endpoint).collect()
}

/// The sign of a status.
fn sign(status: Status) -> &'static str {
    match status {
        Status::Implemented => "✅",
        Status::Partial => "🔶",
        Status::Missing => "❌",
        Status::Unknown => "❓",
        Status::Excluded => "➖",
        Status::Unobserved => "👻",
    }
}

struct Teller<'a> {
    locale: &'a Locale,
    lines: Vec<String>,
}

impl Teller<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        self.lines.push(format!("{}{text}", "  ".repeat(depth)));
    }

    fn say(&self, key: &str, args: &[(&str, Arg)]) -> String {
        self.locale.format(key, args)
    }

    /// A heading with what stands under it, if there is anything.
    fn section<T>(&mut self, key: &str, items: &[T], tell: impl Fn(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        self.line(0, self.locale.get(key));
        for item in items {
            tell(self, item);
        }
        self.line(0, "");
    }

    fn flow(&mut self, steps: &[RunStepRow]) {
        let Some(first) = steps.first() else { return };
        let heading = self.say(
            "story.flow",
            &[
                ("n", Arg::Count(first.flow)),
                ("steps", Arg::Count(steps.len())),
                ("runs", Arg::Count(first.of)),
            ],
        );
        self.line(0, &heading);
        for step in steps {
            let remarks = self.remarks(step);
            let title = step.title.as_ref().map(|title| format!("  {title}"));
            let remarks = if remarks.is_empty() {
                String::new()
            } else {
                format!(
                    "{}{}{}",
                    self.locale.get("bracket.open"),
                    remarks.join(self.locale.get("list.clause")),
                    self.locale.get("bracket.close")
                )
            };
            self.line(
                0,
                &format!(
                    "{:>4}. {} {}{}{remarks}",
                    step.step,
                    sign(step.status),
                    step.endpoint,
                    title.unwrap_or_default()
                ),
            );
        }
        self.line(0, "");
    }

    fn remarks(&self, step: &RunStepRow) -> Vec<String> {
        let mut remarks = Vec::new();
        if step.entry {
            remarks.push(self.locale.get("story.start").to_owned());
        }
        if step.optional {
            remarks.push(self.locale.get("story.optional").to_owned());
        }
        if step.repeated {
            remarks.push(self.say("story.times", &[("n", Arg::Count(step.calls))]));
        }
        if step.runs < step.of {
            let args = [("runs", Arg::Count(step.runs)), ("of", Arg::Count(step.of))];
            remarks.push(self.say("story.share", &args));
        }
        if let Some(state) = &step.reaches {
            remarks.push(self.say("story.reaches", &[("state", Arg::Code(state.clone()))]));
        }
        remarks
    }

    fn edges(&mut self, edges: &Vec<&EdgeRow>) {
        let Some(first) = edges.first() else { return };
        self.line(1, &format!("{} {}", first.from.endpoint, first.from.field));
        let mut users: BTreeMap<&str, Vec<&EdgeRow>> = BTreeMap::new();
        for edge in edges {
            users.entry(&edge.to.endpoint).or_default().push(edge);
        }
        for (endpoint, edges) in users {
            let params: Vec<String> = edges
                .iter()
                .map(|edge| {
                    let place = self.locale.get("bracket.open").to_owned()
                        + self.locale.get(&format!("place.{}", edge.to.place))
                        + self.locale.get("bracket.close");
                    let support = self.say("story.support", &[("n", Arg::Count(edge.support))]);
                    format!("{}{place} × {support}", edge.to.field)
                })
                .collect();
            let params = params.join(self.locale.get("list.separator"));
            self.line(2, &format!("→ {endpoint}  {params}"));
        }
    }

    fn auth(&mut self, auth: &AuthRow) {
        self.line(0, self.locale.get("story.auth"));
        if !auth.known {
            self.line(1, self.locale.get("story.auth-unknown"));
        }
        for credential in &auth.credentials {
            let mut parts = vec![self.say(
                "story.auth-sent",
                &[
                    ("name", Arg::Code(named(credential))),
                    ("place", self.place(&credential.place)),
                    ("n", Arg::Count(credential.endpoints.len())),
                ],
            )];
            if !credential.sometimes.is_empty() {
                let n = Arg::Count(credential.sometimes.len());
                parts.push(self.say("story.auth-also", &[("n", n)]));
            }
            let sources = credential.from.iter().chain(&credential.also_from);
            for (at, from) in sources.take(MAX_SOURCES).enumerate() {
                let args = [
                    ("endpoint", Arg::Markdown(from.endpoint.clone())),
                    ("field", Arg::Code(from.field.clone())),
                ];
                let key = ["story.auth-from", "story.auth-also-from"][at.min(1)];
                parts.push(self.say(key, &args));
            }
            if !credential.with.is_empty() {
                let names = Arg::Codes(credential.with.clone());
                parts.push(self.say("story.auth-with", &[("names", names)]));
            } else if credential.signature {
                parts.push(self.locale.get("story.auth-signs").to_owned());
            }
            self.line(1, &parts.join(self.locale.get("list.clause")));
        }
        if !auth.open.is_empty() {
            let endpoints = Arg::Codes(auth.open.clone());
            let text = self.say("story.auth-open", &[("endpoints", endpoints)]);
            self.line(1, &text);
        }
        self.line(0, "");
    }

    fn place(&self, place: &str) -> Arg {
        Arg::Markdown(self.locale.get(&format!("place.{place}")).to_owned())
    }

    fn envelope(&mut self, envelope: &EnvelopeRow) {
        let success = envelope.success.iter();
        let success = success.map(|(field, value)| format!("{field}={value}"));
        let args = [
            ("fields", Arg::Codes(envelope.fields.clone())),
            ("success", Arg::Codes(success.collect())),
        ];
        let text = match envelope.kind.as_str() {
            "code" => self.say("story.envelope-code", &args),
            "problem" => self.say("story.envelope-problem", &args[..1]),
            "json-rpc" => self.say("story.envelope-json-rpc", &args[..1]),
            "error" => self.say("story.envelope-error", &args[..1]),
            _ => self.say("story.envelope-graphql", &args[..1]),
        };
        self.line(1, &text);
        if !envelope.failed.is_empty() {
            let endpoints = Arg::Codes(envelope.failed.clone());
            let text = self.say("story.envelope-failed", &[("endpoints", endpoints)]);
            self.line(2, &text);
        }
    }

    fn poll(&mut self, poll: &PollRow) {
        let key = match poll.kind.as_str() {
            "long-poll" => "story.long-poll",
            _ => "story.poll",
        };
        let mut text = self.say(
            key,
            &[
                ("endpoint", Arg::Markdown(poll.endpoint.clone())),
                ("n", Arg::Count(poll.count)),
                ("seconds", Arg::Markdown(seconds(poll.interval_ms))),
            ],
        );
        if let Some(field) = &poll.field {
            let field = ("field", Arg::Code(field.clone()));
            let until = if poll.ends.len() > 1 {
                let ends = poll.ends.iter();
                let ends = ends.map(|end| format!("{} × {}", end.value, end.count));
                let ends = ends.collect::<Vec<_>>().join(" / ");
                self.say("story.until-ends", &[field, ("ends", Arg::Markdown(ends))])
            } else {
                let values = Arg::Markdown(poll.values.join(" → "));
                self.say("story.until", &[field, ("values", values)])
            };
            text = format!("{text}{}{until}", self.locale.get("list.clause"));
        }
        self.line(1, &text);
    }

    fn machine(&mut self, machine: &MachineRow) {
        self.line(1, &format!("{} {}", machine.endpoint, machine.field));
        for change in &machine.transitions {
            let mut text = format!("{} → {} × {}", change.from, change.to, change.count);
            if !change.by.is_empty() {
                let by = self.say("story.by", &[("calls", Arg::Codes(change.by.clone()))]);
                text = format!("{text}{}{by}", self.locale.get("list.clause"));
            }
            self.line(2, &text);
        }
    }

    fn variants(&mut self, variants: &&[VariantRow]) {
        let Some(first) = variants.first() else {
            return;
        };
        self.line(1, &first.endpoint);
        for variant in *variants {
            let fields: Vec<String> = variant
                .fields
                .iter()
                .map(|field| match variant.constants.get(field) {
                    Some(value) => format!("{field}={value}"),
                    None => field.clone(),
                })
                .collect();
            let sends = self.say("story.sends", &[("fields", Arg::Codes(fields))]);
            self.line(
                2,
                &format!("{} {sends} × {}", sign(variant.status), variant.requests),
            );
            let more = [
                ("story.lacking", &variant.lacking),
                ("story.answers", &variant.response_fields),
            ];
            for (key, fields) in more {
                if !fields.is_empty() {
                    let listed = fields.iter().take(MAX_FIELDS).cloned().collect();
                    let text = self.say(key, &[("fields", Arg::Codes(listed))]);
                    self.line(4, &text);
                }
            }
        }
    }

    fn page(&mut self, page: &PageRow) {
        let kind = self
            .locale
            .get(&format!("page-kind.{}", page.kind))
            .to_owned();
        let place = self.locale.get(&format!("place.{}", page.place)).to_owned();
        let mut text = self.say(
            "story.page",
            &[
                ("endpoint", Arg::Markdown(page.endpoint.clone())),
                ("kind", Arg::Markdown(kind)),
                ("field", Arg::Code(page.field.clone())),
                ("place", Arg::Markdown(place)),
                ("n", Arg::Count(page.count)),
            ],
        );
        if let Some(from) = &page.from {
            let given = self.say("story.given", &[("field", Arg::Code(from.clone()))]);
            text = format!("{text}{}{given}", self.locale.get("list.clause"));
        }
        self.line(1, &text);
    }
}

/// The name of a credential with its scheme.
fn named(credential: &CredentialRow) -> String {
    let scheme = credential.scheme.as_ref();
    let scheme = scheme.map_or_else(String::new, |scheme| format!(" {scheme}"));
    format!("{}{scheme}", credential.name)
}

/// Milliseconds as seconds with at most one decimal.
fn seconds(ms: u64) -> String {
    let tenths = (ms + 50) / 100;
    if tenths.is_multiple_of(10) {
        format!("{}", tenths / 10)
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}
