//! Client stubs, from templates that users may replace.

use std::fmt;

use serde::Serialize;
use tera::{Context, Tera};

use super::api::{Api, Body, Call, origin};
use super::http::wrapped;
use super::json::{Json, is_unseen, one_line};
use super::name::{self, Names};
use super::sample;
use crate::locale::Locale;
use crate::value::Kind;

/// A language that stubs are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Python, with requests
    Python,
    /// TypeScript, with fetch
    Typescript,
    /// Kotlin, with OkHttp
    Kotlin,
    /// Rust, without a client
    Rust,
}

/// A stub could not be rendered; the display is the template engine's own message.
#[derive(Debug)]
pub struct StubError(tera::Error);

impl fmt::Display for StubError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.strip_prefix("error: ").unwrap_or(&text))
    }
}

impl std::error::Error for StubError {}

/// What is particular to a language.
struct Traits {
    template: (&'static str, &'static str),
    reserved: &'static str,
    ident: fn(&[String]) -> String,
    /// The words for text, whole numbers, numbers, truth values, lists, objects, files, anything.
    types: [&'static str; 8],
    /// The keyword for each place: query, form, multipart, JSON.
    keywords: [&'static str; 4],
    /// A character that may not stand in a text as it is.
    escape: fn(char) -> String,
    /// Characters besides that are escaped by a backslash.
    special: &'static [char],
}

impl Language {
    fn traits(self) -> Traits {
        match self {
            Language::Python => Traits {
                template: ("stub.py", include_str!("../../templates/stub.py")),
                reserved: "self path False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield print type Any quote requests",
                ident: name::snake,
                types: [
                    "str",
                    "int",
                    "float",
                    "bool",
                    "list[Any]",
                    "dict[str, Any]",
                    "Any",
                    "Any",
                ],
                keywords: ["params", "data", "files", "json"],
                escape: |c| format!("\\U{:08x}", u32::from(c)),
                special: &[],
            },
            Language::Typescript => Traits {
                template: ("stub.ts", include_str!("../../templates/stub.ts")),
                reserved: "args path headers baseUrl send constructor arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield",
                ident: name::camel,
                types: [
                    "string",
                    "number",
                    "number",
                    "boolean",
                    "unknown[]",
                    "Record<string, unknown>",
                    "Blob",
                    "unknown",
                ],
                keywords: ["query", "form", "multipart", "json"],
                escape: |c| format!("\\u{{{:x}}}", u32::from(c)),
                special: &[],
            },
            Language::Kotlin => Traits {
                template: ("stub.kt", include_str!("../../templates/stub.kt")),
                reserved: "headers baseUrl http send given each segment as break class continue do else false for fun if in interface is null object package return super this throw true try typealias typeof val var when while",
                ident: name::camel,
                types: [
                    "String",
                    "Long",
                    "Double",
                    "Boolean",
                    "List<Any?>",
                    "Map<String, Any?>",
                    "File",
                    "Any",
                ],
                keywords: ["query", "form", "multipart", "json"],
                escape: |c| {
                    let mut units = [0; 2];
                    let units = c.encode_utf16(&mut units).iter();
                    units.fold(String::new(), |out, unit| out + &format!("\\u{unit:04x}"))
                },
                special: &['$'],
            },
            Language::Rust => Traits {
                template: ("stub.rs", include_str!("../../templates/stub.rs")),
                reserved: "args call json segment member quoted as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref return self static struct super trait true type unsafe use where while abstract become box do final macro override priv typeof unsized virtual yield try str bool",
                ident: name::snake,
                types: [
                    "String", "i64", "f64", "bool", "Json", "Json", "String", "Json",
                ],
                keywords: ["query", "form", "multipart", "json"],
                escape: |c| format!("\\u{{{:x}}}", u32::from(c)),
                special: &[],
            },
        }
    }
}

/// Renders stubs of all calls; `template` is a user's own, with the name that messages show.
///
/// # Errors
/// The user's template does not hold.
pub fn stub(
    api: &Api,
    language: Language,
    locale: &Locale,
    template: Option<(&str, &str)>,
) -> Result<String, StubError> {
    let traits = language.traits();
    let (name, text) = template.unwrap_or(traits.template);
    let mut tera = Tera::new();
    tera.add_raw_template(name, text).map_err(StubError)?;
    let context = Context::from_serialize(&Values::new(api, &traits, locale)).map_err(StubError)?;
    tera.render(name, &context).map_err(StubError)
}

/// Everything that a template can name. Texts in `name`, `value`, `text`, `method` and `base_url`
/// are literals of the language with their quotes; comments hold no line break.
#[derive(Serialize)]
struct Values {
    title: String,
    notes: Vec<String>,
    base_url: String,
    calls: Vec<CallValues>,
}

#[derive(Serialize)]
struct CallValues {
    /// The function's name.
    ident: String,
    /// The name of a type that belongs to it.
    r#type: String,
    method: String,
    comment: Vec<String>,
    path: Vec<PieceValues>,
    args: Vec<ArgValues>,
    /// Whether some argument is none of the path's.
    keyword_args: bool,
    /// Whether some argument has to be given.
    required: bool,
    parts: Vec<PartValues>,
}

/// A piece of the path: a text, or an argument.
#[derive(Serialize)]
struct PieceValues {
    text: Option<String>,
    arg: Option<String>,
}

#[derive(Serialize)]
struct ArgValues {
    ident: String,
    name: String,
    r#type: &'static str,
    /// Whether it is text, not a number or the like.
    text: bool,
    required: bool,
    place: &'static str,
    /// The constants that were seen, for a comment.
    values: String,
}

/// What a request carries in one place.
#[derive(Serialize)]
struct PartValues {
    keyword: &'static str,
    place: &'static str,
    /// The argument that is the whole body.
    whole: Option<String>,
    constants: Vec<PairValues>,
}

#[derive(Serialize)]
struct PairValues {
    name: String,
    value: String,
}

impl Values {
    fn new(api: &Api, traits: &Traits, locale: &Locale) -> Values {
        let names = Names::reserving(traits.reserved.split(' '));
        let idents = api.names(traits.ident, "_", names);
        let types = api.names(
            name::pascal,
            "",
            Names::reserving([
                "Call", "Json", "Client", "Option", "String", "Vec", "Some", "None",
            ]),
        );
        let host = api.hosts.first().map(|host| origin(host));
        let mut headers: Vec<&str> = api
            .calls
            .iter()
            .flat_map(Call::auth)
            .map(|credential| credential.header)
            .collect();
        headers.sort_unstable();
        headers.dedup();
        let mut notes = Vec::new();
        if !headers.is_empty() {
            notes.push(one_line(&format!(
                "Credentials were seen in: {}.",
                headers.join(", ")
            )));
        }
        let calls = api.calls.iter().zip(idents).zip(types);
        Values {
            title: one_line(&api.title),
            notes,
            base_url: traits.literal(&host.unwrap_or_default()),
            calls: calls
                .map(|((call, ident), of)| CallValues::new(call, ident, of, api, traits, locale))
                .collect(),
        }
    }
}

impl CallValues {
    fn new(
        call: &Call,
        ident: String,
        of: String,
        api: &Api,
        traits: &Traits,
        locale: &Locale,
    ) -> CallValues {
        let mut maker = Taken {
            traits,
            names: Names::reserving(traits.reserved.split(' ')),
            args: Vec::new(),
        };
        for (name, kinds) in call.path_params() {
            let kinds: Vec<Kind> = kinds.iter().copied().collect();
            maker.add(name, &kinds, true, "path", &[]);
        }
        let paths: Vec<String> = maker.args.iter().map(|arg| arg.ident.clone()).collect();
        let mut parts = Vec::new();
        let query = call.query();
        if !query.is_empty() {
            let mut part = traits.part(0, "query");
            for param in &query {
                if let Some(sample) = &param.sample {
                    part.constants.push(PairValues {
                        name: traits.literal(param.name),
                        value: traits.literal(sample),
                    });
                    continue;
                }
                maker.add(
                    param.name,
                    &of_text(param.kinds),
                    param.required,
                    "query",
                    &param.values,
                );
            }
            parts.push(part);
        }
        if let Some(part) = maker.body(call) {
            parts.push(part);
        }
        let mut args = maker.args;
        args.sort_by_key(|arg| !arg.required);
        CallValues {
            ident,
            r#type: of,
            method: traits.literal(&call.method),
            comment: comment(call, api, locale),
            path: path(call, &paths, traits),
            keyword_args: args.iter().any(|arg| arg.place != "path"),
            required: args.iter().any(|arg| arg.required),
            args,
            parts,
        }
    }
}

/// Makes the arguments of one function.
struct Taken<'t> {
    traits: &'t Traits,
    names: Names,
    args: Vec<ArgValues>,
}

impl Taken<'_> {
    fn add(
        &mut self,
        name: &str,
        kinds: &[Kind],
        required: bool,
        place: &'static str,
        values: &[String],
    ) -> String {
        let ident = (self.traits.ident)(&name::words(name));
        let ident = self.names.take(&ident, "_");
        let (r#type, text) = self.traits.of_kinds(kinds);
        self.args.push(ArgValues {
            ident: ident.clone(),
            name: self.traits.literal(name),
            r#type,
            text,
            required,
            place,
            values: one_line(&values.join(", ")),
        });
        ident
    }

    fn body(&mut self, call: &Call) -> Option<PartValues> {
        let wrapped = wrapped(call);
        match call.sent().into_iter().next() {
            Some(Body::Form(params)) => {
                for param in &params {
                    self.add(
                        param.name,
                        &of_text(param.kinds),
                        param.required,
                        "form",
                        &param.values,
                    );
                }
                Some(self.traits.part(1, "form"))
            }
            Some(Body::Multipart(params)) => {
                for param in &params {
                    self.add(
                        param.name,
                        &of_text(param.kinds),
                        param.required,
                        "multipart",
                        &param.values,
                    );
                }
                Some(self.traits.part(2, "multipart"))
            }
            Some(Body::Json(tree)) => {
                let mut part = self.traits.part(3, "json");
                if tree.members.is_empty() && wrapped.is_none() {
                    let kinds: Vec<Kind> = tree.types().into_iter().collect();
                    part.whole = Some(self.add("body", &kinds, true, "body", &[]));
                    return Some(part);
                }
                for (name, member) in &tree.members {
                    let kinds: Vec<Kind> = member.types().into_iter().collect();
                    self.add(name, &kinds, tree.requires(member), "json", &member.values);
                }
                part.constants = self.constants(
                    wrapped.as_ref(),
                    &tree.members.keys().map(String::as_str).collect::<Vec<_>>(),
                );
                Some(part)
            }
            None => wrapped.map(|wrapped| PartValues {
                constants: self.constants(Some(&wrapped), &[]),
                ..self.traits.part(3, "json")
            }),
        }
    }

    /// What the protocol of an operation wraps its members in.
    fn constants(&self, wrapped: Option<&Json>, members: &[&str]) -> Vec<PairValues> {
        let Some(Json::Object(pairs)) = wrapped else {
            return Vec::new();
        };
        let own = pairs
            .iter()
            .filter(|(name, _)| !members.contains(&name.as_str()));
        own.map(|(name, value)| {
            let value = match value {
                Json::Text(text) => text.clone(),
                value => value.to_line(),
            };
            PairValues {
                name: self.traits.literal(name),
                value: self.traits.literal(&value),
            }
        })
        .collect()
    }
}

impl Traits {
    fn part(&self, keyword: usize, place: &'static str) -> PartValues {
        PartValues {
            keyword: self.keywords[keyword],
            place,
            whole: None,
            constants: Vec::new(),
        }
    }

