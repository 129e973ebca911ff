//! What a new `harcov.toml` is to say, as plain data.

use std::collections::BTreeMap;

use crate::config::check::is_method;
use crate::locale::Lang;
use crate::route::{EndpointPattern, ParamStyle, Template};

/// What a new `harcov.toml` is to say.
///
/// Whatever the names hold, what is written can be read. What no configuration can hold is left
/// out: a host that is none, an endpoint whose method is none, a second group of the same name, a
/// second route of the same shape.
///
/// ```
/// use std::path::Path;
///
/// use harcov::config::{self, ConfigDraft};
///
/// let draft = ConfigDraft { title: "Tickets".into(), ..ConfigDraft::default() };
/// let config = config::parse(&draft.to_toml(), Path::new("harcov.toml")).unwrap();
/// assert_eq!(config.title, Some("Tickets".into()));
/// ```
#[derive(Debug, Clone, Default)]
pub struct ConfigDraft {
    /// Where the file's schema is, for editors.
    pub schema: Option<String>,
    /// The report's title.
    pub title: String,
    /// The language of reports, and of the comments.
    pub lang: Lang,
    /// Captures, relative to the file.
    pub captures: Vec<String>,
    /// Manifests, relative to the file.
    pub manifests: Vec<String>,
    /// How parameters are written.
    pub param_style: ParamStyle,
    /// The API's hosts.
    pub hosts: Vec<String>,
    /// The groups with their rules, in order.
    pub groups: Vec<GroupDraft>,
    /// Routes worth saying by hand.
    pub routes: Vec<RouteDraft>,
    /// The modules, in order.
    pub modules: Vec<ModuleDraft>,
    /// The flows, in order.
    pub flows: Vec<FlowDraft>,
}

/// A group and the rules that fill it.
#[derive(Debug, Clone, Default)]
pub struct GroupDraft {
    /// The name that rules use.
    pub name: String,
    /// The heading in reports.
    pub title: Option<String>,
    /// Regular expressions on the route, a rule for each.
    pub paths: Vec<String>,
}

/// A route said by hand.
#[derive(Debug, Clone)]
pub struct RouteDraft {
    /// The template.
    pub template: Template,
    /// The methods it holds for; empty: all.
    pub methods: Vec<String>,
    /// What the endpoint does.
    pub title: Option<String>,
    /// Parameters whose values are listed one by one.
    pub split_by: Vec<String>,
}

/// A module.
#[derive(Debug, Clone, Default)]
pub struct ModuleDraft {
    /// Its name.
    pub name: String,
    /// Its endpoints.
    pub endpoints: Vec<EndpointDraft>,
    /// What it is for.
    pub summary: Option<String>,
}

/// A flow.
#[derive(Debug, Clone, Default)]
pub struct FlowDraft {
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: Option<String>,
    /// The steps, in order.
    pub steps: Vec<StepDraft>,
}

/// One step of a flow.
#[derive(Debug, Clone, Default)]
pub struct StepDraft {
    /// What happens.
    pub title: String,
    /// The endpoint that does it.
    pub endpoint: Option<EndpointDraft>,
    /// What tells the step from others on the same endpoint.
    pub with: BTreeMap<String, String>,
}

/// An endpoint, to be named by a pattern.
#[derive(Debug, Clone)]
pub struct EndpointDraft {
    /// The method.
    pub method: String,
    /// The route.
    pub route: Template,
    /// The operation, where the route serves several.
    pub operation: Option<String>,
}

impl EndpointDraft {
    /// The narrowest pattern that names the endpoint.
    pub(super) fn pattern(&self, style: ParamStyle) -> String {
        let method = self.method.to_ascii_uppercase();
        let said = if is_method(&method) { &method } else { "*" };
        let on_route = format!("{said} {}", self.route.display(style));
        let Some(operation) = self.operation.as_deref() else {
            return on_route;
        };
        let exact = format!("{on_route} [{operation}]");
        let names =
            |pattern: EndpointPattern| pattern.matches(&method, &self.route, Some(operation));
        if exact.parse().is_ok_and(names) {
            exact
        } else {
            on_route
        }
    }
}
