//! The formats for CI: what users get for the samples, and that each is what its readers take.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeSet;

use common::{BOOKSTORE_CONFIG, Folder, WOMOVIE_CONFIG, harcov, snapshot};
use roxmltree::{Document, Node};
use serde_json::{Value, json};

const LANGS: [&str; 2] = ["en", "zh-CN"];

/// A sample's report in a format.
fn rendered(config: &str, lang: &str, format: &str) -> String {
    let target = format!("{format}=-");
    harcov(&[
        "report", "--config", config, "--lang", lang, "--report", &target,
    ])
    .fine()
}

/// Everything that the schemas are held against: both samples in both languages.
fn samples(format: &str) -> Vec<String> {
    let configs = [WOMOVIE_CONFIG, BOOKSTORE_CONFIG];
    let pairs = configs
        .iter()
        .flat_map(|config| LANGS.map(|lang| (config, lang)));
    pairs
        .map(|(config, lang)| rendered(config, lang, format))
        .collect()
}

fn schema(name: &str) -> Value {
    let file = format!("{}/tests/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// Holds documents against a schema, and the schema against one that it must refuse.
fn assert_valid(schema_name: &str, documents: &[String], wrong: &Value) {
    let schema = schema(schema_name);
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    assert!(!validator.is_valid(wrong));
    for document in documents {
        let document: Value = serde_json::from_str(document).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{schema_name}: {errors:?}");
    }
}

#[test]
fn every_format_of_the_sample() {
    for format in [
        "terminal",
        "csv",
        "junit",
        "sarif",
        "gitlab",
        "github",
        "badge",
        "badge-svg",
    ] {
        for lang in LANGS {
            let text = rendered(WOMOVIE_CONFIG, lang, format);
            snapshot(&format!("sample_womovie_{lang}.{format}"), &text);
        }
    }
}

#[test]
fn sarif_is_what_its_schema_says() {
    let wrong = json!({ "$schema": "https://a.example/", "version": "2.1.0", "runs": [{}] });
    assert_valid("sarif-2.1.0.schema.json", &samples("sarif"), &wrong);
}

#[test]
fn sarif_results_name_their_rules_and_are_told_apart() {
    for text in samples("sarif") {
        let log: Value = serde_json::from_str(&text).unwrap();
        let run = &log["runs"][0];
        let rules = &run["tool"]["driver"]["rules"];
        let mut seen = BTreeSet::new();
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert!(
                seen.insert(result["partialFingerprints"]["primaryLocationLineHash"].to_string())
            );
        }
        assert!(!seen.is_empty());
    }
}

#[test]
fn gitlab_issues_are_what_gitlab_reads() {
    let wrong = json!([{ "description": "a", "fingerprint": "b", "location": {} }]);
    let samples = samples("gitlab");
    assert_valid("gitlab-code-quality.schema.json", &samples, &wrong);
    for text in samples {
        let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
        let fingerprints: BTreeSet<String> = issues
            .iter()
            .map(|i| i["fingerprint"].to_string())
            .collect();
        assert_eq!(fingerprints.len(), issues.len());
    }
}

#[test]
fn a_badge_is_what_shields_io_reads() {
    assert_valid(
        "badge.schema.json",
        &samples("badge"),
        &json!({ "label": "a" }),
    );
}

/// The element of a schema that describes `name`.
fn declaration<'a>(schema: &'a Document<'a>, name: &str) -> Option<Node<'a, 'a>> {
    let mut elements = schema
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2001/XMLSchema", "element")));
    elements.find(|element| element.attribute("name") == Some(name))
}

/// What is wrong with an element by the part of XML Schema that `junit.xsd` uses.
fn faults(schema: &Document<'_>, element: Node<'_, '_>) -> Vec<String> {
    let name = element.tag_name().name();
    let Some(declared) = declaration(schema, name) else {
        return vec![format!("<{name}> is not declared")];
    };
    let mut faults = Vec::new();
    let kind = declared.children().find(Node::is_element).unwrap();
    let own = |tag: &str| {
        kind.children()
            .filter(|node| node.tag_name().name() == tag)
            .collect::<Vec<_>>()
    };
    let attributes = own("attribute");
    for attribute in element.attributes() {
        let known = attributes
            .iter()
            .find(|known| known.attribute("name") == Some(attribute.name()));
        match known.map(|known| known.attribute("type").unwrap()) {
            None => faults.push(format!("<{name}> has `{}`", attribute.name())),
            Some("xs:string") => {}
            Some(_) if attribute.value().bytes().all(|b| b.is_ascii_digit()) => {}
            Some(kind) => faults.push(format!("`{}` is no {kind}", attribute.value())),
        }
    }
    for needed in attributes
        .iter()
        .filter(|known| known.attribute("use") == Some("required"))
    {
        if element
            .attribute(needed.attribute("name").unwrap())
            .is_none()
        {
            faults.push(format!("<{name}> lacks an attribute"));
        }
    }
    let children: Vec<_> = element.children().filter(Node::is_element).collect();
    let choice = own("choice");
    let allowed: Vec<&str> = [own("sequence"), choice.clone()]
        .concat()
        .iter()
        .flat_map(Node::children)
        .filter_map(|child| child.attribute("ref").or(child.attribute("name")))
        .collect();
    for child in &children {
        if !allowed.contains(&child.tag_name().name()) {
            faults.push(format!("<{name}> holds <{}>", child.tag_name().name()));
        }
    }
    if !choice.is_empty() && children.len() > 1 {
        faults.push(format!("<{name}> holds more than one"));
    }
    let text = element
        .children()
        .filter_map(|child| child.text().filter(|_| child.is_text()));
    if kind.attribute("mixed").is_none() && text.into_iter().any(|text| !text.trim().is_empty()) {
        faults.push(format!("<{name}> holds text"));
    }
    faults.extend(
        children
            .into_iter()
            .flat_map(|child| self::faults(schema, child)),
    );
    faults
}

