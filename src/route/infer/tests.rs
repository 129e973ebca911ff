use proptest::prelude::*;

use super::super::{Authority, Origin, ParamStyle, Part, Pin, SegmentStats, Takes};
use super::*;
use crate::scope::Place;
use crate::value::{Segment, Tokens};

/// A distinct path with evidence of its own.
#[derive(Debug, Clone)]
struct Path {
    method: &'static str,
    segments: Vec<Segment>,
    stats: Vec<SegmentStats>,
    fields: Vec<&'static str>,
    requests: u32,
    slashed: u32,
}

impl Path {
    fn new(method: &'static str, path: &str, tokens: &Tokens) -> Path {
        let inner = path.trim_matches('/');
        let segments = Segment::path(inner.split('/'), tokens);
        Path {
            method,
            stats: vec![SegmentStats::default(); segments.len()],
            segments,
            fields: Vec::new(),
            requests: 1,
            slashed: u32::from(path.ends_with('/')),
        }
    }

    fn sighting(&self) -> Sighting<'_> {
        Sighting {
            method: self.method,
            host: "api.example.com",
            segments: &self.segments,
            operation: None,
            slashed: self.slashed,
            requests: self.requests,
            stats: &self.stats,
            params: Vec::new(),
            fields: self.fields.clone(),
            statuses: Vec::new(),
        }
    }
}

fn templates(paths: &[Path], pins: &Pins) -> Vec<String> {
    let sightings: Vec<Sighting<'_>> = paths.iter().map(Path::sighting).collect();
    let inference = infer(&sightings, pins);
    let text = |at: &usize| {
        let template = &inference.routes[*at].template;
        template.display(ParamStyle::Angle).to_string()
    };
    inference.of.iter().map(text).collect()
}

fn routes_with(paths: &[&str], pins: &Pins) -> Vec<String> {
    let tokens = Tokens::new();
    let paths: Vec<Path> = paths
        .iter()
        .map(|path| Path::new("GET", path, &tokens))
        .collect();
    templates(&paths, pins)
}

fn routes(paths: &[&str]) -> Vec<String> {
    routes_with(paths, &Pins::default())
}

#[test]
fn definite_values_are_parameters_named_by_their_noun() {
    assert_eq!(
        routes(&[
            "/cinema/1001/order/info/",
            "/v1/companies/7/addresses/9",
            "/2024-01/products/12.json",
            "/users/1/users/2",
        ]),
        [
            "/cinema/<cinema_id>/order/info/",
            "/v1/companies/<company_id>/addresses/<address_id>",
            "/2024-01/products/<product_id>.json",
            "/users/<user_id>/users/<id>",
        ]
    );
}

#[test]
fn what_comes_twice_is_numbered_and_not_called_an_id() {
    assert_eq!(
        routes(&[
            "/rates/2025-01-01/2025-02-01",
            "/rates/2025-01-02/2025-02-03/2025-02-04",
            "/calendar/2025-01-01/days/2025-02-01",
        ]),
        [
            "/rates/<date>/<date_2>",
            "/rates/<date>/<date_2>/<date_3>",
            "/calendar/<date>/days/<date_2>",
        ]
    );
}

#[test]
fn what_things_are_looked_up_by_is_no_value() {
    assert_eq!(
        routes(&[
            "/orders/1001",
            "/orders/1002",
            "/orders/by-customer/77",
            "/orders/by-number/88",
            "/orders/by-quux/99",
        ]),
        [
            "/orders/<order_id>",
            "/orders/<order_id>",
            "/orders/by-customer/<customer_id>",
            "/orders/by-number/<number_id>",
            "/orders/by-quux/<quux_id>",
        ]
    );
}

#[test]
fn titles_are_values_though_they_begin_with_by() {
    let paths = [
        "/books/hello-world",
        "/books/gone-girl",
        "/books/by-the-sea",
        "/books/by-night-in-chile",
        "/books/1984",
        "/books/2001",
    ];
    assert_eq!(
        routes(&paths)[2..4],
        ["/books/<book_name>", "/books/<book_name>"]
    );
}

#[test]
fn names_written_as_programs_do_stay_beside_values() {
    let paths = [
        "/goods/90001",
        "/goods/90002",
        "/goods/90003",
        "/goods/flashSale",
        "/goods/quuxList",
    ];
    assert_eq!(routes(&paths)[3..], ["/goods/flashSale", "/goods/quuxList"]);
}

