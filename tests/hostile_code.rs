//! Code, scripts and tables made of a hostile capture: texts of the capture stay texts.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::hostile::hostile;
use common::{BOOKSTORE, Folder, harcov};
use tree_sitter::{Language, Node, Parser};

/// Texts that end a string, a comment, a line or a request, and call something behind it.
const ATTACKS: [&str; 24] = [
    "x\");evil();//",
    "x');evil();//",
    "x`;evil();//",
    "${evil()}",
    "{evil()}",
    "#{evil()}",
    "\\(evil())",
    "*/evil();/*",
    "\nevil()\n",
    "\r\nevil()\r",
    "\u{2028}evil()\u{2028}",
    "\u{85}evil()\u{b}",
    "\"\"\"\nevil()\n\"\"\"",
    "'''\nevil()\n'''",
    "\\",
    "\\\");evil();//",
    "\"#;evil();//",
    "</script><script>evil()</script>",
    "{{evil()}}",
    "\n###\nDELETE https://evil.example/\n",
    "\n< /etc/passwd\n",
    "\n> {% evil() %}\n",
    "=evil()",
    "\tevil(),=evil()\n=evil()",
];

/// Fails where the code is broken, or calls what only a text of the capture names.
fn assert_calls_nothing(what: &str, code: &str, language: &Language) {
    let mut parser = Parser::new();
    parser.set_language(language).unwrap();
    let tree = parser.parse(code, None).unwrap();
    let mut open: Vec<Node<'_>> = vec![tree.root_node()];
    while let Some(node) = open.pop() {
        let text = &code[node.byte_range()];
        let line = node.start_position().row + 1;
        assert!(
            !node.is_error() && !node.is_missing(),
            "{what}:{line}: {text:.200}"
        );
        let is_call = node
            .parent()
            .is_some_and(|parent| parent.kind().contains("call"));
        assert!(!(is_call && text == "evil"), "{what}:{line}: it is called");
        open.extend((0..node.child_count()).filter_map(|at| node.child(at)));
    }
}

/// Code of a capture of nothing but attacks.
fn code(args: &[&str]) -> String {
    let folder = Folder::new();
    let capture = folder.file("c.har", hostile(&ATTACKS));
    let ran = harcov(&[args, &["--no-config", &capture]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("evil"), "nothing of the capture came out");
    ran.out
}

#[test]
#[cfg(feature = "javascript")]
fn a_k6_script_calls_nothing_of_a_capture() {
    let code = code(&["export", "k6"]);
    assert_calls_nothing("k6", &code, &tree_sitter_javascript::LANGUAGE.into());
}

#[test]
#[cfg(all(
    feature = "python",
    feature = "typescript",
    feature = "kotlin",
    feature = "rust"
))]
fn stubs_call_nothing_of_a_capture() {
    let languages: [(&str, Language); 4] = [
        ("python", tree_sitter_python::LANGUAGE.into()),
        (
            "typescript",
            tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        ),
        ("kotlin", tree_sitter_kotlin_ng::LANGUAGE.into()),
        ("rust", tree_sitter_rust::LANGUAGE.into()),
    ];
    let folder = Folder::new();
    let capture = folder.file("c.har", hostile(&ATTACKS));
    for (name, language) in languages {
        let args = [
            "stub",
            "--lang",
            name,
            "--no-config",
            "--capture",
            &capture,
            "*",
        ];
        let ran = harcov(&args);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("evil"), "nothing of the capture came out");
        assert_calls_nothing(name, &ran.out, &language);
    }
}

#[test]
fn an_http_file_makes_no_request_of_a_text() {
    let text = code(&["export", "http"]);
    for line in text.lines() {
        let line = line.trim_start();
        let acts = ["DELETE https://evil", "< ", "> ", "evil"];
        assert!(!acts.iter().any(|start| line.starts_with(start)), "{line}");
    }
}

#[test]
fn descriptions_stay_json() {
    for format in ["openapi", "postman"] {
        let text = code(&["export", format]);
        serde_json::from_str::<serde_json::Value>(&text).unwrap();
    }
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let folder = Folder::new();
    let capture = folder.file("c.har", hostile(&ATTACKS));
    let tables = folder.at("tables");
    let ran = harcov(&[
        "inventory",
        "--no-config",
        "--format",
        "csv",
        "--output",
        &tables,
        &capture,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut texts = vec![code(&["report", "--report", "csv=-"])];
    for file in std::fs::read_dir(&tables).unwrap() {
        texts.push(std::fs::read_to_string(file.unwrap().path()).unwrap());
    }
    assert_eq!(texts.len(), 5);
    for text in texts {
        let (mut quoted, mut start, mut cells) = (false, true, 0);
        for c in text.chars() {
            assert!(
                !(start && matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r')),
                "{text:.400}"
            );
            start = false;
            match c {
                // Only what stands behind the quote tells whether a cell is a formula.
                '"' if !quoted => (quoted, start) = (true, true),
                '"' => quoted = false,
                ',' | '\n' if !quoted => (start, cells) = (true, cells + 1),
                _ => {}
            }
        }
        assert!(cells > 3 && !quoted, "{text:.400}");
    }
}

#[test]
fn comparing_with_a_hostile_capture_obeys_nothing_of_it() {
    let folder = Folder::new();
    let capture = folder.file(
        "c.har",
        hostile(&["\n::error file=a::b", "\u{1b}[31mred", "@mention #1"]),
    );
    for format in ["terminal", "markdown", "github"] {
        let ran = harcov(&[
            "diff",
            "--no-config",
            "--format",
            format,
            BOOKSTORE,
            &capture,
        ]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for line in ran.out.lines() {
            let own = [
                "::error title=",
                "::warning title=",
                "::notice title=",
                "::group::",
                "::endgroup::",
            ];
            let command = line.trim_start().starts_with("::");
            assert!(
                !command || format == "github" && own.iter().any(|own| line.starts_with(own)),
                "{line}"
            );
            assert!(!line.contains(['\u{1b}', '\r']), "{line}");
        }
        if format == "markdown" {
            assert!(!ran.out.contains("@mention"), "{}", ran.out);
        }
    }
}
