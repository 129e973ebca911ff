//! `harcov.toml`: what a project says about its API and its report.
//!
//! The file is read into the form that was written, with spans, and validated into [`Config`], so
//! that everything behind this room sees valid values only and all problems are told together.

pub(crate) mod check;
mod diagnostic;
mod diff;
pub(crate) mod document;
pub(crate) mod forms;
mod gate;
mod load;
mod marker;
mod prose;
mod raw;
mod scan;
pub(crate) mod schema;
mod shape;
pub(crate) mod source;
mod status;
mod validate;
pub(crate) mod words;
pub(crate) mod write;

use std::collections::BTreeMap;
use std::path::PathBuf;

use regex::Regex;

use crate::locale::Lang;
use crate::route::{Correction, EndpointPattern, ParamStyle, Pin, Pins, Template};
use crate::scope::Filter;

pub(crate) use check::is_day;
pub use diagnostic::{Diagnostic, Diagnostics, Excerpt, Location, Severity};
pub use diff::{ChangeLevel, DiffConfig, IgnoreConfig};
pub use gate::{Deny, GateConfig, Limit};
pub use load::{FILE_NAME, discover, load, parse, schema};
pub use marker::{Marker, MarkerError, SpecConfig};
pub use prose::Prose;
pub use scan::{CallArgument, CallPattern, CallPatternError, ScanConfig};
pub use status::{Level, Status};
pub use write::{
    ConfigDraft, EndpointDraft, FlowDraft, GroupDraft, ModuleDraft, RouteDraft, StepDraft,
};

/// The group of endpoints that no rule matches; a rule may name it without declaring it.
pub const OTHER: &str = "other";

/// What stands in front of a folder among the manifests if its source code is to be scanned.
pub const SCAN: &str = "scan:";

/// A valid configuration; [`Config::default`] is what holds without a file.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The file it was read from.
    pub file: Option<PathBuf>,
    /// The folder that its paths are relative to.
    pub root: PathBuf,
    /// The report's title.
    pub title: Option<Prose>,
    /// A paragraph for the overview, in Markdown.
    pub overview: Option<Prose>,
    /// A paragraph for the summary, in Markdown.
    pub summary: Option<Prose>,
    /// The language of reports and messages.
    pub lang: Option<Lang>,
    /// Captures to read when the command names none.
    pub captures: Vec<PathBuf>,
    /// Manifests to assess against.
    pub manifests: Vec<PathBuf>,
    /// What a scan of source code has to know.
    pub scan: ScanConfig,
    /// How parameters are written in route templates.
    pub param_style: ParamStyle,
    /// How descriptions of APIs are read as manifests.
    pub spec: SpecConfig,
    /// Which traffic counts.
    pub scope: Filter,
    /// Corrections of single segments of inferred routes.
    pub corrections: Corrections,
    /// What is known of the routes, and how endpoints are split.
    pub routes: Vec<RouteConfig>,
    /// The groups, in report order.
    pub groups: Vec<GroupConfig>,
    /// The rule table, in order; the first match wins.
    pub rules: Vec<RuleConfig>,
    /// The modules, in report order.
    pub modules: Vec<ModuleConfig>,
    /// The flows, in report order.
    pub flows: Vec<FlowConfig>,
    /// Findings written by hand.
    pub findings: Vec<FindingConfig>,
    /// Priorities said by hand for single endpoints; the first match wins.
    pub priorities: Vec<PriorityConfig>,
    /// What `harcov check` asks for.
    pub gate: GateConfig,
    /// What changes between captures are worth.
    pub diff: DiffConfig,
    /// What is valid and yet probably not meant.
    pub warnings: Vec<Diagnostic>,
}

impl Config {
    /// What is said by hand of routes.
    pub fn pins(&self) -> Pins {
        let bare = |said: &[(Correction, Location)]| said.iter().map(|(c, _)| c.clone()).collect();
        Pins {
            pins: self.routes.iter().map(|route| route.pin.clone()).collect(),
            literals: bare(&self.corrections.literals),
            params: bare(&self.corrections.params),
        }
    }
}

/// `[routes]`: corrections of single segments, with where they were written.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    /// Segments that are never a parameter.
    pub literals: Vec<(Correction, Location)>,
    /// Segments that are always one.
    pub params: Vec<(Correction, Location)>,
}

