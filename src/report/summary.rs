//! The summary and what the reader can do next.

use crate::locale::Arg;

use super::context::Context;
use super::model::{Coverage, Recommendation, Recommendations, ScopeSummary};

/// Items that a sentence of the summary lists.
const MAX_LISTED: usize = 5;

/// The summary, a paragraph each.
pub(super) fn summary(
    context: &Context<'_>,
    coverage: &Coverage,
    recommendations: &Recommendations,
) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let locale = context.locale;
    let (endpoints, requests) = (&coverage.endpoints, &coverage.requests);
    if endpoints.total == 0 {
        paragraphs.push(locale.format("summary.nothing", &[]));
    } else if context.manifest.claims.is_empty() {
        let args = [
            ("endpoints", Arg::Count(endpoints.total)),
            ("requests", Arg::Count(requests.total)),
        ];
        paragraphs.push(locale.format("summary.no-manifest", &args));
    } else {
        let args = [
            ("implemented", Arg::Count(endpoints.implemented)),
            ("total", Arg::Count(endpoints.total)),
            ("partial", Arg::Count(endpoints.partial)),
            ("missing", Arg::Count(endpoints.missing)),
            ("unknown", Arg::Count(endpoints.unknown)),
            ("served", Arg::Count(requests.implemented)),
            ("requests", Arg::Count(requests.total)),
        ];
        paragraphs.push(locale.format("summary.coverage", &args));
        paragraphs.extend(first(context, "summary.high", &recommendations.high));
        paragraphs.extend(first(context, "summary.medium", &recommendations.medium));
        let gaps = !recommendations.high.is_empty()
            || !recommendations.medium.is_empty()
            || !recommendations.low.is_empty();
        if !gaps {
            paragraphs.push(locale.format("summary.complete", &[]));
        }
    }
    let said = context.config.summary.as_ref();
    paragraphs.extend(said.map(|said| context.prose(said)));
    paragraphs
}

fn first(context: &Context<'_>, key: &str, items: &[Recommendation]) -> Option<String> {
    if items.is_empty() {
        return None;
    }
    let names: Vec<String> = items
        .iter()
        .take(MAX_LISTED)
        .map(|item| item.title.clone())
        .collect();
    let locale = context.locale;
    let more = items.len().saturating_sub(MAX_LISTED);
    let more = (more > 0).then(|| locale.format("summary.more", &[("n", Arg::Count(more))]));
    let args = [
        ("items", Arg::Texts(names)),
        ("more", Arg::Markdown(more.unwrap_or_default())),
    ];
    Some(locale.format(key, &args))
}

/// What stands between the reader and a better report.
pub(super) fn hints(context: &Context<'_>, scope: &ScopeSummary) -> Vec<String> {
    let locale = context.locale;
    let mut hints = Vec::new();
    if scope.in_scope == 0 && scope.entries > 0 {
        hints.push(locale.format("hint.nothing-in-scope", &[]));
    }
    // What is implemented may be said on the command line too.
    let unsaid = context.manifest.claims.is_empty() && context.config.scan.sources.is_empty();
    if unsaid && context.config.file.is_none() {
        hints.push(locale.format("hint.no-config", &[]));
    } else if unsaid {
        hints.push(locale.format("hint.no-manifest", &[]));
    }
    let lost = context
        .assessment
        .modules
        .iter()
        .filter(|module| module.endpoints.is_empty() && module.unobserved.is_empty());
    for module in lost {
        let name = super::module::name(context, module);
        hints.push(locale.format(
            "hint.module-without-endpoint",
            &[("module", Arg::Text(name))],
        ));
    }
    hints
}
