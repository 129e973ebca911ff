//! The facts that a person found in the Chinese sample's capture by hand, one by one.
//!
//! The sample's README names where that person's report contradicts itself, and what holds instead.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use common::{WOMOVIE_CONFIG, report};
use serde_json::{Value, json};

const CINEMA: &str = "/ticket/wmyc/cinema/<cinema_id>";

fn womovie() -> &'static Value {
    static REPORT: OnceLock<Value> = OnceLock::new();
    REPORT.get_or_init(|| report(WOMOVIE_CONFIG, &[]))
}

fn rows<'a>(value: &'a Value, list: &str) -> &'a Vec<Value> {
    value[list]
        .as_array()
        .unwrap_or_else(|| panic!("{list} in {value}"))
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} in {value}"))
}

fn texts<'a>(value: &'a Value, list: &str) -> Vec<&'a str> {
    rows(value, list)
        .iter()
        .map(|text| text.as_str().unwrap())
        .collect()
}

/// The endpoint whose method and route end like this.
fn endpoint(method: &str, end: &str) -> &'static Value {
    let fits = |row: &&Value| text(row, "method") == method && text(row, "route").ends_with(end);
    let found: Vec<_> = rows(womovie(), "endpoints").iter().filter(fits).collect();
    assert_eq!(found.len(), 1, "{method} {end}");
    found[0]
}

fn module(name: &str) -> &'static Value {
    let mut modules = rows(womovie(), "modules").iter();
    modules
        .find(|row| text(row, "name") == name)
        .unwrap_or_else(|| panic!("{name}"))
}

/// Whether each of the names is a parameter, and whether every request sent it.
fn params(of: &Value) -> BTreeMap<&str, bool> {
    rows(of, "params")
        .iter()
        .map(|row| (text(row, "name"), row["required"].as_bool().unwrap()))
        .collect()
}

fn values_of(of: &Value, param: &str) -> BTreeSet<String> {
    rows(of, "params")
        .iter()
        .filter(|row| text(row, "name") == param)
        .flat_map(|row| texts(row, "values"))
        .map(str::to_owned)
        .collect()
}

fn set<const N: usize>(words: [&str; N]) -> BTreeSet<String> {
    words.into_iter().map(str::to_owned).collect()
}

#[test]
fn there_are_35_api_requests_among_62_entries() {
    let scope = &womovie()["scope"];
    assert_eq!(
        (&scope["entries"], &scope["in_scope"]),
        (&json!(62), &json!(35))
    );
    let skipped: BTreeMap<String, usize> =
        serde_json::from_value(scope["skipped"].clone()).unwrap();
    let expected = [
        ("aborted", 1),
        ("analytics", 9),
        ("asset", 8),
        ("not-http", 1),
        ("page", 1),
        ("preflight", 5),
        ("redirect", 1),
        ("websocket", 1),
    ];
    assert_eq!(
        skipped,
        expected.map(|(reason, n)| (reason.to_owned(), n)).into()
    );
    let capture = &rows(womovie(), "captures")[0];
    assert!(text(capture, "name").ends_with("沃美下单用券ct.womovie.cn_2025_06_24_16_59_20.har"));
    assert_eq!(
        (&capture["entries"], &capture["in_scope"]),
        (&json!(62), &json!(35))
    );
    let counted: Vec<_> = rows(scope, "hosts")
        .iter()
        .filter(|host| host["in_scope"] == true)
        .map(|host| text(host, "host"))
        .collect();
    assert_eq!(counted, ["ct.womovie.cn"]);
}

#[test]
fn groups_count_requests_and_endpoints() {
    let counted: Vec<_> = rows(womovie(), "groups")
        .iter()
        .map(|group| {
            let count = |field: &str| group[field].as_u64().unwrap();
            (
                text(group, "name"),
                text(group, "title"),
                count("requests"),
                count("endpoints"),
            )
        })
        .collect();
    assert_eq!(
        counted,
        [
            ("order", "订单相关接口", 9, 7),
            ("voucher", "券相关接口", 15, 6),
            ("user", "用户相关接口", 5, 2),
            ("other", "其他接口", 6, 2),
        ]
    );
}