#[test]
fn actions_behind_a_colon_stay_though_they_are_nouns_too() {
    assert_eq!(
        routes(&[
            "/orders/10011:refund",
            "/orders/10012:refund",
            "/orders/10012:transfer"
        ]),
        [
            "/orders/<order_id>:refund",
            "/orders/<order_id>:refund",
            "/orders/<order_id>:transfer",
        ]
    );
    let of_names = routes(&[
        "/instances/zotrin",
        "/instances/plomb",
        "/instances/zotrin:stop",
        "/instances/plomb:stop",
    ]);
    assert!(of_names[2].ends_with(":stop"), "{of_names:?}");
}

#[test]
fn languages_are_values_alone_or_with_a_region() {
    for paths in [
        ["/en/v1/news", "/de/v1/news"],
        ["/en-us/v1/news", "/zh-cn/v1/news"],
        ["/pt-BR/v1/news", "/pt/v1/news"],
    ] {
        let routes = routes(&paths);
        assert!(
            routes[0] == routes[1] && routes[0].ends_with(">/v1/news"),
            "{routes:?}"
        );
    }
    for words in [
        ["/it/list", "/hr/list"],
        ["/no/list", "/de/list"],
        ["/hr-bp/list", "/it-qa/list"],
    ] {
        assert_eq!(routes(&words), words);
    }
}

#[test]
fn slash_variants_are_one_route() {
    assert_eq!(
        routes(&["/a/1/", "/a/2/", "/a/x"]),
        ["/a/<a_id>/", "/a/<a_id>/", "/a/x"]
    );
    assert_eq!(routes(&["/a/1/", "/a/b2c3d4e5"])[0], "/a/<a_id>");
}

#[test]
fn pins_win_and_unify() {
    let pins = Pins {
        pins: vec![Pin {
            methods: Vec::new(),
            host: None,
            template: "/t/<shop>/c/<cinema>".parse().unwrap(),
            authority: Authority::Correction,
        }],
        ..Pins::default()
    };
    assert_eq!(
        routes_with(&["/t/wmyc/c/1", "/t/wmyc/c/1/x", "/t/other"], &pins),
        ["/t/<shop>/c/<cinema>", "/t/<shop>/c/<cinema>/x", "/t/other"]
    );
}

/// A template that is claimed, with what its parameters take.
fn claimed(template: &str, takes: &[(&str, Takes)]) -> Pins {
    let takes = takes
        .iter()
        .map(|(name, takes)| ((*name).to_owned(), takes.clone()));
    Pins {
        pins: vec![Pin {
            methods: Vec::new(),
            host: None,
            template: template.parse().unwrap(),
            authority: Authority::Claim(takes.collect()),
        }],
        ..Pins::default()
    }
}

#[test]
fn what_is_claimed_takes_in_no_word_that_is_one_for_sure() {
    let paths = [
        "/v1/users/7",
        "/v1/users/me",
        "/v1/users/export",
        "/v1/users/search",
    ];
    assert_eq!(
        routes_with(&paths, &claimed("/v1/users/<who>", &[])),
        [
            "/v1/users/<who>",
            "/v1/users/me",
            "/v1/users/export",
            "/v1/users/search"
        ]
    );
    assert_eq!(
        routes_with(
            &["/users/7", "/users/octocat"],
            &claimed("/users/<who>", &[])
        ),
        ["/users/<who>", "/users/<who>"]
    );
    // What stands behind the parameter speaks for it, where no values stand beside the words.
    assert_eq!(
        routes_with(
            &["/rest/default/orders"],
            &claimed("/rest/<store>/orders", &[])
        ),
        ["/rest/<store>/orders"]
    );
}

#[test]
fn what_is_said_of_a_method_says_nothing_of_others() {
    let mut pins = claimed("/users/<who>", &[]);
    for (methods, export) in [(["GET"], "/users/<who>"), (["DELETE"], "/users/export")] {
        let pin = &mut pins.pins[0];
        pin.methods = methods.map(str::to_owned).to_vec();
        pin.authority = Authority::Correction;
        assert_eq!(
            routes_with(&["/users/7", "/users/export"], &pins)[1],
            export,
            "{methods:?}"
        );
    }
}

