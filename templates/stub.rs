// {{ title }}: stubs written by harcov from what was observed. Fill in what they do not know.
{%- for line in notes %}
// {{ line }}
{%- endfor %}
// Each function makes a `Call`, to be sent with the HTTP client of your choice.

#![allow(dead_code)]

/// Where the API was seen.
pub const BASE_URL: &str = {{ base_url }};

/// JSON text of an object or a list.
pub type Json = String;

/// A request that is ready to be sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Call {
    pub method: &'static str,
    pub path: String,
    pub query: Vec<(&'static str, String)>,
    pub form: Vec<(&'static str, String)>,
    pub multipart: Vec<(&'static str, String)>,
    pub json: Option<Json>,
}
{% for call in calls %}
{%- if call.args | length > 0 %}
/// What [`{{ call.ident }}`] takes.
#[derive(Debug, Clone, Default)]
pub struct {{ call.type }} {
{%- for arg in call.args %}
    pub {{ arg.ident }}: {% if arg.required %}{{ arg.type }}{% else %}Option<{{ arg.type }}>{% endif %},{% if arg.values %} // {{ arg.values }}{% endif %}
{%- endfor %}
}
{% endif %}
{%- for line in call.comment %}
// {{ line }}
{%- endfor %}
pub fn {{ call.ident }}({% if call.args | length > 0 %}args: &{{ call.type }}{% endif %}) -> Call {
    let path = [{% for piece in call.path %}{% if not loop.first %}, {% endif %}{% if piece.arg %}&segment(&args.{{ piece.arg }}.to_string()){% else %}{{ piece.text }}{% endif %}{% endfor %}].concat();
    let {% if call.parts | length > 0 %}mut {% endif %}call = Call { method: {{ call.method }}, path, ..Call::default() };
{%- for part in call.parts %}
{%- if part.keyword == "json" and part.whole %}
    call.json = Some(args.{{ part.whole }}.clone());
{%- elif part.keyword == "json" %}
    let mut json = Vec::new();
{%- for pair in part.constants %}
    json.push(member({{ pair.name }}, &quoted({{ pair.value }})));
{%- endfor %}
{%- for arg in call.args %}{% if arg.place == part.place %}
{%- if arg.required %}
    json.push(member({{ arg.name }}, &{% if arg.text %}quoted(&args.{{ arg.ident }}){% else %}args.{{ arg.ident }}.to_string(){% endif %}));
{%- else %}
    json.extend(args.{{ arg.ident }}.as_ref().map(|value| member({{ arg.name }}, &{% if arg.text %}quoted(value){% else %}value.to_string(){% endif %})));
{%- endif %}
{%- endif %}{% endfor %}
    call.json = Some(format!("{% raw %}{{{}}}{% endraw %}", json.join(",")));
{%- else %}
{%- for pair in part.constants %}
    call.{{ part.keyword }}.push(({{ pair.name }}, {{ pair.value }}.to_owned()));
{%- endfor %}
{%- for arg in call.args %}{% if arg.place == part.place %}
{%- if arg.required %}
    call.{{ part.keyword }}.push(({{ arg.name }}, args.{{ arg.ident }}.to_string()));
{%- else %}
    call.{{ part.keyword }}.extend(args.{{ arg.ident }}.as_ref().map(|value| ({{ arg.name }}, value.to_string())));
{%- endif %}
{%- endif %}{% endfor %}
{%- endif %}
{%- endfor %}
    call
}
{% endfor %}
fn segment(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn member(name: &str, value: &str) -> String {
    format!("{}:{value}", quoted(name))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