    /// The type for kinds of values, and whether it is text.
    fn of_kinds(&self, kinds: &[Kind]) -> (&'static str, bool) {
        let mut real: Vec<Kind> = kinds
            .iter()
            .copied()
            .filter(|kind| *kind != Kind::Null)
            .collect();
        if real.contains(&Kind::Number) {
            real.retain(|kind| *kind != Kind::Integer);
        }
        let at = match real.as_slice() {
            [Kind::String] | [] => 0,
            [Kind::Integer] => 1,
            [Kind::Number] => 2,
            [Kind::Boolean] => 3,
            [Kind::Array] => 4,
            [Kind::Object] => 5,
            [Kind::File] => 6,
            _ => 7,
        };
        (self.types[at], at == 0)
    }

    /// A text as a literal, with its quotes.
    fn literal(&self, text: &str) -> String {
        let mut out = String::from("\"");
        for c in text.chars() {
            if is_unseen(c) {
                out.push_str(&(self.escape)(c));
            } else if matches!(c, '"' | '\\') || self.special.contains(&c) {
                out.extend(['\\', c]);
            } else {
                out.push(c);
            }
        }
        out.push('"');
        out
    }
}

/// What is sent as text is text if it was ever no number.
fn of_text(kinds: &std::collections::BTreeSet<Kind>) -> Vec<Kind> {
    if kinds.contains(&Kind::String) {
        vec![Kind::String]
    } else {
        kinds.iter().copied().collect()
    }
}

/// The path as literals and arguments, texts that meet in one.
fn path(call: &Call, idents: &[String], traits: &Traits) -> Vec<PieceValues> {
    // A mark that no encoded path holds stands for an argument.
    const MARK: char = '\u{0}';
    let marked = sample::path(call, |_| MARK.to_string());
    let mut pieces = Vec::new();
    let mut idents = idents.iter();
    for (at, text) in marked.split(MARK).enumerate() {
        if at > 0 {
            pieces.push(PieceValues {
                text: None,
                arg: idents.next().cloned(),
            });
        }
        if !text.is_empty() {
            pieces.push(PieceValues {
                text: Some(traits.literal(text)),
                arg: None,
            });
        }
    }
    pieces
}

/// What is known of a call, a line each.
fn comment(call: &Call, api: &Api, locale: &Locale) -> Vec<String> {
    let route = call.route.display(crate::route::ParamStyle::Brace);
    let operation = call.operation.as_ref().map(|o| format!(" [{}]", o.name));
    let mut lines = vec![format!(
        "{} {route}{}",
        call.method,
        operation.unwrap_or_default()
    )];
    lines.extend(call.title.clone());
    let key = format!("status.{}", call.status.name());
    let statuses: Vec<String> = call
        .observed
        .statuses
        .keys()
        .map(ToString::to_string)
        .collect();
    lines.push(format!(
        "{}; {} × {}",
        locale.get(&key),
        call.observed.requests,
        if statuses.is_empty() {
            "-".to_owned()
        } else {
            statuses.join(", ")
        }
    ));
    if call.hosts != api.hosts {
        lines.push(call.hosts.join(", "));
    }
    if let Some(answer) = call.answer() {
        let names: Vec<&str> = answer.members.keys().map(String::as_str).take(12).collect();
        if !names.is_empty() {
            lines.push(format!("→ {{ {} }}", names.join(", ")));
        }
    }
    lines.iter().map(|line| one_line(line)).collect()
}
