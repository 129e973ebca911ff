//! What templates call to show a value, and the words of the report's language.
//!
//! A filter knows the format from whether the template escapes: the same `code` gives a code span
//! in Markdown and a `<code>` element in HTML.

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::locale::{Arg, Locale, code, escape};

use super::{prose, raw_html};

/// Makes the filters and the function `t` known; to be done before templates are added.
pub(super) fn register(tera: &mut Tera, locale: &'static Locale) {
    tera.register_filter("code", code_filter);
    tera.register_filter("route", route_filter);
    tera.register_filter("text", text_filter);
    tera.register_filter("strong", strong_filter);
    tera.register_filter("prose", |value: &str, kwargs: Kwargs, state: &State<'_>| {
        prose_filter(value, &kwargs, state)
    });
    tera.register_filter("line", line_filter);
    tera.register_filter("cell", cell_filter);
    tera.register_filter("symbol", symbol_filter);
    tera.register_filter("tint", tint_filter);
    tera.register_filter("percent", percent_filter);
    tera.register_filter("time", time_filter);
    tera.register_filter(
        "word",
        move |value: &str, kwargs: Kwargs, state: &State<'_>| word(locale, value, &kwargs, state),
    );
    tera.register_function("t", move |kwargs: Kwargs, _: &State<'_>| {
        text(locale, &kwargs)
    });
}

/// `t(key="…", n=3)`: a text of the report's language. Numbers fill placeholders as counts,
/// strings as they are, so they have to be made safe by a filter first.
fn text(locale: &Locale, kwargs: &Kwargs) -> TeraResult<String> {
    let key = kwargs.must_get::<&str>("key")?;
    if !locale.has(key) {
        return Err(tera::Error::message(format!("there is no text `{key}`")));
    }
    let args: Vec<(&str, Arg)> = kwargs
        .iter()
        .filter_map(|(name, value)| Some((name.as_str()?, argument(value))))
        .collect();
    Ok(locale.format(key, &args))
}

/// What a template's argument fills a placeholder with.
fn argument(value: &Value) -> Arg {
    match value
        .as_u128()
        .and_then(|number| usize::try_from(number).ok())
    {
        Some(number) if value.is_number() => Arg::Count(number),
        _ => Arg::Markdown(value.to_string()),
    }
}

/// The language's word for a value of a fixed set (`{{ reason | word(table="skip") }}`); a value
/// that the table does not know is shown as it is.
fn word(locale: &Locale, value: &str, kwargs: &Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let key = format!("{}.{value}", kwargs.must_get::<&str>("table")?);
    if locale.has(&key) {
        return Ok(Value::from(locale.get(&key)));
    }
    code_filter(value, Kwargs::default(), state)
}

/// Runs `html` or `markdown`, as the template escapes or not; both give safe text.
fn either(
    state: &State<'_>,
    html: impl FnOnce() -> TeraResult<String>,
    markdown: impl FnOnce() -> String,
) -> TeraResult<Value> {
    let text = if state.autoescaping_enabled() {
        html()?
    } else {
        markdown()
    };
    Ok(Value::safe_string(&text))
}

/// A name or value of a capture.
fn code_filter(value: &str, _: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    either(
        state,
        || Ok(format!("<code>{}</code>", state.escape(value)?)),
        || code(value),
    )
}

/// A route with its parameters set apart; in Markdown, a code span.
fn route_filter(value: &str, _: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let html = || {
        let mut out = String::from("<code>");
        for (at, segment) in value.split('/').enumerate() {
            let slash = if at > 0 { "/" } else { "" };
            let shown = state.escape(segment)?;
            let is_param = matches!(
                segment.as_bytes(),
                [b'<', .., b'>'] | [b'{', .., b'}'] | [b':', _, ..]
            );
            // Long routes may be broken before a slash.
            let pieces = match (slash, is_param) {
                ("", _) => [shown.as_str(), "", ""],
                (_, true) => ["<wbr>/<var>", shown.as_str(), "</var>"],
                (_, false) => ["<wbr>/", shown.as_str(), ""],
            };
            out.extend(pieces);
        }
        out.push_str("</code>");
        Ok(out)
    };
    either(state, html, || code(value))
}

/// Text to be read as it is.
fn text_filter(value: &str, _: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    either(state, || state.escape(value), || escape(value))
}

/// Text to be read as it is, in bold; nothing if there is none.
fn strong_filter(value: &str, _: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let bold = |text: String, mark: [&str; 2]| match text.as_str() {
        "" => text,
        _ => format!("{}{text}{}", mark[0], mark[1]),
    };
    either(
        state,
        || Ok(bold(state.escape(value)?, ["<strong>", "</strong>"])),
        || bold(escape(value), ["**", "**"]),
    )
}

/// Markdown prose, as blocks; `indent` is how far following lines are moved in Markdown.
fn prose_filter(value: &str, kwargs: &Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let indent = kwargs.get::<usize>("indent")?.unwrap_or(0);
    either(
        state,
        || Ok(prose::to_html(value)),
        || prose::indented(&raw_html::shown(value), indent),
    )
}

/// Markdown prose, on one line.
fn line_filter(value: &str, _: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    either(
        state,
        || Ok(prose::to_inline_html(value)),
        || raw_html::shown(&prose::one_line(value)),
    )
}

/// Markdown for a table cell, after all other filters; HTML needs nothing.
fn cell_filter(value: &Value, _: Kwargs, state: &State<'_>) -> Value {
    if state.autoescaping_enabled() {
        return value.clone();
    }
    Value::safe_string(&prose::cell(&value.to_string()))
}

/// The sign of a status or level, told apart by form as well as by colour.
fn symbol_filter(value: &str, _: Kwargs, state: &State<'_>) -> &'static str {
    let [emoji, plain] = match value {
        "implemented" => ["✅", "✓"],
        "partial" => ["🔶", "◐"],
        "missing" | "breaking" => ["❌", "✕"],
        "unknown" => ["❓", "?"],
        "excluded" => ["➖", "−"],
        "unobserved" => ["👻", "○"],
        "high" => ["🔴", "▲"],
        "medium" => ["🟡", "◆"],
        "low" => ["🟢", "▽"],
        "warning" => ["🔶", "◆"],
        "info" => ["ℹ️", "i"],
        _ => ["", ""],
    };
    if state.autoescaping_enabled() {
        plain
    } else {
        emoji
    }
}

/// The colour of a status in drawings where the style sheet is blocked.
fn tint_filter(value: &str, _: Kwargs, _: &State<'_>) -> &'static str {
    match value {
        "implemented" => "#12703a",
        "partial" => "#8a5000",
        "missing" => "#b4202b",
        "unknown" => "#5d3ab7",
        _ => "#525b67",
    }
}

/// A percentage with at most one decimal; a dash if there is none.
fn percent_filter(value: &Value, _: Kwargs, _: &State<'_>) -> String {
    match value.as_f64() {
        Some(number) => {
            let text = format!("{number:.1}");
            format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
        }
        None => "–".to_owned(),
    }
}

/// An RFC 3339 time in UTC as people write it, to the second.
fn time_filter(value: &str, _: Kwargs, _: &State<'_>) -> String {
    let seconds = value.split(['.', 'Z', '+']).next().unwrap_or(value);
    seconds.replacen('T', " ", 1)
}
