use std::fmt::Write as _;

use super::*;
use crate::route::ParamStyle;

/// Holds a text against its snapshot.
fn holds(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true
    }, { insta::assert_snapshot!(name, text) });
}

fn read(text: &str) -> Description {
    parse(text, Path::new("api.yaml")).unwrap()
}

/// What is said of each operation, a block each, and the warnings.
fn shown(description: &Description) -> String {
    let mut out = format!("{} · {}\n", description.format, description.title);
    for operation in &description.operations {
        let route = operation.route.display(ParamStyle::Brace);
        let line = operation.location.line;
        let _ = write!(out, "{} {route}", operation.method);
        if let Some(name) = &operation.operation {
            let _ = write!(out, " [{name}]");
        }
        let _ = writeln!(out, " :{line}");
        for base in &operation.bases {
            let path = base.mount(&"/".parse().unwrap());
            let host = base.host.as_deref().unwrap_or("any host");
            let _ = writeln!(out, "  at {host} {}", path.display(ParamStyle::Brace));
        }
        let mut list = |title: &str, fields: &[Field], open: bool| {
            for field in fields {
                let kinds: Vec<&str> = field.kinds.iter().map(|kind| kind.name()).collect();
                let place = field.place.map_or("", Place::name);
                let _ = write!(out, "  {title} {place} {} {}", field.name, kinds.join("|"));
                for (mark, is) in [(" required", field.required), (" open", field.open)] {
                    out.push_str(if is { mark } else { "" });
                }
                if !field.values.is_empty() {
                    let _ = write!(out, " = {}", field.values.join(","));
                }
                let _ = writeln!(out, " :{}", field.line);
            }
            if open {
                let _ = writeln!(out, "  {title} …");
            }
        };
        list("takes", &operation.params, operation.open_params);
        list("gives", &operation.fields, operation.open_fields);
        if !operation.statuses.is_empty() {
            let _ = writeln!(out, "  answers {:?}", operation.statuses);
        }
        for (name, value) in &operation.extensions {
            let _ = writeln!(out, "  {name}={value}");
        }
        if !operation.tags.is_empty() || operation.deprecated {
            let _ = writeln!(
                out,
                "  tags {:?} deprecated {}",
                operation.tags, operation.deprecated
            );
        }
    }
    for warning in &description.warnings {
        let _ = writeln!(out, "! {warning}");
    }
    out
}

#[test]
fn openapi_3_is_read_with_its_lines() {
    holds(
        "spec_openapi3",
        &shown(&read(include_str!("tests/openapi3.yaml"))),
    );
}

#[test]
fn what_one_part_of_a_schema_requires_another_may_describe() {
    let text = r"
openapi: 3.1.0
paths:
  /sessions:
    post:
      requestBody:
        content:
          application/json:
            schema:
              allOf:
                - $ref: '#/components/schemas/Base'
                - properties: {captcha: {type: string}, pay: {$ref: '#/components/schemas/Pay'}}
                - required: [name, captcha, pay]
                - oneOf: [{required: [note]}, {required: [mail]}]
components:
  schemas:
    Base: {type: object, properties: {name: {type: string}, note: {type: string}}}
    Pay: {type: object, properties: {way: {type: string}, fee: {type: number}}, allOf: [{required: [way]}]}
";
    let description = read(text);
    let params = &description.operations[0].params;
    let required = params.iter().filter(|field| field.required);
    let required: Vec<&str> = required.map(|field| &*field.name).collect();
    assert_eq!(required, ["captcha", "name", "pay", "pay.way"]);
}

#[test]
fn swagger_2_is_read_from_json() {
    holds(
        "spec_swagger2",
        &shown(&read(include_str!("tests/swagger2.json"))),
    );
}

#[test]
fn collections_are_read() {
    let files = [
        include_str!("tests/postman.json"),
        include_str!("tests/insomnia4.json"),
        include_str!("tests/insomnia5.yaml"),
        include_str!("tests/opencollection.yaml"),
    ];
    let all: Vec<String> = files.iter().map(|text| shown(&read(text))).collect();
    holds("spec_collections", &all.join("\n"));
}