#[test]
fn junit_is_what_its_schema_says() {
    let file = format!("{}/tests/schemas/junit.xsd", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).unwrap();
    let schema = Document::parse(&text).unwrap();
    let faults_of = |text: &str| faults(&schema, Document::parse(text).unwrap().root_element());
    let wrong = "<testsuites tests='x'><testsuite name='a'>b<testcase name='c' classname='d'><error/></testcase></testsuite></testsuites>";
    assert_eq!(faults_of(wrong).len(), 5, "{:?}", faults_of(wrong));
    for text in samples("junit") {
        assert_eq!(faults_of(&text), Vec::<String>::new());
    }
}

#[test]
fn junit_has_a_case_for_each_endpoint_and_counts_them() {
    let report = common::report(WOMOVIE_CONFIG, &[]);
    let text = rendered(WOMOVIE_CONFIG, "en", "junit");
    let document = Document::parse(&text).unwrap();
    let all = |name| {
        document
            .descendants()
            .filter(|n: &Node<'_, '_>| n.has_tag_name(name))
            .collect::<Vec<_>>()
    };
    let cases = all("testcase");
    let names: BTreeSet<&str> = cases
        .iter()
        .map(|case| case.attribute("name").unwrap())
        .collect();
    let endpoints = report["endpoints"].as_array().unwrap();
    let ids: BTreeSet<&str> = endpoints
        .iter()
        .map(|e| e["id"].as_str().unwrap())
        .collect();
    assert_eq!((names, cases.len()), (ids, endpoints.len()));
    let status = |name: &str| endpoints.iter().filter(|e| e["status"] == name).count();
    assert_eq!(all("failure").len(), status("missing") + status("partial"));
    assert_eq!(
        all("skipped").len(),
        status("unknown") + status("excluded") + status("unobserved")
    );
    for (attribute, elements) in [("tests", cases.len()), ("failures", all("failure").len())] {
        let told = document.root_element().attribute(attribute).unwrap();
        assert_eq!(told, elements.to_string());
    }
}

/// A configuration whose captures show many endpoints that nothing names.
fn many(folder: &Folder, endpoints: usize) -> String {
    let entry = |n: usize| {
        json!({
            "startedDateTime": "2026-01-01T00:00:00Z",
            "time": 1,
            "request": { "method": "POST", "url": format!("https://api.example/v1/{}/act", word(n)), "headers": [], "postData": { "mimeType": "application/json", "text": "{}" } },
            "response": { "status": 200, "headers": [], "content": { "mimeType": "application/json", "text": "{\"ok\":true}" } }
        })
    };
    let entries: Vec<Value> = (0..endpoints).map(entry).collect();
    folder.file(
        "many.har",
        json!({ "log": { "version": "1.2", "entries": entries } }).to_string(),
    );
    folder.file(
        "manifest.toml",
        "[[endpoint]]\nmethod = 'GET'\nroute = '/v1/else'\n",
    );
    folder.file("harcov.toml", "captures = 'many.har'\nmanifest = 'manifest.toml'\n[routes]\nnever_merge = '/v1/<thing>'\n")
}

/// A word of letters for a number, which no inference takes for a value.
fn word(mut n: usize) -> String {
    let mut word = String::from("thing");
    loop {
        word.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
        n /= 26;
        if n == 0 {
            return word;
        }
    }
}

#[test]
fn no_more_annotations_than_github_shows() {
    let folder = Folder::new();
    let text = rendered(&many(&folder, 30), "en", "github");
    let errors = text
        .lines()
        .filter(|line| line.starts_with("::error "))
        .count();
    assert_eq!(errors, 10);
    let rest: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("::"))
        .collect();
    assert_eq!(
        rest,
        [
            "harcov: 30 errors, 0 warnings, 1 note.",
            "20 of them are not annotated: a step shows ten errors and ten warnings."
        ]
    );
}
