//! What `harcov init` writes can be read, says what it was given, and explains itself.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use harcov::config::{
    self, Config, ConfigDraft, EndpointDraft, FlowDraft, GroupDraft, ModuleDraft, RouteDraft,
    Status, StepDraft,
};
use harcov::locale::Lang;
use harcov::manifest::{self, ClaimDraft, Manifest, ManifestDraft, SectionDraft};
use harcov::route::{EndpointPattern, ParamStyle, Part, Template};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

fn read_config(draft: &ConfigDraft) -> Config {
    let text = draft.to_toml();
    let config = config::parse(&text, Path::new("harcov.toml"));
    let config = config.unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    assert_eq!(config.warnings, [], "{text}");
    config
}

fn read_manifest(draft: &ManifestDraft) -> Manifest {
    let text = draft.to_toml();
    let manifest = manifest::parse(&text, Path::new("manifest.toml"));
    manifest.unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn endpoint(method: &str, route: &str, operation: Option<&str>) -> EndpointDraft {
    EndpointDraft {
        method: method.to_owned(),
        route: route.parse().unwrap(),
        operation: operation.map(str::to_owned),
    }
}

fn tickets(lang: Lang) -> ConfigDraft {
    let group = |name: &str, title: &str, path: &str| GroupDraft {
        name: name.to_owned(),
        title: Some(title.to_owned()),
        paths: vec![path.to_owned()],
    };
    ConfigDraft {
        schema: Some("./harcov.schema.json".to_owned()),
        title: "Tickets".to_owned(),
        lang,
        captures: vec!["captures".to_owned()],
        manifests: vec!["manifest.toml".to_owned()],
        param_style: ParamStyle::Angle,
        hosts: vec!["ct.example.cn".to_owned()],
        groups: vec![
            group("voucher", "Vouchers", r"/user/voucher(s|/list)?\b"),
            group("order", "Orders", "/order/"),
        ],
        routes: vec![RouteDraft {
            template: "/cinema/<cinema_id>/user/vouchers".parse().unwrap(),
            methods: vec!["GET".to_owned()],
            title: None,
            split_by: vec!["voucher_type".to_owned()],
        }],
        modules: vec![ModuleDraft {
            name: "Orders".to_owned(),
            endpoints: vec![
                endpoint("POST", "/cinema/<cinema_id>/order/ticket/", None),
                endpoint("POST", "/cinema/<cinema_id>/order/change/", None),
                endpoint("POST", "/graphql", Some("GetOrder")),
            ],
            summary: None,
        }],
        flows: vec![FlowDraft {
            name: "Use a voucher".to_owned(),
            summary: None,
            steps: vec![
                StepDraft {
                    title: "Create the order".to_owned(),
                    endpoint: Some(endpoint("POST", "/cinema/<cinema_id>/order/ticket/", None)),
                    with: BTreeMap::new(),
                },
                StepDraft {
                    title: "List \"ticket\" vouchers".to_owned(),
                    endpoint: Some(endpoint("GET", "/cinema/<cinema_id>/user/vouchers", None)),
                    with: BTreeMap::from([("voucher_type".to_owned(), "VGC_T".to_owned())]),
                },
            ],
        }],
    }
}

fn claims(lang: Lang) -> ManifestDraft {
    let claim = |method: &str, route: &str, params: &[&str]| ClaimDraft {
        method: method.to_owned(),
        route: route.parse().unwrap(),
        host: None,
        operation: None,
        status: Status::Unknown,
        title: None,
        params: params.iter().map(|name| (*name).to_owned()).collect(),
        values: BTreeMap::new(),
        source: Vec::new(),
        note: None,
        priority: None,
    };
    let mut vouchers = claim(
        "GET",
        "/cinema/<cinema_id>/user/vouchers",
        &["voucher_type"],
    );
    let values = vec!["VGC_T".to_owned(), "VGC_P".to_owned()];
    vouchers.values.insert("voucher_type".to_owned(), values);
    let mut query = claim("POST", "/graphql", &["id"]);
    query.operation = Some("GetOrder".to_owned());
    ManifestDraft {
        schema: None,
        scanned: false,
        lang,
        param_style: ParamStyle::Brace,
        sections: vec![
            SectionDraft {
                title: "Vouchers".to_owned(),
                claims: vec![vouchers],
            },
            SectionDraft {
                title: "Orders".to_owned(),
                claims: vec![
                    claim("POST", "/cinema/<cinema_id>/order/ticket/", &[]),
                    query,
                    claim("GET /x", "/order\u{1b}", &[]),
                ],
            },
        ],
    }
}

#[test]
fn drafts_explain_themselves_in_each_language() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for lang in Lang::ALL {
            let name = |file: &str| format!("init-{file}-{}", lang.tag());
            let empty = ConfigDraft {
                lang,
                ..ConfigDraft::default()
            };
            read_config(&empty);
            read_config(&tickets(lang));
            read_manifest(&claims(lang));
            insta::assert_snapshot!(name("empty-config"), empty.to_toml());
            insta::assert_snapshot!(name("config"), tickets(lang).to_toml());
            insta::assert_snapshot!(name("manifest"), claims(lang).to_toml());
        }
    });
}

