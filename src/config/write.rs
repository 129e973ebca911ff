//! Writes a commented `harcov.toml` from what was found in captures.

mod draft;
pub(crate) mod text;

use std::collections::BTreeSet;

use super::Status;
use super::check::{is_method, parse_host};
use crate::route::ParamStyle;

pub use draft::{
    ConfigDraft, EndpointDraft, FlowDraft, GroupDraft, ModuleDraft, RouteDraft, StepDraft,
};
use text::{Comments, TomlText, inline, lines, string, strings};

impl ConfigDraft {
    /// The file's text.
    pub fn to_toml(&self) -> String {
        let mut out = Writer {
            draft: self,
            comments: Comments::new(self.lang, "config"),
            text: TomlText::default(),
        };
        out.head();
        out.scope();
        out.groups();
        out.routes();
        out.modules();
        out.flows();
        out.section("finding", true);
        out.section("priority", true);
        out.text.finish()
    }
}

struct Writer<'a> {
    draft: &'a ConfigDraft,
    comments: Comments,
    text: TomlText,
}

impl Writer<'_> {
    fn head(&mut self) {
        if let Some(schema) = &self.draft.schema {
            self.text.schema(schema);
        }
        self.text.comment(self.comments.get("head"));
        let style = match self.draft.param_style {
            ParamStyle::Angle => "angle",
            ParamStyle::Brace => "brace",
            ParamStyle::Colon => "colon",
        };
        let pairs = [
            (
                "title",
                vec![
                    ("title", string(&self.draft.title)),
                    ("lang", string(self.draft.lang.tag())),
                ],
            ),
            (
                "captures",
                vec![("captures", strings(&self.draft.captures))],
            ),
            (
                "manifest",
                vec![("manifest", strings(&self.draft.manifests))],
            ),
            ("param_style", vec![("param_style", string(style))]),
        ];
        for (comment, pairs) in pairs {
            self.text.blank();
            self.text.comment(self.comments.get(comment));
            self.text.pairs(&pairs);
        }
    }

    /// What a section is about, and an example as a comment where it is empty.
    fn section(&mut self, key: &str, empty: bool) {
        self.text.blank();
        self.text.comment(self.comments.get(key));
        if empty {
            self.text.blank();
            self.text.comment(self.comments.example(key));
        }
    }

    fn scope(&mut self) {
        self.section("scope", false);
        self.text.table("[scope]", &[]);
        self.text.comment(self.comments.get("hosts"));
        let hosts: Vec<&String> = self
            .draft
            .hosts
            .iter()
            .filter(|host| parse_host(host).is_some())
            .collect();
        if hosts.is_empty() {
            self.text.comment(self.comments.example("hosts"));
        } else {
            self.text.pairs(&[("hosts", strings(&hosts))]);
        }
        self.text.comment(self.comments.example("scope"));
    }

    fn groups(&mut self) {
        let mut groups: Vec<&GroupDraft> = self.draft.groups.iter().collect();
        groups.retain(|group| !group.name.trim().is_empty());
        let mut written = BTreeSet::new();
        self.section("group", false);
        for group in groups.iter().filter(|group| written.insert(&group.name)) {
            let mut pairs = vec![("name", string(&group.name))];
            pairs.extend(group.title.as_ref().map(|title| ("title", string(title))));
            pairs.push(("unlisted", string(Status::Missing.name())));
            self.text.table("[[group]]", &pairs);
        }
        self.section("rule", groups.is_empty());
        for group in groups {
            for path in &group.paths {
                let pairs = [("group", string(&group.name)), ("path", string(path))];
                self.text.table("[[rule]]", &pairs);
            }
        }
    }

    fn routes(&mut self) {
        self.section("route", self.draft.routes.is_empty());
        let mut written = BTreeSet::new();
        for route in &self.draft.routes {
            let upper = route
                .methods
                .iter()
                .map(|method| method.to_ascii_uppercase());
            let methods: Vec<String> = upper.filter(|method| is_method(method)).collect();
            if !written.insert((route.template.shape(), methods.clone())) {
                continue;
            }
            let template = route.template.display(self.draft.param_style).to_string();
            let mut pairs = vec![("template", string(&template))];
            if !methods.is_empty() {
                pairs.push(("method", strings(&methods)));
            }
            pairs.extend(route.title.as_ref().map(|title| ("title", string(title))));
            if !route.split_by.is_empty() {
                pairs.push(("split_by", strings(&route.split_by)));
            }
            self.text.table("[[route]]", &pairs);
        }
    }

    fn modules(&mut self) {
        self.section("module", self.draft.modules.is_empty());
        for module in &self.draft.modules {
            if module.endpoints.is_empty() {
                continue;
            }
            let style = self.draft.param_style;
            let endpoints = module.endpoints.iter().map(|e| e.pattern(style));
            let endpoints: Vec<String> = endpoints.collect();
            let mut pairs = vec![
                ("name", string(&module.name)),
                ("endpoints", strings(&endpoints)),
            ];
            pairs.extend(
                module
                    .summary
                    .as_ref()
                    .map(|text| ("summary", string(text))),
            );
            self.text.table("[[module]]", &pairs);
        }
    }

    fn flows(&mut self) {
        self.section("flow", self.draft.flows.is_empty());
        for flow in &self.draft.flows {
            if flow.steps.is_empty() {
                continue;
            }
            let steps: Vec<String> = flow.steps.iter().map(|step| self.step(step)).collect();
            let mut pairs = vec![("name", string(&flow.name))];
            pairs.extend(flow.summary.as_ref().map(|text| ("summary", string(text))));
            pairs.push(("steps", lines(&steps)));
            self.text.table("[[flow]]", &pairs);
        }
    }

    fn step(&self, step: &StepDraft) -> String {
        let mut keys = vec![format!("title = {}", string(&step.title))];
        if let Some(endpoint) = &step.endpoint {
            let pattern = endpoint.pattern(self.draft.param_style);
            keys.push(format!("endpoint = {}", string(&pattern)));
        }
        if !step.with.is_empty() {
            keys.push(format!("with = {}", inline(&step.with)));
        }
        format!("{{ {} }}", keys.join(", "))
    }
}