/// Group, status, method and route without the cinema's part, as the hand-written report lists them.
const ENDPOINTS: [(&str, &str, &str, &str, &str); 17] = [
    (
        "order",
        "implemented",
        "POST",
        "C/order/ticket/",
        "创建订单",
    ),
    (
        "order",
        "implemented",
        "GET",
        "C/order/info/",
        "获取订单详情",
    ),
    ("order", "partial", "POST", "C/order/change/", "修改订单"),
    ("order", "partial", "POST", "C/order/query/", "查询订单状态"),
    (
        "order",
        "missing",
        "GET",
        "/ticket/order/sublists/info",
        "获取订单子列表",
    ),
    ("order", "missing", "POST", "C/order/payment/", "订单支付"),
    (
        "order",
        "missing",
        "POST",
        "C/order/template/",
        "订单模板处理",
    ),
    (
        "voucher",
        "implemented",
        "GET",
        "C/user/voucher/list/",
        "获取用户券列表",
    ),
    (
        "voucher",
        "missing",
        "GET",
        "C/user/vouchers",
        "获取特定类型券列表",
    ),
    (
        "voucher",
        "missing",
        "GET",
        "C/user/vouchers_page",
        "分页获取券列表",
    ),
    (
        "voucher",
        "missing",
        "POST",
        "C/order/voucher/price/",
        "计算券价格",
    ),
    (
        "voucher",
        "missing",
        "GET",
        "C/order/vcc/list/",
        "获取订单 VCC 券列表",
    ),
    (
        "voucher",
        "missing",
        "GET",
        "C/order/vcc/usable/count",
        "获取可用 VCC 券数量",
    ),
    ("user", "implemented", "GET", "C/user/info/", "获取用户信息"),
    (
        "user",
        "implemented",
        "GET",
        "C/user/cards/",
        "获取用户卡片",
    ),
    ("other", "unknown", "GET", "C/ads/", "获取广告"),
    (
        "other",
        "unknown",
        "GET",
        "C/vcc/activity/gift/",
        "获取 VCC 活动礼品",
    ),
];

#[test]
fn every_endpoint_has_its_group_status_and_exact_route() {
    let expected: BTreeSet<_> = ENDPOINTS
        .iter()
        .map(|(group, status, method, route, title)| {
            let route = route
                .strip_prefix('C')
                .map_or_else(|| (*route).to_owned(), |rest| format!("{CINEMA}{rest}"));
            [*group, *status, *method, &route, *title].map(str::to_owned)
        })
        .collect();
    let found: BTreeSet<_> = rows(womovie(), "endpoints")
        .iter()
        .map(|row| ["group", "status", "method", "route", "title"].map(|f| text(row, f).to_owned()))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(rows(womovie(), "endpoints").len(), ENDPOINTS.len());
}

#[test]
fn endpoints_are_listed_group_by_group() {
    let mut groups: Vec<_> = rows(womovie(), "endpoints")
        .iter()
        .map(|row| text(row, "group"))
        .collect();
    groups.dedup();
    assert_eq!(groups, ["order", "voucher", "user", "other"]);
}

#[test]
fn coverage_has_its_denominators() {
    let coverage = &womovie()["coverage"];
    let share = |of: &str| {
        ["implemented", "partial", "missing", "unknown", "total"]
            .map(|field| coverage[of][field].as_u64().unwrap())
    };
    assert_eq!(share("endpoints"), [5, 2, 8, 2, 17]);
    // ticket 1, info 1, voucher/list 2, user/info 3, cards 2 / change 2, query 2 / the rest / ads 4, gift 2
    assert_eq!(share("requests"), [9, 4, 16, 6, 35]);
    assert_eq!(coverage["endpoints"]["percent"], json!(29.4));
}

#[test]
fn vouchers_are_listed_by_their_types() {
    let split = &rows(endpoint("GET", "/user/vouchers"), "splits")[0];
    assert_eq!(text(split, "param"), "voucher_type");
    let values: Vec<_> = rows(split, "values")
        .iter()
        .map(|row| {
            (
                text(row, "value"),
                text(row, "title"),
                row["requests"].as_u64().unwrap(),
            )
        })
        .collect();
    let values: BTreeSet<_> = values.into_iter().collect();
    assert_eq!(
        values,
        [("VGC_T", "票券", 2), ("VGC_P", "商品券", 2)].into()
    );
}

#[test]
fn steps_of_the_voucher_flow_are_marked_by_status() {
    let flow = &rows(womovie(), "flows")[0];
    assert_eq!(text(flow, "name"), "券使用完整流程");
    let steps: Vec<_> = rows(flow, "steps")
        .iter()
        .map(|step| (text(step, "title"), text(step, "status")))
        .collect();
    assert_eq!(
        steps,
        [
            ("创建订单", "implemented"),
            ("获取券列表", "implemented"),
            ("获取特定券", "missing"),
            ("计算券价格", "missing"),
            ("修改订单绑定券", "partial"),
            ("订单支付", "missing"),
            ("查询支付状态", "partial"),
        ]
    );
    assert!(
        rows(flow, "steps")
            .iter()
            .all(|step| step["observed"] == true)
    );
}

