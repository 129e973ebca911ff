//! Tells the release build which commit it is made from, for `harcov --version`.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    // Of other builds nobody asks, and they would be made anew with each commit.
    if std::env::var("PROFILE").as_deref() == Ok("release")
        && let Some(commit) = packaged().or_else(checked_out)
    {
        version = format!("{version} ({commit})");
    }
    println!("cargo::rustc-env=HARCOV_VERSION={version}");
}

/// The commit that `cargo package` wrote down.
fn packaged() -> Option<String> {
    let info = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, behind) = info.split_once("\"sha1\": \"")?;
    short(behind)
}

/// The commit of this project's own repository.
fn checked_out() -> Option<String> {
    let folder = git(&["rev-parse", "--absolute-git-dir"])?;
    // Not that of a repository somewhere above an unpacked archive.
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let here = std::env::var("CARGO_MANIFEST_DIR").ok()?;
    if Path::new(&top).canonicalize().ok()? != Path::new(&here).canonicalize().ok()? {
        return None;
    }
    for file in ["HEAD", "logs/HEAD"] {
        let file = Path::new(&folder).join(file);
        if file.exists() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
    }
    short(&git(&["rev-parse", "HEAD"])?)
}

fn git(args: &[&str]) -> Option<String> {
    let done = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(done.stdout).ok()?;
    done.status.success().then(|| text.trim().to_owned())
}

/// The first digits of a commit's name.
fn short(text: &str) -> Option<String> {
    let digits: String = text.chars().take_while(char::is_ascii_hexdigit).collect();
    digits.get(..10).map(str::to_owned)
}
