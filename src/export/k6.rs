//! A k6 script: a function for each call, run one after the other.

use std::fmt::Write as _;

use super::api::{Api, Body, Call, Param, origin};
use super::http::wrapped;
use super::json::{Json, one_line};
use super::name::{self, Names};
use super::sample;

/// Words that no function may be called.
const RESERVED: [&str; 24] = [
    "http", "check", "group", "env", "delete", "new", "in", "do", "if", "for", "var", "let", "try",
    "case", "else", "enum", "null", "this", "true", "void", "with", "class", "options", "origins",
];

/// The script.
pub(super) fn write(api: &Api) -> String {
    let mut out = String::from(
        "// Values that are needed come from the environment: k6 run -e ORDER_ID=… script.js\n\
         import http from 'k6/http';\nimport { check } from 'k6';\n\n\
         export const options = { vus: 1, iterations: 1 };\n\n\
         const env = (name, otherwise = '') => __ENV[name] || otherwise;\n",
    );
    let _ = writeln!(out, "const origins = {{");
    for (at, host) in api.hosts.iter().enumerate() {
        let name = text(&origin(host));
        let _ = writeln!(
            out,
            "  {}: env('BASE_URL{}', {name}),",
            text(host),
            number(at)
        );
    }
    let _ = writeln!(out, "}};");
    let names = api.names(name::ascii_camel, "", Names::reserving(RESERVED));
    for (call, name) in api.calls.iter().zip(&names) {
        function(&mut out, call, name);
    }
    let _ = writeln!(out, "\nexport default function () {{");
    for name in &names {
        let _ = writeln!(out, "  {name}();");
    }
    let _ = writeln!(out, "}}");
    out
}

fn number(at: usize) -> String {
    if at == 0 {
        String::new()
    } else {
        format!("_{}", at + 1)
    }
}

fn function(out: &mut String, call: &Call, name: &str) {
    let title = call
        .title
        .as_deref()
        .map(|title| format!(" - {}", one_line(title)));
    let route = call.route.display(crate::route::ParamStyle::Brace);
    let _ = writeln!(
        out,
        "\n// {} {}{}\nfunction {name}() {{",
        call.method,
        one_line(&route.to_string()),
        title.unwrap_or_default()
    );
    let host = text(call.hosts.first().map_or("", String::as_str));
    let path = sample::path(call, |param| {
        format!("${{encodeURIComponent({})}}", variable(param, None))
    });
    let params = call.query();
    let query: Vec<String> = params
        .iter()
        .map(|param| {
            format!(
                "{}=${{encodeURIComponent({})}}",
                sample::in_query(param.name),
                value(param)
            )
        })
        .collect();
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{}", query.join("&"))
    };
    let _ = writeln!(out, "  const url = origins[{host}] + `{path}{query}`;");
    let (media, body) = body(call);
    let mut headers: Vec<String> = call
        .auth_headers()
        .into_iter()
        .map(|(header, scheme)| {
            let value = variable(header, None);
            let value = match scheme.as_str() {
                "" => value,
                scheme => format!("{} + {value}", text(scheme)),
            };
            format!("{}: {value}", text(header))
        })
        .collect();
    if let Some((header, action)) = call.message().and_then(|message| message.action) {
        headers.push(format!("{}: {}", text(header), text(&action)));
    }
    if let Some(media) = media {
        headers.push(format!("'content-type': {}", text(&media)));
    }
    let _ = writeln!(out, "  const headers = {{ {} }};", headers.join(", "));
    let _ = writeln!(out, "  const body = {body};");
    let _ = writeln!(
        out,
        "  const answer = http.request({}, url, body, {{ headers }});",
        text(&call.method)
    );
    let expected: Vec<String> = call
        .observed
        .statuses
        .keys()
        .map(ToString::to_string)
        .collect();
    if !expected.is_empty() {
        let _ = writeln!(
            out,
            "  check(answer, {{ {}: ({{ status }}) => [{}].includes(status) }});",
            text(name),
            expected.join(", ")
        );
    }
    let _ = writeln!(out, "  return answer;\n}}");
}

/// The body as an expression, with its content type where k6 does not set it itself.
fn body(call: &Call) -> (Option<String>, String) {
    let json = |json: &Json| {
        (
            Some("application/json".to_owned()),
            format!("JSON.stringify({})", script(json)),
        )
    };
    if let Some(message) = call.message() {
        return (Some(message.media), text(&message.text));
    }
    if let Some(wrapped) = wrapped(call) {
        return json(&wrapped);
    }
    match call.sent().into_iter().next() {
        None => (None, "null".to_owned()),
        Some(Body::Json(tree)) => json(&sample::body(&tree)),
        Some(Body::Form(params)) => (None, object(&params)),
        Some(Body::Multipart(params)) => {
            let members: Vec<String> = params
                .iter()
                .map(|param| {
                    let value = value(param);
                    let file = param.kinds.contains(&crate::value::Kind::File);
                    let value = if file {
                        format!("http.file({value})")
                    } else {
                        value
                    };
                    format!("{}: {value}", text(param.name))
                })
                .collect();
            (None, format!("{{ {} }}", members.join(", ")))
        }
    }
}

fn object(params: &[Param<'_>]) -> String {
    let members: Vec<String> = params
        .iter()
        .map(|param| format!("{}: {}", text(param.name), value(param)))
        .collect();
    format!("{{ {} }}", members.join(", "))
}

fn value(param: &Param<'_>) -> String {
    if let Some(sample) = &param.sample {
        return text(sample);
    }
    variable(param.name, sample::constant(param))
}

/// A value from the environment.
fn variable(name: &str, otherwise: Option<&str>) -> String {
    let name = name::snake(&name::ascii_words(name)).to_ascii_uppercase();
    match otherwise {
        Some(otherwise) => format!("env('{name}', {})", text(otherwise)),
        None => format!("env('{name}')"),
    }
}

/// A text as a JavaScript string.
fn text(text: &str) -> String {
    script(&Json::from(text))
}

/// JSON as JavaScript, also where it stands in a page.
fn script(json: &Json) -> String {
    json.to_line().replace('<', "\\u003c")
}