#[test]
fn patterns_name_the_endpoints_they_were_made_for() {
    let odd = [
        endpoint("POST", "/graphql", Some("a] [b")),
        endpoint("GET /x", "/a", None),
        endpoint("", "/", Some("")),
        endpoint("get", "/a*b/%20/<id>.json/%3Cx%3E", None),
    ];
    let draft = ConfigDraft {
        modules: vec![ModuleDraft {
            name: "Odd".to_owned(),
            endpoints: odd.to_vec(),
            summary: None,
        }],
        ..ConfigDraft::default()
    };
    let patterns = &read_config(&draft).modules[0].endpoints;
    let written: Vec<&str> = patterns.iter().map(EndpointPattern::as_str).collect();
    assert_eq!(
        written,
        [
            "POST /graphql",
            "* /a",
            "* / []",
            "GET /a*b/%20/<id>.json/%3Cx%3E"
        ]
    );
    for (pattern, odd) in patterns.iter().zip(&odd) {
        let method = odd.method.to_ascii_uppercase();
        assert!(pattern.matches(&method, &odd.route, odd.operation.as_deref()));
    }
}

/// Any text, with what TOML, Markdown, routes and terminals care about made likely.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_]{1,12}",
        any::<String>(),
        "[\"'\\\\#=\\[\\]{}<>,.\r\n\t\u{0}\u{1b}\u{7f}\u{85}\u{2028} *:/?%a券-]{0,12}",
        Just("\"\"\"".to_owned()),
        Just("'''\n'''".to_owned()),
        Just("\r\n[[rule]]\n".to_owned()),
    ]
}

fn template() -> impl Strategy<Value = Template> {
    let part = prop_oneof![
        hostile().prop_map(Part::Literal),
        "[a-z][a-z_]{0,8}".prop_map(Part::Param),
    ];
    (vec(part, 0..4), any::<bool>()).prop_map(|(mut parts, slash)| {
        // An empty segment at the end is a trailing slash.
        while parts
            .last()
            .is_some_and(|part| *part == Part::Literal(String::new()))
        {
            parts.pop();
        }
        Template { parts, slash }
    })
}

fn endpoints() -> impl Strategy<Value = EndpointDraft> {
    (hostile(), template(), option::of(hostile())).prop_map(|(method, route, operation)| {
        EndpointDraft {
            method,
            route,
            operation,
        }
    })
}

prop_compose! {
    fn groups()(
        name in hostile(),
        title in option::of(hostile()),
        paths in vec(hostile(), 1..3),
    ) -> GroupDraft {
        let paths = paths.iter().map(|path| regex::escape(path)).collect();
        GroupDraft { name, title, paths }
    }
}

prop_compose! {
    fn routes()(
        template in template(),
        methods in vec(hostile(), 0..2),
        title in option::of(hostile()),
        split_by in vec(hostile(), 0..2),
    ) -> RouteDraft {
        RouteDraft { template, methods, title, split_by }
    }
}

prop_compose! {
    fn flows()(
        name in hostile(),
        summary in option::of(hostile()),
        steps in vec((hostile(), option::of(endpoints()), btree_map(hostile(), hostile(), 0..3)), 0..3),
    ) -> FlowDraft {
        let step = |(title, endpoint, with)| StepDraft { title, endpoint, with };
        FlowDraft { name, summary, steps: steps.into_iter().map(step).collect() }
    }
}

