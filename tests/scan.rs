//! `harcov scan`: evidence in source code, in every language, and the manifest that it writes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fmt::Write as _;

use common::{Folder, WOMOVIE_CONFIG, harcov, snapshot, transcript};

const API: &str = "tests/scan/api.yaml";

/// What a scan of a folder of `tests/scan` finds, for people.
fn found(folder: &str) -> String {
    let source = format!("tests/scan/{folder}");
    let args = ["scan", &source, "--against", API, "--no-config"];
    let ran = harcov(&args);
    transcript(&args, &ran)
}

/// The status of each endpoint of a scan, as `METHOD route status`.
fn statuses(args: &[&str]) -> Vec<String> {
    let ran = harcov(args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let json = ran.json();
    let rows = json["endpoints"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        format!("{} {} {}", text("method"), text("route"), text("status"))
    })
    .collect()
}

#[test]
fn python_clients_and_servers_are_read() {
    snapshot("scan-python", &found("python"));
}

#[test]
fn javascript_clients_and_servers_are_read() {
    snapshot("scan-javascript", &found("javascript"));
}

#[test]
fn typescript_clients_and_servers_are_read() {
    snapshot("scan-typescript", &found("typescript"));
}

#[test]
fn every_other_language_is_read() {
    for language in [
        "c-sharp", "dart", "go", "java", "kotlin", "php", "rust", "swift",
    ] {
        snapshot(&format!("scan-{language}"), &found(language));
    }
}

/// The sample's manifest was written by hand; the scan finds all of it and nothing else.
#[test]
fn the_scan_of_the_sample_says_what_its_manifest_says() {
    let client = "har-samples/womovie/client";
    let args = ["scan", client, "--config", WOMOVIE_CONFIG, "--dry-run"];
    assert_eq!(harcov(&args).fine(), "");
    let args = [
        "scan",
        client,
        "--config",
        WOMOVIE_CONFIG,
        "--format",
        "json",
    ];
    snapshot("scan-womovie.json", &harcov(&args).fine());
}

/// Evidence stands for a manifest: the coverage is that of the manifest written by hand.
#[test]
fn evidence_goes_straight_into_the_report() {
    let scanned = [
        "report",
        "--report",
        "json=-",
        "--config",
        WOMOVIE_CONFIG,
        "--manifest",
        "scan:har-samples/womovie/client",
    ];
    let scanned = harcov(&scanned);
    assert_eq!((scanned.code, scanned.err.as_str()), (0, ""));
    let by_hand = ["report", "--report", "json=-", "--config", WOMOVIE_CONFIG];
    let (scanned, by_hand) = (scanned.json(), harcov(&by_hand).json());
    let covered = |report: &serde_json::Value| report["coverage"]["endpoints"]["missing"].clone();
    assert_eq!(covered(&scanned), covered(&by_hand));
    assert!(scanned.to_string().contains("client/womovie.py:45"));
    assert!(scanned.to_string().contains("voucher_code_type"));
}

