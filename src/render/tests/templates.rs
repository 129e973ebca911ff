//! Templates of the user, and what they are told when they are wrong.

use super::super::render_template;
use super::fixture::{hostile, report};
use super::snapshot;

#[test]
fn a_template_sees_the_report() {
    let text =
        "{% for row in endpoints %}{{ row.method }} {{ row.route }} {{ row.status }}\n{% endfor %}";
    let shown = render_template(&report("en"), "mine.txt", text).unwrap();
    assert!(shown.starts_with("GET /v1/orders/{order_id} implemented\nPOST /graphql missing\n"));
}

#[test]
fn a_template_may_replace_one_section() {
    let text = "{% extends \"harcov:report.md\" %}\
        {% block overview %}## Mine: {{ coverage.endpoints.percent | percent }}\n\n{% endblock %}";
    let shown = render_template(&report("en"), "mine.md", text).unwrap();
    assert!(shown.contains("## Mine: 33.3%\n"));
    assert!(shown.contains("## Endpoints by group\n") && !shown.contains("## Overview"));
}

#[test]
fn the_ending_of_its_name_decides_how_values_are_escaped() {
    let text = "{{ title }}{{ endpoints[0].route | code }}";
    for name in ["a.html", "a.htm", "a.xml"] {
        let shown = render_template(&hostile("en"), name, text).unwrap();
        assert!(
            !shown.contains("<script>") && shown.contains("<code>"),
            "{name}"
        );
    }
    let shown = render_template(&hostile("en"), "a.md", "{{ endpoints[0].route | code }}").unwrap();
    assert!(shown.starts_with("````/v1/orders"));
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let wrong = [
        ("unknown_field", "a\n{{ coverage.endpoint }}\n"),
        ("unknown_filter", "{{ title | shout }}"),
        ("unknown_value", "{{ titel }}"),
        ("unknown_text", "{{ t(key=\"status.nope\") }}"),
        ("not_closed", "{% if title %}\n"),
        ("unknown_parent", "{% extends \"harcov:report.txt\" %}"),
    ];
    let messages: Vec<String> = wrong
        .iter()
        .map(|(name, text)| {
            let error = render_template(&report("en"), &format!("{name}.md"), text).unwrap_err();
            error.to_string()
        })
        .collect();
    snapshot("render_template_errors", &messages.join("\n\n"));
}