impl Corrections {
    /// The corrections that hold for no segment of the given routes, as errors.
    pub fn unused(&self, routes: &[&Template]) -> Vec<Diagnostic> {
        let idle = |said: &[(Correction, Location)], variable: bool| -> Vec<Location> {
            said.iter()
                .filter(|(correction, _)| {
                    !routes
                        .iter()
                        .any(|route| correction.holds_in(route, variable))
                })
                .map(|(_, location)| location.clone())
                .collect()
        };
        let mut places = idle(&self.literals, false);
        places.extend(idle(&self.params, true));
        places
            .into_iter()
            .map(|place| {
                Diagnostic::error(place, "the correction matches no segment of any route")
                    .remedy("compare it with `harcov routes`, or take it out")
            })
            .collect()
    }
}

/// `[[route]]`: a template said by hand.
#[derive(Debug, Clone)]
pub struct RouteConfig {
    /// The template with its method and host, if they were said.
    pub pin: Pin,
    /// What the endpoint does.
    pub title: Option<Prose>,
    /// Query or body fields whose values are listed one by one.
    pub split_by: Vec<String>,
    /// What the values of those fields mean.
    pub labels: BTreeMap<String, Prose>,
    /// Where it was written.
    pub location: Location,
}

/// `[[group]]`: a named group of endpoints.
#[derive(Debug, Clone)]
pub struct GroupConfig {
    /// The name that rules use.
    pub name: String,
    /// The heading in reports.
    pub title: Option<Prose>,
    /// The status of an endpoint that the manifest does not name.
    pub unlisted: Status,
}

/// `[[rule]]`: puts an endpoint into a group if everything that it says matches.
#[derive(Debug, Clone)]
pub struct RuleConfig {
    /// The group's name.
    pub group: String,
    /// A regex on the route.
    pub path: Option<Regex>,
    /// Methods, in upper case; empty: any.
    pub methods: Vec<String>,
    /// A regex on the host.
    pub host: Option<Regex>,
    /// A regex on the names of query parameters; one must match.
    pub query: Option<Regex>,
    /// A regex on the operation's name.
    pub operation: Option<Regex>,
    /// Priority for everything that the rule matches.
    pub priority: Option<Level>,
    /// Where it was written.
    pub location: Location,
}

/// `[[module]]`: a named piece of functionality.
#[derive(Debug, Clone)]
pub struct ModuleConfig {
    /// Its name in reports.
    pub name: Prose,
    /// The endpoints that make it.
    pub endpoints: Vec<EndpointPattern>,
    /// What it is for, in Markdown.
    pub summary: Option<Prose>,
    /// Its priority and that of its endpoints, if they are not to be computed.
    pub priority: Option<Level>,
    /// Where it was written.
    pub location: Location,
}

/// `[[flow]]`: ordered steps through endpoints.
#[derive(Debug, Clone)]
pub struct FlowConfig {
    /// Its name in reports.
    pub name: Prose,
    /// What it does, in Markdown.
    pub summary: Option<Prose>,
    /// The steps.
    pub steps: Vec<StepConfig>,
    /// Where it was written.
    pub location: Location,
}

/// One step of a flow.
#[derive(Debug, Clone)]
pub struct StepConfig {
    /// What happens.
    pub title: Prose,
    /// The call that does it; a step of the user has none.
    pub endpoint: Option<EndpointPattern>,
    /// Parameters with the values that tell this step from another on the same endpoint
    /// (`voucher_type = "VGC_T"`), or an empty value where being sent is enough.
    pub with: Vec<(String, String)>,
}

/// `[[finding]]`: a finding written by hand.
#[derive(Debug, Clone)]
pub struct FindingConfig {
    /// A heading.
    pub title: Option<Prose>,
    /// The text, in Markdown.
    pub text: Prose,
    /// The endpoint it is about.
    pub endpoint: Option<EndpointPattern>,
}

/// `[[priority]]`: a priority said by hand.
#[derive(Debug, Clone)]
pub struct PriorityConfig {
    /// The endpoints it holds for.
    pub endpoint: EndpointPattern,
    /// The level.
    pub level: Level,
    /// Why, in Markdown.
    pub reason: Option<Prose>,
}