prop_compose! {
    fn configs()(
        schema in option::of(hostile()),
        title in hostile(),
        captures in vec(hostile(), 0..3),
        hosts in vec(hostile(), 0..3),
        groups in vec(groups(), 0..3),
        routes in vec(routes(), 0..3),
        modules in vec((hostile(), vec(endpoints(), 0..3), option::of(hostile())), 0..2),
        flows in vec(flows(), 0..2),
    ) -> ConfigDraft {
        let module = |(name, endpoints, summary)| ModuleDraft { name, endpoints, summary };
        let modules = modules.into_iter().map(module).collect();
        ConfigDraft {
            schema, title, captures, hosts, groups, routes, modules, flows,
            ..ConfigDraft::default()
        }
    }
}

prop_compose! {
    fn claim_drafts()(
        method in prop_oneof![Just("GET".to_owned()), hostile()],
        route in template(),
        host in option::of(hostile()),
        operation in option::of(hostile()),
        texts in vec(option::of(hostile()), 2..3),
        params in vec(hostile(), 0..4),
        values in btree_map(hostile(), vec(hostile(), 0..3), 0..3),
        source in vec(hostile(), 0..2),
        at in 0..Status::ALL.len(),
    ) -> ClaimDraft {
        let [title, note] = texts.try_into().unwrap();
        let status = Status::ALL[at];
        ClaimDraft { method, route, host, operation, status, title, params, values, source, note, priority: None }
    }
}

proptest! {
    #[test]
    fn a_written_configuration_is_read_as_it_was_meant(draft in configs()) {
        let config = read_config(&draft);
        prop_assert_eq!(config.title, Some(draft.title.as_str().into()));
        let captures: Vec<_> = draft.captures.iter().map(|c| Path::new("").join(c)).collect();
        prop_assert_eq!(config.captures, captures);
        let named = draft.groups.iter().filter(|group| !group.name.trim().is_empty());
        let paths: Vec<&String> = named.flat_map(|group| &group.paths).collect();
        let rules: Vec<&str> = config.rules.iter().map(|rule| rule.path.as_ref().unwrap().as_str()).collect();
        prop_assert_eq!(rules, paths);
        let modules = draft.modules.iter().filter(|module| !module.endpoints.is_empty());
        for (module, meant) in config.modules.iter().zip(modules) {
            for (pattern, meant) in module.endpoints.iter().zip(&meant.endpoints) {
                let method = meant.method.to_ascii_uppercase();
                prop_assert!(pattern.matches(&method, &meant.route, meant.operation.as_deref()));
            }
        }
        let flows = draft.flows.iter().filter(|flow| !flow.steps.is_empty());
        for (flow, meant) in config.flows.iter().zip(flows) {
            for (step, meant) in flow.steps.iter().zip(&meant.steps) {
                prop_assert_eq!(step.title.get(Lang::En), &meant.title);
                let with: BTreeMap<_, _> = step.with.iter().cloned().collect();
                prop_assert_eq!(with, meant.with.clone());
            }
        }
    }

    #[test]
    fn a_written_manifest_is_read_as_it_was_meant(
        title in hostile(),
        claims in vec(claim_drafts(), 0..4),
    ) {
        let draft = ManifestDraft {
            sections: vec![SectionDraft { title, claims: claims.clone() }],
            ..ManifestDraft::default()
        };
        let manifest = read_manifest(&draft);
        for claim in &manifest.claims {
            let meant = claims.iter().any(|meant| {
                meant.method.to_ascii_uppercase() == claim.method
                    && meant.route.shape() == claim.route.shape()
                    && meant.operation == claim.operation
                    && meant.host.is_some() == claim.host.is_some()
                    && meant.params == *claim.params.as_ref().unwrap_or(&Vec::new())
                    && meant.values == claim.values
                    && meant.source == claim.source
            });
            prop_assert!(meant, "{:?}", claim);
        }
        let writable = claims.iter().any(|claim| claim.method == "GET" && claim.host.is_none());
        prop_assert!(!writable || !manifest.claims.is_empty());
    }
}