#[test]
fn what_a_description_says_of_values_decides() {
    let listed = Takes {
        values: vec!["me".to_owned()],
        no_text: false,
    };
    let number = Takes {
        values: Vec::new(),
        no_text: true,
    };
    assert_eq!(
        routes_with(
            &["/users/7", "/users/me"],
            &claimed("/users/<who>", &[("who", listed)])
        ),
        ["/users/<who>", "/users/<who>"]
    );
    assert_eq!(
        routes_with(
            &["/users/7", "/users/export"],
            &claimed("/users/<who>", &[("who", number)])
        ),
        ["/users/<who>", "/users/export"]
    );
}

#[test]
fn corrections_hold_for_single_segments() {
    let pins = Pins {
        literals: vec!["12".parse().unwrap(), "/users/zephyr".parse().unwrap()],
        params: vec!["/config/<section>".parse().unwrap()],
        ..Pins::default()
    };
    assert_eq!(
        routes_with(
            &["/users/zephyr", "/config/search", "/config/mail/reset"],
            &pins
        ),
        [
            "/users/zephyr",
            "/config/<section>",
            "/config/<section>/reset"
        ]
    );
}

#[test]
fn versions_locales_and_programs_are_known() {
    assert_eq!(
        routes(&[
            "/api/v1/users/7",
            "/2024-01/users/7",
            "/2024-04/users/7",
            "/de-DE/users",
            "/en/users",
            "/index.php",
            "/flags/true",
        ]),
        [
            "/api/v1/users/<user_id>",
            "/2024-01/users/<user_id>",
            "/2024-04/users/<user_id>",
            "/<locale>/users",
            "/<locale>/users",
            "/index.php",
            "/flags/<flag_id>",
        ]
    );
}

#[test]
fn structure_in_a_segment_stays_literal() {
    assert_eq!(
        routes(&[
            "/odata/Customers('ALFKI')/Orders(7)",
            "/reports/12.json",
            "/jobs/9001:cancel",
            "/odata/Details(OrderID=1,ProductID=2)",
        ]),
        [
            "/odata/Customers('<customer_name>')/Orders(<order_id>)",
            "/reports/<report_id>.json",
            "/jobs/<job_id>:cancel",
            "/odata/Details(OrderID=<order_id>,ProductID=<product_id>)",
        ]
    );
}

#[test]
fn words_known_from_answers_are_values() {
    let tokens = Tokens::new();
    let mut paths = Vec::new();
    for name in ["zephyr-shop", "quill", "marrow-and-sons"] {
        for rest in ["", "/orders", "/settings"] {
            let mut path = Path::new("GET", &format!("/api/shops/{name}{rest}"), &tokens);
            let origins = [
                Origin::Response("shops[].slug".into()),
                Origin::Echo("slug".into()),
            ];
            path.stats[2].origins = origins.into_iter().map(|origin| (origin, 1)).collect();
            paths.push(path);
        }
    }
    paths.push(Path::new("GET", "/api/shops/search", &tokens));
    let found = templates(&paths, &Pins::default());
    assert_eq!(found[0], "/api/shops/<shop_slug>");
    assert_eq!(found[1], "/api/shops/<shop_slug>/orders");
    assert_eq!(found[8], "/api/shops/<shop_slug>/settings");
    assert_eq!(found[9], "/api/shops/search");
}

#[test]
fn literals_stand_in_a_crowd_of_values() {
    let tokens = Tokens::new();
    let mut paths = Vec::new();
    for n in 0..400_u32 {
        // Letters only, so that the evidence has to tell that they are values.
        let name: String = format!("{n:04}")
            .chars()
            .filter_map(|digit| char::from_u32(u32::from(digit) + 49))
            .collect();
        let mut path = Path::new("GET", &format!("/v1/users/{name}/posts"), &tokens);
        path.stats[2].origins = [(Origin::Echo("login".into()), 1)].into();
        paths.push(path);
    }
    paths.push(Path::new("GET", "/v1/users/me", &tokens));
    paths.push(Path::new("GET", "/v1/users/search", &tokens));
    let found = templates(&paths, &Pins::default());
    assert_eq!(found[0], "/v1/users/<user_login>/posts");
    assert_eq!(found[400..], ["/v1/users/me", "/v1/users/search"]);
}

