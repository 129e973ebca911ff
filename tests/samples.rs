//! The samples' whole outputs, in every language and format.

mod common;

use common::{BOOKSTORE_CONFIG, WOMOVIE_CONFIG, harcov, snapshot, without_style};

const LANGS: [&str; 2] = ["zh-CN", "en"];

fn snapshots(sample: &str, config: &str) {
    for lang in LANGS {
        for format in ["md", "html", "json"] {
            let target = format!("{format}=-");
            let args = [
                "report", "--config", config, "--lang", lang, "--report", &target,
            ];
            let text = harcov(&args).fine();
            let text = match format {
                "html" => without_style(&text),
                _ => text,
            };
            snapshot(&format!("sample_{sample}_{lang}.{format}"), &text);
        }
    }
}

#[test]
fn reports_of_the_chinese_sample() {
    snapshots("womovie", WOMOVIE_CONFIG);
}

#[test]
fn reports_of_the_english_sample() {
    snapshots("bookstore", BOOKSTORE_CONFIG);
}

#[test]
fn requests_of_the_chinese_sample() {
    let args = [
        "routes",
        "--config",
        WOMOVIE_CONFIG,
        "--format",
        "json",
        "--each-request",
    ];
    snapshot("sample_womovie_requests.json", &harcov(&args).fine());
}

#[test]
fn routes_of_both_samples() {
    for (sample, config) in [("womovie", WOMOVIE_CONFIG), ("bookstore", BOOKSTORE_CONFIG)] {
        let text = harcov(&["routes", "--config", config]).fine();
        snapshot(&format!("sample_{sample}_routes"), &text);
    }
}

#[test]
fn a_report_is_the_same_each_time() {
    for config in [WOMOVIE_CONFIG, BOOKSTORE_CONFIG] {
        let args = ["report", "--config", config, "--report", "json=-"];
        assert_eq!(harcov(&args).fine(), harcov(&args).fine());
    }
}