#[test]
fn steps_of_the_user_have_no_status() {
    let flow = &rows(womovie(), "flows")[1];
    assert_eq!(text(flow, "name"), "支付流程分析");
    let steps: Vec<_> = rows(flow, "steps")
        .iter()
        .map(|step| step["status"].as_str())
        .collect();
    let (missing, partial) = (Some("missing"), Some("partial"));
    assert_eq!(steps, [None, missing, partial, missing, partial, None]);
}

#[test]
fn the_status_table_is_the_hand_written_one() {
    let table: Vec<_> = rows(womovie(), "modules")
        .iter()
        .map(|row| {
            let missing = row["missing"].as_u64().unwrap();
            (
                text(row, "name"),
                text(row, "status"),
                missing,
                text(row, "priority"),
            )
        })
        .collect();
    assert_eq!(
        table,
        [
            ("订单创建", "implemented", 0, "none"),
            ("订单查询", "implemented", 0, "none"),
            ("基础券查询", "implemented", 0, "none"),
            ("券价格计算", "missing", 1, "high"),
            ("券类型查询", "missing", 2, "medium"),
            ("VCC 券管理", "missing", 2, "medium"),
            ("支付处理", "missing", 1, "high"),
            ("订单状态管理", "partial", 0, "medium"),
        ]
    );
}

#[test]
fn every_priority_has_its_reasons() {
    for row in rows(womovie(), "modules") {
        assert!(
            !texts(row, "priority_reasons").is_empty(),
            "{}",
            text(row, "name")
        );
    }
    for row in rows(womovie(), "endpoints") {
        assert!(
            !texts(&row["priority"], "reasons").is_empty(),
            "{}",
            text(row, "id")
        );
        assert!(!texts(row, "reasons").is_empty(), "{}", text(row, "id"));
    }
}

#[test]
fn modules_have_their_parameters_and_response_fields() {
    let has = |name: &str, expected: &[&str], fields: &[&str]| {
        let module = module(name);
        let sent = params(module);
        for param in expected {
            assert!(sent.contains_key(param), "{name}: {param} in {sent:?}");
        }
        let answered: Vec<_> = rows(module, "response_fields")
            .iter()
            .map(|row| text(row, "path"))
            .collect();
        for field in fields {
            let named = |path: &&str| path.split('.').any(|step| step == *field);
            assert!(
                answered.iter().any(named),
                "{name}: {field} in {answered:?}"
            );
        }
    };
    has(
        "券价格计算",
        &["voucher_code", "order_id"],
        &["surcharge_price", "pay_price", "surcharge_msg"],
    );
    has(
        "券类型查询",
        &["voucher_type", "schedule_id", "goods_id"],
        &[],
    );
    has(
        "支付处理",
        &["order_id", "mobile", "pay_type"],
        &["wechat_pay_certificate", "total_fee", "total_price"],
    );
    has("VCC 券管理", &["order_id"], &[]);
}

#[test]
fn a_parameter_is_required_if_every_request_sends_it() {
    let sent = params(endpoint("GET", "/user/vouchers"));
    assert!(sent["voucher_type"] && sent["schedule_id"]);
    assert!(!sent["goods_id"]);
    let sent = params(endpoint("POST", "/order/change/"));
    assert!(sent["order_id"] && sent["pay_type"]);
    for param in ["voucher_code", "voucher_code_type", "card_id"] {
        assert!(!sent[param], "{param}");
    }
}

#[test]
fn path_parameters_are_no_parameters_of_a_module() {
    for row in rows(womovie(), "modules") {
        assert!(
            !params(row).contains_key("cinema_id"),
            "{}",
            text(row, "name")
        );
    }
    assert!(params(endpoint("GET", "/user/vouchers")).contains_key("cinema_id"));
}

#[test]
fn constants_are_shown() {
    assert_eq!(
        values_of(endpoint("POST", "/order/payment/"), "pay_type"),
        set(["WECHAT"])
    );
    assert_eq!(
        values_of(endpoint("POST", "/order/change/"), "pay_type"),
        set(["MEMBER_CARD", "WECHAT"])
    );
    assert_eq!(
        values_of(endpoint("POST", "/order/change/"), "discount_type"),
        set(["MARKETING", "TP_VOUCHER"])
    );
    let vcc = rows(endpoint("GET", "/order/vcc/list/"), "response_fields");
    assert!(
        vcc.iter()
            .any(|field| texts(field, "values") == ["EVGC_VOUCHER"])
    );
}