fn warned(description: &Description, message: &str) -> bool {
    let warnings = description.warnings.iter();
    warnings
        .map(ToString::to_string)
        .any(|warning| warning.contains(message))
}

#[test]
fn a_text_that_breaks_off_gives_what_stands_before() {
    let text = include_str!("tests/swagger2.json");
    let cut = &text[..text.find("\"/files\"").unwrap()];
    let description = read(cut);
    assert!(!description.operations.is_empty());
    assert!(warned(&description, "JSON goes wrong"));
    let text = include_str!("tests/openapi3.yaml");
    let cut = text.replace("      operationId: listPets", " operationId: listPets");
    let description = read(&cut);
    assert!(warned(&description, "YAML goes wrong"));
}

#[test]
fn every_prefix_of_a_file_is_read_without_panic() {
    for text in [
        include_str!("tests/openapi3.yaml"),
        include_str!("tests/swagger2.json"),
        include_str!("tests/postman.json"),
    ] {
        for (end, _) in text.char_indices().step_by(7) {
            let _ = parse(&text[..end], Path::new("x"));
        }
    }
}

#[test]
fn what_nests_without_end_is_bounded() {
    let deep = "[".repeat(100_000);
    assert!(parse(&deep, Path::new("x")).is_err());
    let deep = format!("openapi: 3.1.0\nx: {}", "{a: ".repeat(50_000));
    assert!(!read(&deep).warnings.is_empty());
    let mut laughs = String::from("openapi: 3.1.0\na0: &a0 [x, x]\n");
    for i in 1..60 {
        let _ = writeln!(laughs, "a{i}: &a{i} [*a{p}, *a{p}, *a{p}]", p = i - 1);
    }
    laughs.push_str("paths:\n  /x:\n    get: {responses: {200: {content: {application/json: {schema: {enum: *a59}}}}}}\n");
    assert_eq!(read(&laughs).operations.len(), 1);
    let mut merges = String::from("openapi: 3.1.0\nm0: &m0 {k: v}\n");
    for i in 1..3_000 {
        let _ = writeln!(merges, "m{i}: &m{i}\n  <<: *m{p}\n  k{i}: v", p = i - 1);
    }
    assert!(!read(&merges).warnings.is_empty());
}

#[test]
fn schemas_that_hold_themselves_end() {
    let text = "openapi: 3.0.0
paths:
  /tree:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/T'}}}}
      responses: {200: {content: {application/json: {schema: {$ref: '#/components/schemas/Loop'}}}}}
components:
  schemas:
    T: {type: object, required: [id], properties: {id: {type: integer}, kids: {type: array, items: {$ref: '#/components/schemas/T'}}}}
    Loop: {$ref: '#/components/schemas/Loop'}
    A: {allOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/B'}]}
    B: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/A'}]}
";
    holds("spec_schemas_in_themselves", &shown(&read(text)));
    let mut fan = String::new();
    for i in 0..12 {
        let next = format!("{{$ref: '#/components/schemas/S{}'}}", i + 1);
        let all: Vec<String> = (0..10).map(|p| format!("p{p}: {next}")).collect();
        let all = all.join(", ");
        let _ = writeln!(fan, "    S{i}: {{type: object, properties: {{{all}}}}}");
    }
    let text = format!(
        "openapi: 3.0.0\npaths:\n  /x:\n    get: {{responses: {{200: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/S0'}}}}}}}}}}}}\ncomponents:\n  schemas:\n{fan}"
    );
    let description = read(&text);
    assert!(description.operations[0].fields.len() <= 2_001);
}

#[test]
fn what_describes_no_api_is_an_error() {
    for text in [
        "",
        "hello",
        "{}",
        "[1]",
        "a: b",
        "%",
        "\u{0}",
        "{\"log\": {\"entries\": []}}",
    ] {
        let error = parse(text, Path::new("x.json")).unwrap_err().to_string();
        assert!(error.contains("describes no API"), "{error}");
    }
}
