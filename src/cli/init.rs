//! `harcov init`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::assess::{Assessment, Flow, ModuleName, assess, flow_end};
use crate::capture::find;
use crate::config::{
    Config, ConfigDraft, EndpointDraft, FILE_NAME, FlowDraft, GroupDraft, Level, ModuleDraft,
    OTHER, RouteDraft, Status, StepDraft,
};
use crate::inventory::{Endpoint, Evidence, Inventory, collect};
use crate::locale::{Arg, Lang, Locale};
use crate::manifest::{ClaimDraft, Manifest, ManifestDraft, SectionDraft};
use crate::render::to_plain;
use crate::report::{flow_name, step_title, subject};
use crate::route::{ParamStyle, Part, Pins, Template};
use crate::scope::{Filter, Place};

use super::args::{Common, InitArgs};
use super::progress::Progress;
use super::{EXIT_OK, Failure, Io, inputs, output};

const MANIFEST_NAME: &str = "manifest.toml";

/// Writes a configuration and a manifest that a person only has to correct.
pub(super) fn run(common: &Common, args: &InitArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let files = [args.dir.join(FILE_NAME), args.dir.join(MANIFEST_NAME)];
    for file in &files {
        output::check_writable(file)?;
        if file.exists() && !args.force {
            return Err(Failure::new(format!(
                "{} is there already; use --force to overwrite it, or --dir to write elsewhere",
                file.display()
            )));
        }
    }
    let sources = find(&args.captures).map_err(|error| Failure::new(error.to_string()))?;
    let filter = Filter {
        hosts: args.host.iter().map(|host| host.to_lowercase()).collect(),
        ..Filter::default()
    };
    let mut progress = Progress::new(&sources, io.wants_progress());
    let collected = collect(sources, &filter, false, &mut |name, bytes| {
        progress.at(name, bytes);
    });
    drop(progress);
    let failures = inputs::failures(&collected, |_| true);
    if collected.parts.is_empty() {
        return Err(Failure::new(failures.join("\n")));
    }
    for message in &failures {
        io.warn(message);
    }
    let evidence = inputs::fold(collected.parts)?;
    let inventory = Inventory::build(&evidence, &filter, &Pins::default());
    let lang = common.lang().unwrap_or_default();
    if inventory.endpoints.is_empty() {
        io.warn("the captures hold no API traffic; the files have nothing but comments in them");
    } else {
        for message in uncounted(&inventory, &evidence, Locale::new(lang)) {
            io.warn(&message);
        }
    }
    let config = Config::default();
    let assessment = assess(&inventory, &config, &Manifest::default());
    let drafter = Drafter {
        inventory: &inventory,
        assessment: &assessment,
        lang,
    };
    let captures = capture_paths(args);
    output::write(&files[0], &drafter.config(captures).to_toml(), io)?;
    output::write(&files[1], &drafter.manifest().to_toml(), io)?;
    Ok(EXIT_OK)
}

/// What is to be said of captures none of whose requests count, and what to do about it.
fn uncounted(inventory: &Inventory, evidence: &Evidence, locale: &Locale) -> Vec<String> {
    let empty = inventory.captures.iter().filter(|it| it.in_scope == 0);
    empty
        .map(|summary| {
            let capture = &summary.capture;
            let traffic = evidence.captures.get(&capture.id);
            let hosts = traffic.into_iter().flat_map(|(_, hosts)| hosts.keys());
            let hosts: Vec<String> = hosts.cloned().collect();
            let key = if hosts.is_empty() {
                "init.no-traffic"
            } else {
                "init.other-hosts"
            };
            let args = [
                ("capture", Arg::Code(capture.name.clone())),
                ("hosts", Arg::Codes(hosts)),
            ];
            to_plain(&locale.format(key, &args))
        })
        .collect()
}

/// The captures as they are to be named in the configuration: relative to its folder where they
/// lie within, else absolute; `-` cannot be named.
fn capture_paths(args: &InitArgs) -> Vec<String> {
    let folder = std::path::absolute(&args.dir).unwrap_or_default();
    args.captures
        .iter()
        .filter(|path| path.as_os_str() != "-")
        .map(|path| {
            let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            let shown: &Path = absolute.strip_prefix(&folder).unwrap_or(&absolute);
            let shown = shown.display().to_string();
            if shown.is_empty() {
                ".".to_owned()
            } else {
                shown
            }
        })
        .collect()
}