#[test]
fn a_manifest_is_written_and_kept_up_to_date() {
    let folder = Folder::new();
    folder.file("src/client.py", "import requests\n\ndef users(page):\n    return requests.get('/users', params={'page': page})\n");
    let manifest = folder.at("manifest.toml");
    let source = folder.at("src");
    let args = [
        "scan",
        &source,
        "--against",
        API,
        "--no-config",
        "--manifest",
        &manifest,
    ];
    let ran = harcov(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut told = std::fs::read_to_string(&manifest).unwrap();
    let kept = told.replace("source = [", "note   = \"by hand\" # why\nsource = [");
    assert_ne!(kept, told);
    std::fs::write(&manifest, &kept).unwrap();
    folder.file("src/client.py", "import requests\n\n\n\ndef users(page):\n    return requests.get('/users', params={'page': page, 'size': 9})\n\ndef remove(id):\n    requests.delete(f'/users/{id}')\n");
    let mut dry = args.to_vec();
    dry.push("--dry-run");
    let shown = harcov(&dry);
    assert_eq!(std::fs::read_to_string(&manifest).unwrap(), kept);
    told.push_str("\n--- dry run\n");
    told.push_str(&folder.hidden(&shown.out));
    snapshot("scan-manifest", &told);
    assert_eq!(harcov(&args).code, 0);
    let ran = harcov(&args);
    assert!(ran.err.contains("is up to date"), "{}", ran.err);
}

/// The manifest that a configuration names need not be there to be written.
#[test]
fn a_manifest_that_is_not_there_is_an_empty_one() {
    let folder = Folder::new();
    folder.file(
        "src/client.py",
        "import requests\nrequests.get(f'/v1/books/{i}')\n",
    );
    let capture = std::fs::read(common::BOOKSTORE).unwrap();
    folder.file("shop.har", capture);
    let text = "captures = ['shop.har']\nmanifest = ['manifest.toml']\n";
    let config = folder.file("harcov.toml", text);
    let source = folder.at("src");
    let scan = |args: &[&str]| harcov(&[&["scan", &source, "--config", &config], args].concat());
    let (manifest, other) = (folder.at("manifest.toml"), folder.at("other.toml"));
    let dry = scan(&["--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.err);
    assert!(
        dry.out.contains("+route  = \"/v1/books/<book_id>\""),
        "{}",
        dry.out
    );
    let ran = scan(&["--manifest", &other]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!std::path::Path::new(&manifest).exists());
    let ran = scan(&[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let [manifest, other] = [manifest, other].map(|file| std::fs::read_to_string(file).unwrap());
    assert_eq!(manifest, other);
}

#[test]
fn an_update_keeps_the_ends_of_lines() {
    let folder = Folder::new();
    let source = folder.file("a.py", "import requests\nrequests.put(f'/users/{i}')\n");
    let text = "# By hand.\r\n[[endpoint]]\r\nmethod = 'GET'\r\nroute = '/users'\r\n";
    let manifest = folder.file("manifest.toml", text);
    let args = [
        "scan",
        &source,
        "--against",
        API,
        "--no-config",
        "--manifest",
        &manifest,
    ];
    assert_eq!(harcov(&args).code, 0);
    let updated = std::fs::read_to_string(&manifest).unwrap();
    assert!(
        updated.starts_with(text) && updated.contains("a.py:2"),
        "{updated}"
    );
    assert!(!updated.replace("\r\n", "").contains('\n'), "{updated:?}");
}

/// Without a manifest, a dry run shows the one that would be written, and it is one.
#[test]
fn a_dry_run_without_a_manifest_shows_all_of_it() {
    let folder = Folder::new();
    let source = folder.file("src/a.py", "import requests\nrequests.put(f'/users/{i}')\n");
    let against = ["--against", API, "--no-config"];
    let shown = harcov(&[&["scan", &source, "--dry-run"][..], &against].concat()).fine();
    assert!(shown.contains("route  = \"/users/<user_id>\""), "{shown}");
    assert!(shown.contains("a.py:2\"]"), "{shown}");
    let manifest = folder.file("manifest.toml", shown);
    let update = ["scan", &source, "--dry-run", "--manifest", &manifest];
    let again = harcov(&[&update[..], &against].concat());
    assert_eq!(again.code, 0, "{}", again.err);
}

#[test]
fn wrappers_of_the_house_are_declared() {
    let folder = Folder::new();
    let source = folder.file(
        "a.js",
        "sendIt('/users/' + id, 1);\nbackend.run('DELETE', `/users/${id}`);\n",
    );
    let config = folder.file(
        "harcov.toml",
        "[scan]\ncalls = ['PUT sendIt($PATH)', 'backend.run($METHOD, $PATH)']\n",
    );
    let args = [
        "scan",
        &source,
        "--against",
        API,
        "--config",
        &config,
        "--format",
        "json",
    ];
    let statuses = statuses(&args);
    assert!(
        statuses.contains(&"PUT /users/<user_id> implemented".to_owned()),
        "{statuses:#?}"
    );
    assert!(
        statuses.contains(&"DELETE /users/<user_id> implemented".to_owned()),
        "{statuses:#?}"
    );
    assert!(
        statuses.contains(&"GET /users/<user_id> missing".to_owned()),
        "{statuses:#?}"
    );
    let config = folder.file("bad.toml", "[scan]\ncalls = ['sendIt(path)']\n");
    let ran = harcov(&["scan", &source, "--against", API, "--config", &config]);
    let told = folder.hidden(&ran.err);
    assert_eq!(
        told.lines().next().unwrap(),
        "error: DIR/bad.toml:2:10: `sendIt(path)` is no call: `path` is neither `$PATH`, `$METHOD` nor `_`; write it as `api_post($PATH)` or `call($METHOD, $PATH)`"
    );
    let text = "[scan]\ncalls = [\n  'BREW x($PATH)',\n  'POST send($METHOD, $PATH)',\n]\n";
    let config = folder.file("methods.toml", text);
    let ran = harcov(&["scan", &source, "--against", API, "--config", &config]);
    let told = folder.hidden(&ran.err);
    for part in [
        "DIR/methods.toml:3:3: `BREW x($PATH)` is no call: `BREW` is no HTTP method;",
        "DIR/methods.toml:4:3: `POST send($METHOD, $PATH)` is no call: it says the method more than once;",
    ] {
        assert!(told.contains(part), "{told}");
    }
}

/// What `harcov stub` writes is found again, in every language that it writes.
#[test]
fn stubs_are_found() {
    for (lang, ending) in [
        ("python", "py"),
        ("typescript", "ts"),
        ("kotlin", "kt"),
        ("rust", "rs"),
    ] {
        let args = ["stub", "--lang", lang, "--capture", common::BOOKSTORE];
        let stub = harcov(&[&args[..], &["--no-config", "* *"]].concat()).fine();
        let folder = Folder::new();
        let source = folder.file(&format!("shop.{ending}"), stub);
        let args = ["scan", &source, "--against", common::BOOKSTORE];
        let found = statuses(&[&args[..], &["--no-config", "--format", "json"]].concat());
        let lacking: Vec<&String> = found
            .iter()
            .filter(|row| !row.ends_with(" implemented"))
            .collect();
        assert!(
            !found.is_empty() && lacking.is_empty(),
            "{lang}: {lacking:#?}"
        );
    }
}

/// Nothing that a folder can hold ends the scan, and what is left out is told.
#[test]
fn hostile_sources_are_read_as_far_as_they_go() {
    let folder = Folder::new();
    let call = "fetch('/users/' + id)\n";
    folder.file("src/good.js", call);
    folder.file("src/broken.js", format!("function ( {{ ]] ;\n{call}`${{"));
    folder.file(
        "src/latin.py",
        b"# caf\xe9\nimport requests\nrequests.put(f'/users/{i}')\n",
    );
    folder.file("src/huge.js", "x".repeat(3 << 20) + call);
    folder.file("src/packed.js", format!("{}{call}", "a=1;".repeat(9000)));
    folder.file("src/binary.js", b"\0\0/users/");
    folder.file("src/app.min.js", call);
    folder.file("src/made.js", format!("// @generated\n{call}"));
    folder.file("src/node_modules/x/index.js", call);
    folder.file("src/ignored/x.js", call);
    folder.file("src/.gitignore", "ignored\n");
    folder.file(
        "src/deep.js",
        format!("{}'/users'{}\n", "f(".repeat(5000), ")".repeat(5000)),
    );
    folder.file(
        "src/sum.js",
        format!("x = '/users'{};\n", " + 'a'".repeat(5000)),
    );
    folder.file("src/\u{202e}\u{1b}[31m.js", call);
    let source = folder.at("src");
    let args = ["scan", &source, "--against", API, "--no-config"];
    let ran = harcov(&args);
    let told = transcript(&["scan", "src"], &ran);
    assert!(!told.contains('\u{1b}'), "{told}");
    snapshot("scan-hostile", &folder.hidden(&told));
}

#[test]
fn mistakes_are_told() {
    let ran = harcov(&["scan", "no-such-folder", "--against", API, "--no-config"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            2,
            "error: no-such-folder: there is no such file or folder; name source code\n"
        )
    );
    let folder = Folder::new();
    let source = folder.file("src/a.py", "import requests\n");
    let empty = folder.file("openapi.yaml", "openapi: 3.1.0\npaths: {}\n");
    let ran = harcov(&["scan", &source, "--against", &empty, "--no-config"]);
    assert_eq!(ran.code, 2);
    let told =
        "openapi.yaml has no endpoint to look for; a description needs operations under `paths`";
    assert!(ran.err.contains(told), "{}", ran.err);
}

#[test]
fn an_inventory_says_what_to_look_for() {
    let folder = Folder::new();
    let inventory = folder.at("inventory.json");
    let args = [
        "inventory",
        "--no-config",
        common::BOOKSTORE,
        "-o",
        &inventory,
    ];
    assert_eq!(harcov(&args).code, 0);
    let source = "import requests\n\ndef books():\n    return requests.get(BASE + '/v1/books')\n";
    let source = folder.file("src/a.py", source);
    let scanned = |against: &str| {
        let args = [
            "scan",
            &source,
            "--no-config",
            "--format",
            "json",
            "--against",
            against,
        ];
        harcov(&args).fine()
    };
    let of_inventory = scanned(&inventory);
    assert_eq!(of_inventory, scanned(common::BOOKSTORE));
    assert!(
        of_inventory.contains("\"kind\": \"exact\""),
        "{of_inventory}"
    );
}

/// The parts of a project in one file: its head names what is looked for and what is expected, the
/// rest are its sources.
fn parts(text: &str) -> Vec<(&str, &str)> {
    let parts = text.split("--- ").skip(1);
    parts.map(|part| part.split_once('\n').unwrap()).collect()
}

/// A description of lines such as `GET /users/{id} page size`.
fn described(lines: &str) -> String {
    let mut routes: Vec<(&str, String)> = Vec::new();
    for line in lines.lines() {
        let mut words = line.split(' ');
        let (method, route) = (words.next().unwrap(), words.next().unwrap());
        let params: Vec<String> = words
            .map(|name| format!("{{ name: '{name}', in: query, required: true }}"))
            .collect();
        let (method, params) = (method.to_lowercase(), params.join(", "));
        let operation = format!("    {method}: {{ parameters: [{params}] }}\n");
        match routes.iter_mut().find(|(known, _)| *known == route) {
            Some((_, operations)) => operations.push_str(&operation),
            None => routes.push((route, operation)),
        }
    }
    let mut api = String::from("openapi: 3.1.0\n");
    api.push_str("servers: [{ url: 'https://api.shop.example' }]\npaths:\n");
    for (route, operations) in routes {
        write!(api, "  {route}:\n{operations}").unwrap();
    }
    api
}

/// What a scan says of the endpoints that it finds: `GET /x implemented exact file:line function`,
/// and what is not sent.
fn told(json: &serde_json::Value) -> Vec<String> {
    let mut told = Vec::new();
    for row in json["endpoints"].as_array().unwrap() {
        let text = |row: &serde_json::Value, key: &str| match &row[key] {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => "-".to_owned(),
            other => other.to_string(),
        };
        let Some(best) = row["evidence"].get(0) else {
            continue;
        };
        let mut line = format!(
            "{} {} {} {} {}:{} {}",
            text(row, "method"),
            text(row, "route"),
            text(row, "status"),
            text(best, "kind"),
            text(best, "file"),
            text(best, "line"),
            text(best, "function"),
        );
        for name in row["not_sent"].as_array().unwrap() {
            write!(line, " -{}", name.as_str().unwrap()).unwrap();
        }
        told.push(line);
    }
    told.sort_unstable();
    told
}

/// Small projects in the ways that people write them.
#[test]
fn projects_are_read_as_a_person_reads_them() {
    let mut wrong = String::new();
    for entry in std::fs::read_dir("tests/scan/projects").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let folder = Folder::new();
        let mut expected: Vec<&str> = Vec::new();
        let mut api = String::new();
        for (part, content) in parts(&text) {
            match part {
                "api" => api = folder.file("api.yaml", described(content)),
                "expect" => expected = content.lines().collect(),
                _ => {
                    folder.file(&format!("src/{part}"), content);
                }
            }
        }
        let source = folder.at("src");
        let config = folder.file("src/harcov.toml", "param_style = 'brace'\n");
        let args = ["scan", &source, "--against", &api, "--config", &config];
        let ran = harcov(&[args.as_slice(), &["--format", "json"]].concat());
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        let told = told(&ran.json());
        expected.sort_unstable();
        let lacking = expected
            .iter()
            .filter(|line| !told.iter().any(|t| t == *line));
        for line in lacking {
            writeln!(wrong, "{name}: expected {line}").unwrap();
        }
        for line in told
            .iter()
            .filter(|line| !expected.contains(&line.as_str()))
        {
            writeln!(wrong, "{name}: got      {line}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Docker's clients, where they are: a folder for each column of the table, with the sources that
/// the table's head names.
#[test]
fn the_clients_of_docker_are_judged_as_a_person_judged_them() {
    let Some(clients) = std::env::var_os("HARCOV_CLIENTS").map(std::path::PathBuf::from) else {
        println!("not run: HARCOV_CLIENTS names no folder with the clients of Docker");
        return;
    };
    let table = std::fs::read_to_string("tests/scan/docker.tsv").unwrap();
    let mut rows = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let head = rows.next().unwrap();
    let rows: Vec<Vec<&str>> = rows.collect();
    let mut api = String::from("openapi: 3.1.0\npaths:\n");
    let mut routes: Vec<&str> = rows.iter().map(|row| row[1]).collect();
    routes.sort_unstable();
    routes.dedup();
    for route in routes {
        writeln!(api, "  {route}:").unwrap();
        for row in rows.iter().filter(|row| row[1] == route) {
            writeln!(api, "    {}: {{}}", row[0].to_lowercase()).unwrap();
        }
    }
    let folder = Folder::new();
    let api = folder.file("docker.yaml", api);
    for (column, client) in head.iter().enumerate().skip(2) {
        let source = clients.join(client);
        if !source.is_dir() {
            println!("not run: there is no {}", source.display());
            continue;
        }
        let source = source.to_str().unwrap();
        let args = [
            "scan",
            source,
            "--against",
            &api,
            "--no-config",
            "--format",
            "json",
            "--param-style",
            "brace",
        ];
        let json = harcov(&args).json();
        let (mut right, mut wrong, mut absent) = (0_u32, Vec::new(), Vec::new());
        for row in &rows {
            let found = json["endpoints"]
                .as_array()
                .unwrap()
                .iter()
                .find(|endpoint| endpoint["method"] == row[0] && endpoint["route"] == row[1]);
            let said = found.unwrap()["status"] == "implemented";
            match (said, row[column] == "yes") {
                (true, true) => right += 1,
                (true, false) => wrong.push(row[..2].join(" ")),
                (false, true) => absent.push(row[..2].join(" ")),
                (false, false) => {}
            }
        }
        let wrong_count = u32::try_from(wrong.len()).unwrap();
        let absent_count = u32::try_from(absent.len()).unwrap();
        let precision = f64::from(right) / f64::from(right + wrong_count);
        let recall = f64::from(right) / f64::from(right + absent_count);
        println!("{client}: precision {precision:.3}, recall {recall:.3}; absent: {absent:?}");
        assert!(precision >= 0.98, "{client}: {wrong:#?}");
        assert!(recall >= 0.97, "{client}: {absent:#?}");
    }
}