#[test]
fn names_stay_names_however_often_they_are_called() {
    let tokens = Tokens::new();
    for requests in [1, 1_000, 1_000_000, u32::MAX / 4] {
        let mut path = Path::new("GET", "/v1/users/17/posts", &tokens);
        path.requests = requests;
        let sightings = [path.sighting()];
        let inference = infer(&sightings, &Pins::default());
        let route = &inference.routes[0];
        let shown = route.template.display(ParamStyle::Angle).to_string();
        assert_eq!(shown, "/v1/users/<user_id>/posts", "{requests}");
        assert!(route.confidence > 0.8, "{requests}: {}", route.confidence);
    }
}

const SEGMENTS: [&str; 26] = [
    "api",
    "v1",
    "v2",
    "2024-01",
    "users",
    "orders",
    "items",
    "search",
    "me",
    "settings",
    "anna",
    "zephyr-shop",
    "quill",
    "12",
    "1001",
    "77",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "de-DE",
    "fr",
    "report.pdf",
    "12.json",
    "notes.json",
    "octo:hello",
    "9:cancel",
    "影院",
    "Orders(5)",
];

fn path() -> impl Strategy<Value = (usize, Vec<usize>, u8, u8)> {
    let segments = proptest::collection::vec(0..SEGMENTS.len(), 1..6);
    (0..3_usize, segments, any::<u8>(), any::<u8>())
}

fn paths(raw: &[(usize, Vec<usize>, u8, u8)]) -> Vec<Path> {
    let tokens = Tokens::new();
    let mut paths: Vec<Path> = Vec::new();
    for (method, segments, origins, fields) in raw {
        let text: Vec<&str> = segments.iter().map(|&at| SEGMENTS[at]).collect();
        let method = ["GET", "POST", "DELETE"][*method];
        let mut path = Path::new(method, &text.join("/"), &tokens);
        for (bit, stats) in path.stats.iter_mut().enumerate() {
            if origins >> bit & 1 == 1 {
                let origin = [
                    Origin::Response("data[].id".into()),
                    Origin::Request(Place::Query, "user_id".into()),
                    Origin::Echo("name".into()),
                ];
                stats.origins.insert(origin[bit % 3].clone(), 1);
            }
            stats.distinct = 1;
        }
        let names = ["id", "name", "data[].id", "total", "error"];
        path.fields = (0..5)
            .filter(|bit| fields >> bit & 1 == 1)
            .map(|bit| names[bit])
            .collect();
        let twin = |p: &Path| p.method == path.method && p.segments == path.segments;
        if !paths.iter().any(twin) {
            paths.push(path);
        }
    }
    paths
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn order_does_not_matter(raw in proptest::collection::vec(path(), 1..40), seed in any::<u64>()) {
        let paths = paths(&raw);
        let before = templates(&paths, &Pins::default());
        let mut order: Vec<usize> = (0..paths.len()).collect();
        order.sort_by_key(|at| (*at as u64 + 1).wrapping_mul(seed | 1));
        let shuffled: Vec<Path> = order.iter().map(|&at| paths[at].clone()).collect();
        let after = templates(&shuffled, &Pins::default());
        for (position, &at) in order.iter().enumerate() {
            prop_assert_eq!(&before[at], &after[position]);
        }
    }

    #[test]
    fn a_path_has_one_template_that_fits_it(raw in proptest::collection::vec(path(), 1..60)) {
        let paths = paths(&raw);
        let sightings: Vec<Sighting<'_>> = paths.iter().map(Path::sighting).collect();
        let inference = infer(&sightings, &Pins::default());
        for (sighting, &of) in sightings.iter().zip(&inference.of) {
            let route = &inference.routes[of];
            prop_assert!(pinned::fits(&route.template, sighting));
            prop_assert_eq!(route.verdicts.len(), sighting.segments.len());
            prop_assert!((0.0..=1.0).contains(&route.confidence));
            let names: Vec<&str> = route.template.params().collect();
            let distinct: std::collections::BTreeSet<&&str> = names.iter().collect();
            prop_assert_eq!(names.len(), distinct.len());
            // Another method on the same path is on the same route.
            for (other, &other_of) in sightings.iter().zip(&inference.of) {
                if other.segments == sighting.segments {
                    prop_assert_eq!(of, other_of);
                }
            }
        }
        let shapes: std::collections::BTreeSet<Vec<Part>> =
            inference.routes.iter().map(|route| route.template.shape()).collect();
        prop_assert_eq!(shapes.len(), inference.routes.len());
    }

    #[test]
    fn any_text_is_taken(path in "\\PC{0,40}", name in "\\PC{0,12}") {
        let tokens = Tokens::new();
        let mut path = Path::new("GET", &path, &tokens);
        for stats in &mut path.stats {
            stats.origins.insert(Origin::Echo(name.clone()), 1);
        }
        prop_assert_eq!(templates(&[path], &Pins::default()).len(), 1);
    }
}