struct Drafter<'a> {
    inventory: &'a Inventory,
    assessment: &'a Assessment,
    lang: Lang,
}

impl Drafter<'_> {
    fn config(&self, captures: Vec<String>) -> ConfigDraft {
        ConfigDraft {
            schema: None,
            title: Locale::new(self.lang).get("report.title").to_owned(),
            lang: self.lang,
            captures,
            manifests: vec![MANIFEST_NAME.to_owned()],
            param_style: ParamStyle::Angle,
            hosts: self
                .inventory
                .hosts
                .iter()
                .filter(|host| host.skip.is_none())
                .map(|host| host.host.clone())
                .collect(),
            groups: self.groups(),
            routes: self.routes(),
            modules: self.modules(),
            flows: self.flows(),
        }
    }

    /// The proposed groups, each with rules that hold for its endpoints.
    fn groups(&self) -> Vec<GroupDraft> {
        let mut paths: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (endpoint, assessed) in self.pairs() {
            let group = assessed.grouped.group.as_str();
            let paths = paths.entry(group).or_default();
            if group != OTHER {
                let path = self.rule(&endpoint.route);
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
        }
        let draft = |(name, paths): (&str, Vec<String>)| GroupDraft {
            name: name.to_owned(),
            title: None,
            paths,
        };
        paths.into_iter().map(draft).collect()
    }

    /// A regex for the routes that share everything up to and with the first noun behind the
    /// shared path.
    fn rule(&self, route: &Template) -> String {
        let rest = self.assessment.shared.rest(route).len();
        let behind = route.parts[route.parts.len() - rest..]
            .iter()
            .position(|part| matches!(part, Part::Literal(_)))
            .map_or(0, |noun| noun + 1);
        let kept = route.parts.len() - rest + behind;
        let mut regex = String::from("^");
        for part in &route.parts[..kept] {
            regex.push('/');
            match part {
                Part::Literal(text) => regex.push_str(&regex::escape(text)),
                Part::Param(_) | Part::Mixed(_) => regex.push_str("[^/]+"),
            }
        }
        regex.push_str("(/|$)");
        regex
    }

    /// Routes with a parameter whose few constants tell its uses apart.
    fn routes(&self) -> Vec<RouteDraft> {
        let mut routes = Vec::new();
        for (endpoint, _) in self.pairs() {
            let split_by: Vec<String> = endpoint
                .observed
                .params
                .iter()
                .filter(|((place, _), known)| {
                    *place == Place::Query
                        && known.requests == endpoint.observed.requests
                        && known.values.are_all()
                        && known.values.counts.len() > 1
                        && known
                            .values
                            .counts
                            .keys()
                            .all(|v| v.contains(char::is_alphabetic))
                        && !known.values.counts.contains_key("true")
                        && !known.values.counts.contains_key("false")
                })
                .map(|((_, name), _)| name.clone())
                .collect();
            if !split_by.is_empty() {
                routes.push(RouteDraft {
                    template: endpoint.route.clone(),
                    methods: vec![endpoint.method.clone()],
                    title: None,
                    split_by,
                });
            }
        }
        routes
    }

    fn modules(&self) -> Vec<ModuleDraft> {
        let of = |at: &usize| endpoint_draft(&self.inventory.endpoints[*at]);
        self.assessment
            .modules
            .iter()
            .map(|module| ModuleDraft {
                name: match &module.name {
                    ModuleName::Proposed(nouns) if nouns.is_empty() => {
                        Locale::new(self.lang).get("group.other").to_owned()
                    }
                    ModuleName::Proposed(nouns) => subject(nouns, Locale::new(self.lang)),
                    ModuleName::Declared(name) => name.get(self.lang).to_owned(),
                },
                endpoints: module.endpoints.iter().map(of).collect(),
                summary: module.cohesion.as_ref().map(|reason| {
                    let locale = Locale::new(self.lang);
                    locale.format(reason.key, &reason.args)
                }),
            })
            .collect()
    }

    /// The flows that were observed, else what the captures propose as one.
    fn flows(&self) -> Vec<FlowDraft> {
        let mut flows = self.assessment.story.flows.clone();
        if flows.is_empty() {
            let proposed = self.assessment.flows.iter();
            let steps = |flow: &Flow| flow.steps.iter().filter_map(|step| step.endpoint).collect();
            flows.extend(proposed.map(steps));
        }
        let mut drafts: Vec<FlowDraft> = Vec::new();
        for steps in flows {
            let Some(end) = flow_end(self.inventory, &steps) else {
                continue;
            };
            drafts.push(FlowDraft {
                name: self.flow_name(end, &drafts),
                summary: None,
                steps: steps.iter().map(|at| self.step(*at)).collect(),
            });
        }
        drafts
    }

    /// The name of a flow, which no other one has.
    fn flow_name(&self, end: usize, others: &[FlowDraft]) -> String {
        let locale = Locale::new(self.lang);
        let end = &self.inventory.endpoints[end];
        let name = flow_name(end, &self.assessment.shared, locale);
        let taken = |name: &String| others.iter().any(|other| other.name == *name);
        let numbered = |n: usize| {
            let again = locale.get("proposed.again").replace("{n}", &n.to_string());
            again.replace("{name}", &name)
        };
        if taken(&name) {
            let mut numbers = 2..;
            let free = numbers.find(|n| !taken(&numbered(*n)));
            return numbered(free.unwrap_or_default());
        }
        name
    }

    fn step(&self, at: usize) -> StepDraft {
        let endpoint = &self.inventory.endpoints[at];
        let locale = Locale::new(self.lang);
        StepDraft {
            title: step_title(endpoint, &self.assessment.shared, locale),
            endpoint: Some(endpoint_draft(endpoint)),
            with: BTreeMap::new(),
        }
    }

    /// Every observed endpoint as an entry whose state is still to be said, under its group.
    fn manifest(&self) -> ManifestDraft {
        let mut sections: BTreeMap<&str, Vec<ClaimDraft>> = BTreeMap::new();
        for (endpoint, assessed) in self.pairs() {
            let claims = sections.entry(&assessed.grouped.group).or_default();
            claims.push(self.claim(endpoint));
        }
        ManifestDraft {
            schema: None,
            scanned: false,
            lang: self.lang,
            param_style: ParamStyle::Angle,
            sections: sections
                .into_iter()
                .map(|(title, claims)| SectionDraft {
                    title: title.to_owned(),
                    claims,
                })
                .collect(),
        }
    }

    fn claim(&self, endpoint: &Endpoint) -> ClaimDraft {
        let twice = self.inventory.endpoints.iter().any(|other| {
            other.host != endpoint.host
                && other.method == endpoint.method
                && other.route.shape() == endpoint.route.shape()
        });
        let mut params: Vec<String> = Vec::new();
        let mut sent: Vec<_> = endpoint.observed.params.iter().collect();
        sent.sort_by_key(|((place, _), known)| (*place, known.rank));
        for ((_, name), _) in sent {
            // An object or list stands for what it holds.
            let top = name.split(['.', '[']).next().unwrap_or(name).to_owned();
            if !top.is_empty() && !params.contains(&top) {
                params.push(top);
            }
        }
        ClaimDraft {
            method: endpoint.method.clone(),
            route: endpoint.route.clone(),
            host: twice.then(|| endpoint.host.clone()),
            operation: self.operation(endpoint),
            status: Status::Unknown,
            title: None,
            params,
            values: BTreeMap::new(),
            source: Vec::new(),
            note: None,
            priority: None::<Level>,
        }
    }

    /// The operation of an entry: an empty one for the requests that name none where others do, since an entry
    /// without any is about all operations, also those still to come.
    fn operation(&self, endpoint: &Endpoint) -> Option<String> {
        let named = endpoint.operation.as_ref().map(|o| o.name.clone());
        named.or_else(|| {
            let mut others = self.inventory.endpoints.iter();
            let among_named = others.any(|other| {
                other.operation.is_some()
                    && other.method == endpoint.method
                    && other.route.shape() == endpoint.route.shape()
            });
            among_named.then(String::new)
        })
    }

    fn pairs(&self) -> impl Iterator<Item = (&Endpoint, &crate::assess::Assessed)> {
        self.inventory
            .endpoints
            .iter()
            .zip(&self.assessment.endpoints)
    }
}

fn endpoint_draft(endpoint: &Endpoint) -> EndpointDraft {
    EndpointDraft {
        method: endpoint.method.clone(),
        route: endpoint.route.clone(),
        operation: endpoint.operation.as_ref().map(|o| o.name.clone()),
    }
}
