//! The entry of a manifest behind a status, and those that nearly fit.

use crate::inventory::Endpoint;
use crate::locale::Arg;
use crate::manifest::Claim;
use crate::route::{Part, Template};

use super::Explainer;

impl Explainer<'_> {
    /// The claim that won, and those that are for the same route or a wider one.
    pub(super) fn claims(&self, won: Option<usize>, endpoint: &Endpoint) -> Vec<String> {
        let claims = &self.inputs.manifest.claims;
        let first = match won.and_then(|claim| claims.get(claim)) {
            Some(claim) => {
                let place = Arg::Code(self.place(&claim.location));
                self.say("explain.claim", &[("place", place)])
            }
            None => self.say("explain.claim-none", &[]),
        };
        let mut lines = vec![format!("  {first}")];
        for (position, claim) in claims.iter().enumerate() {
            if won == Some(position) {
                continue;
            }
            if claim.route.shape() == endpoint.route.shape() {
                lines.push(format!("  {}", self.lost_claim(claim, endpoint)));
            } else if won.is_none() && is_for(claim, endpoint) {
                let wider = self.wider_claim(claim, endpoint);
                lines.extend(wider.map(|line| format!("  {line}")));
            }
        }
        lines
    }

    fn lost_claim(&self, claim: &Claim, endpoint: &Endpoint) -> String {
        let what = if claim.method != endpoint.method {
            "explain.what-method"
        } else if !is_at_host(claim, endpoint) {
            "explain.what-host"
        } else {
            "explain.what-operation"
        };
        let args = [
            ("place", Arg::Code(self.place(&claim.location))),
            ("what", Arg::Text(self.locale.get(what).to_owned())),
        ];
        self.say("explain.claim-lost", &args)
    }

    /// A claim whose parameters could stand for names in the endpoint's route.
    fn wider_claim(&self, claim: &Claim, endpoint: &Endpoint) -> Option<String> {
        let names = taken_in(&claim.route, &endpoint.route)?;
        let route = claim.route.display(self.inputs.config.param_style);
        let args = [
            ("place", Arg::Code(self.place(&claim.location))),
            ("route", Arg::Code(route.to_string())),
            ("n", Arg::Count(names.len())),
            ("names", Arg::Codes(names)),
        ];
        Some(self.say("explain.claim-wider", &args))
    }
}

fn is_at_host(claim: &Claim, endpoint: &Endpoint) -> bool {
    let host = claim.host.as_ref();
    host.is_none_or(|host| *host == endpoint.host)
}

fn is_for(claim: &Claim, endpoint: &Endpoint) -> bool {
    claim.method == endpoint.method && is_at_host(claim, endpoint)
}

/// The names in a route for which a wider one has parameters, if it fits else.
fn taken_in(wider: &Template, route: &Template) -> Option<Vec<String>> {
    if wider.parts.len() != route.parts.len() {
        return None;
    }
    let mut names = Vec::new();
    for pair in wider.parts.iter().zip(&route.parts) {
        match pair {
            (Part::Literal(said), Part::Literal(is)) if said == is => {}
            (Part::Literal(_), _) => return None,
            (said, Part::Literal(is)) if said.matches(is) => names.push(is.clone()),
            (_, Part::Literal(_)) => return None,
            _ => {}
        }
    }
    Some(names)
}