#[test]
fn values_that_are_no_constants_are_not_shown() {
    for row in rows(womovie(), "endpoints") {
        for param in [
            "order_id",
            "mobile",
            "voucher_code",
            "card_id",
            "schedule_id",
            "cinema_id",
        ] {
            assert_eq!(
                values_of(row, param),
                set([]),
                "{} {param}",
                text(row, "id")
            );
        }
    }
}

#[test]
fn an_order_is_processed_until_it_succeeds() {
    for of in [endpoint("POST", "/order/query/"), module("订单状态管理")] {
        let states = rows(of, "states");
        assert_eq!(states.len(), 1);
        assert_eq!(texts(&states[0], "values"), ["PROCESSING", "SUCCESS"]);
        let changes = rows(&states[0], "transitions");
        assert_eq!(changes.len(), 1);
        assert_eq!(
            (text(&changes[0], "from"), text(&changes[0], "to")),
            ("PROCESSING", "SUCCESS")
        );
    }
}

#[test]
fn a_refused_voucher_is_a_business_error_inside_http_200() {
    let price = endpoint("POST", "/order/voucher/price/");
    assert_eq!(
        price["http_statuses"],
        json!([{ "value": "200", "count": 3 }])
    );
    let refused: Vec<_> = rows(price, "business_codes")
        .iter()
        .filter(|code| code["ok"] == false)
        .map(|code| {
            (
                text(code, "field"),
                text(code, "value"),
                code["count"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(refused, [("sub", "4004", 1)]);
}

/// Which endpoints there is a finding of this kind about, by the end of their names.
fn found(kind: &str) -> Vec<&'static str> {
    rows(womovie(), "findings")
        .iter()
        .filter(|row| text(row, "kind") == kind)
        .filter_map(|row| row["endpoint"].as_str())
        .collect()
}

#[test]
fn findings_come_from_evidence() {
    let about = |kind: &str, end: &str| {
        let ids = found(kind);
        assert!(
            ids.iter().any(|id| id.ends_with(end)),
            "{kind} {end}: {ids:?}"
        );
    };
    about("several-jobs", "/order/change/");
    about("polling", "/order/query/");
    about("state", "/order/query/");
    about("business-error", "/order/voucher/price/");
    let kinds: BTreeSet<_> = rows(womovie(), "findings")
        .iter()
        .map(|row| text(row, "kind"))
        .collect();
    assert!(
        kinds.contains("constant") && kinds.contains("twin") && kinds.contains("note"),
        "{kinds:?}"
    );
    let says = |word: &str| {
        rows(womovie(), "findings")
            .iter()
            .any(|row| text(row, "text").replace('\\', "").contains(word))
    };
    for word in [
        "WECHAT",
        "MARKETING",
        "TP_VOUCHER",
        "SUCCESS",
        "voucher_code",
        "voucher_code_type",
    ] {
        assert!(says(word), "{word}");
    }
}

#[test]
fn what_to_build_first_is_ranked_as_by_hand() {
    let titles = |level: &str| -> Vec<&str> {
        rows(&womovie()["recommendations"], level)
            .iter()
            .map(|row| text(row, "title"))
            .collect()
    };
    assert_eq!(titles("high"), ["券价格计算", "支付处理"]);
    // The hand-written lists, and what they forgot: 修改订单 and 获取订单子列表.
    assert_eq!(
        titles("medium"),
        ["券类型查询", "VCC 券管理", "修改订单", "订单状态管理"]
    );
    assert_eq!(
        titles("low"),
        [
            "获取订单子列表",
            "订单模板处理",
            "获取广告",
            "获取 VCC 活动礼品"
        ]
    );
}

#[test]
fn everything_to_build_is_recommended_once() {
    let recommendations = &womovie()["recommendations"];
    let mut seen = BTreeSet::new();
    for level in ["high", "medium", "low"] {
        for row in rows(recommendations, level) {
            assert!(!texts(row, "reasons").is_empty(), "{}", text(row, "title"));
            for id in texts(row, "endpoints") {
                assert!(seen.insert(id), "{id} twice");
            }
        }
    }
    let open: BTreeSet<_> = rows(womovie(), "endpoints")
        .iter()
        .filter(|row| text(row, "status") != "implemented")
        .map(|row| text(row, "id"))
        .collect();
    assert_eq!(seen, open);
}

#[test]
fn evidence_points_at_lines_that_are_there() {
    for row in rows(womovie(), "endpoints") {
        for place in texts(row, "evidence") {
            let (file, line) = place.rsplit_once(':').unwrap();
            let source = std::fs::read_to_string(format!("har-samples/womovie/{file}")).unwrap();
            assert!(source.lines().count() >= line.parse().unwrap(), "{place}");
        }
    }
}