#[test]
fn what_is_a_verb_beside_another_is_one() {
    assert_eq!(
        routes(&[
            "/subscriptions/zotrin:pull",
            "/subscriptions/zotrin:acknowledge",
            "/subscriptions/plomb:pull",
            "/subscriptions/plomb:acknowledge",
        ])[0],
        "/subscriptions/<subscription_name>:pull"
    );
}

#[test]
fn dates_within_a_segment_are_values() {
    assert_eq!(
        routes(&[
            "/logs-2026.03.01/_search",
            "/logs-2026.03.02/_search",
            "/products/_search",
            "/files/report_20260301.csv",
        ]),
        [
            "/logs-<date>/_search",
            "/logs-<date>/_search",
            "/products/_search",
            "/files/report_<date>.csv",
        ]
    );
}

#[test]
fn names_of_things_to_answer_besides_are_no_values() {
    let tokens = Tokens::new();
    let mut paths: Vec<Path> = (1..4)
        .map(|n| Path::new("GET", &format!("/orders/{n}/to_Item"), &tokens))
        .collect();
    for path in &mut paths {
        let sent = Origin::Request(Place::Query, "$expand".to_owned());
        path.stats[2].origins.insert(sent, 1);
    }
    let routes = templates(&paths, &Pins::default());
    assert_eq!(routes[0], "/orders/<order_id>/to_Item");
}

#[test]
fn what_the_same_paths_stand_behind_is_a_value() {
    let mut paths = Vec::new();
    for repo in [
        "torvalds/linux",
        "torvalds/uemacs",
        "facebook/react",
        "microsoft/vscode",
    ] {
        for behind in ["", "/branches", "/commits", "/issues"] {
            paths.push(format!("/repos/{repo}{behind}"));
        }
    }
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let routes = routes(&paths);
    assert_eq!(routes[1], "/repos/<repo_name>/<name>/branches");
    assert_eq!(routes[13], routes[1]);
}

#[test]
fn versions_behind_the_name_of_a_service_are_the_apis_own() {
    for paths in [
        ["/svc/v1beta1/things", "/svc/v2beta2/things"],
        ["/open-banking/v3.1/accounts", "/open-banking/v4.0/accounts"],
        [
            "/apis/autoscaling/v1/jobs",
            "/apis/autoscaling/v2beta2/jobs",
        ],
    ] {
        assert_eq!(routes(&paths), paths);
    }
    let of_things = [
        "/releases/v1.4/assets",
        "/releases/v1.5/assets",
        "/packages/1001/v2.1/download",
    ];
    assert_eq!(
        routes(&of_things),
        [
            "/releases/<version>/assets",
            "/releases/<version>/assets",
            "/packages/<package_id>/<version>/download",
        ]
    );
}

#[test]
fn names_behind_a_sign_are_values_and_the_apis_own_stay() {
    assert_eq!(
        routes(&[
            "/@octavia",
            "/@lindqvist/followers",
            "/api/users/@me",
            "/api/users/@eve",
        ]),
        [
            "/@<name>",
            "/@<name>/followers",
            "/api/users/@me",
            "/api/users/@<user_name>",
        ]
    );
}

#[test]
fn a_day_written_with_dots_is_a_value_behind_any_name() {
    assert_eq!(
        routes(&[
            "/logs-app-2026.03.01/_search",
            "/logs-app-2026.03.02/_search",
            "/filebeat-7.10.0-2026.03.01/_search",
        ]),
        [
            "/logs-app-<date>/_search",
            "/logs-app-<date>/_search",
            "/filebeat-7.10.0-<date>/_search",
        ]
    );
}

#[test]
fn addresses_of_network_cards_are_called_so() {
    assert_eq!(
        routes(&["/things/00:1a:2b:3c:4d:5e", "/hosts/2001:db8:0:0:0:0:0:1"]),
        ["/things/<mac_address>", "/hosts/<ip_address>"]
    );
}
