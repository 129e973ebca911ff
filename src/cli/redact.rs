//! `harcov redact`.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use crate::capture::{Source, find};
use crate::config::Config;
use crate::inventory::{Inventory, collect};
use crate::redact::{Keep, Key, Options, Summary, check, redact};
use crate::value::Sensitive;

use super::args::Common;
use super::guard::{Guard, Input};
use super::inputs::{self, named_apart};
use super::io::{clean, visible};
use super::wording::counted;
use super::{EXIT_ERROR, EXIT_FAILED, EXIT_OK, Failure, Io};

#[derive(Debug, Args)]
pub(super) struct RedactArgs {
    /// Captures: HAR files, folders of them, or `-`
    #[arg(value_name = "CAPTURE", required = true)]
    captures: Vec<PathBuf>,
    /// Where to write: a file (gzipped if it ends in .gz), `-`, or for several captures a folder
    #[arg(short, long, value_name = "OUT", required_unless_present_any = ["check", "in_place"])]
    output: Option<PathBuf>,
    /// Replace the captures themselves
    #[arg(long, conflicts_with = "output")]
    in_place: bool,
    /// Write nothing; end with 1 if a capture holds what the rules of secrets and personal data know
    #[arg(long, conflicts_with_all = ["output", "in_place", "strip_bodies", "only_hosts"])]
    check: bool,
    /// Draw tokens under the key in this file, so that they are the same in every run; keep it secret.
    /// With --check, believe only what it proves to be redacted
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Leave bodies out
    #[arg(long)]
    strip_bodies: bool,
    /// Leave out the entries of all hosts but this one; `*.example.com` for a domain; may be repeated
    #[arg(long, value_name = "HOST")]
    only_hosts: Vec<String>,
}

/// Writes captures with tokens in place of values, or checks whether that was done.
pub(super) fn run(common: &Common, args: &RedactArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let config = inputs::load_config(common, io)?;
    let key = key(args)?;
    let sources = sources(&args.captures)?;
    let options = Options {
        strip_bodies: args.strip_bodies,
        only_hosts: args
            .only_hosts
            .iter()
            .map(|host| host.to_lowercase())
            .collect(),
        prove: false,
    };
    if !args.in_place {
        for path in sources.iter().filter_map(Source::path) {
            io.guard.reads(path, Input::Source);
        }
    }
    if let Some(file) = &args.key_file {
        io.guard.reads(file, Input::Source);
    }
    let targets = targets(args, &sources, &io.guard)?;
    let mut total = Summary::default();
    let mut exit = EXIT_OK;
    let many = sources.len() > 1;
    for (source, target) in sources.into_iter().zip(targets) {
        let name = source.name().to_owned();
        match one(source, &config, &key, &options, &target, io) {
            Ok(summary) => {
                if args.in_place && summary.keeps_nothing() {
                    io.error(&format!("{name}: {NOTHING_KEPT}; it is as it was"));
                    exit = EXIT_ERROR;
                } else if many && summary.keeps_nothing() {
                    io.warn(&format!("{name}: {NOTHING_KEPT}; it was not written"));
                }
                if args.check {
                    tell(&name, &summary, true, io)?;
                }
                total.add(&summary);
            }
            Err(failure) => {
                io.error(&format!("{name}: {failure}"));
                exit = EXIT_ERROR;
            }
        }
    }
    if args.check {
        return Ok(if exit == EXIT_OK && total.findings() > 0 {
            EXIT_FAILED
        } else {
            exit
        });
    }
    if exit == EXIT_OK && total.keeps_nothing() {
        io.error(&format!(
            "{NOTHING_KEPT}; `harcov routes --each-request` lists the hosts"
        ));
        exit = EXIT_ERROR;
    }
    if exit == EXIT_OK {
        tell("", &total, false, io)?;
    }
    Ok(exit)
}

const NOTHING_KEPT: &str = "no entry is of a host that --only-hosts names";

/// Where the result goes.
enum Target {
    Nowhere,
    Stdout,
    File(PathBuf),
}

fn key(args: &RedactArgs) -> Result<Key, Failure> {
    let key = match &args.key_file {
        None => Key::random(),
        Some(file) => {
            let bytes = std::fs::read(file).map_err(|error| {
                Failure::new(format!(
                    "cannot read the key {}: {error}; check the path",
                    file.display()
                ))
            })?;
            Key::kept(&bytes)
        }
    };
    key.map_err(|error| Failure::new(error.to_string()))
}

/// The captures, each of which can be read twice.
fn sources(paths: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let found = find(paths).map_err(|error| Failure::new(error.to_string()))?;
    Ok(named_apart(found))
}

/// Where each result goes.
fn targets(args: &RedactArgs, sources: &[Source], guard: &Guard) -> Result<Vec<Target>, Failure> {
    let mut taken = BTreeSet::new();
    let many = sources.len() > 1 || args.captures.iter().any(|path| path.is_dir());
    sources
        .iter()
        .map(|source| {
            if args.check {
                return Ok(Target::Nowhere);
            }
            if args.in_place {
                return in_place(source);
            }
            let out = args.output.as_deref().unwrap_or(Path::new("-"));
            if out.as_os_str() == "-" {
                if many {
                    return Err(Failure::new(
                        "several captures cannot be written to stdout; name a folder with -o",
                    ));
                }
                return Ok(Target::Stdout);
            }
            let file = if many || out.is_dir() {
                std::fs::create_dir_all(out).map_err(|error| {
                    Failure::new(format!(
                        "cannot create the folder {}: {error}; name another one",
                        out.display()
                    ))
                })?;
                out.join(file_name(source, &mut taken))
            } else {
                super::output::check_writable(out)?;
                out.to_owned()
            };
            not_read(&file, guard)?;
            Ok(Target::File(file))
        })
        .collect()
}

fn in_place(source: &Source) -> Result<Target, Failure> {
    match source.path() {
        Some(path) if !is_zip(path) => Ok(Target::File(path.to_owned())),
        Some(path) => Err(Failure::new(format!(
            "{} is an archive, which cannot be replaced by a capture; name an output with -o",
            source_name(path)
        ))),
        None => Err(Failure::new(
            "stdin cannot be replaced; name an output with -o",
        )),
    }
}

fn is_zip(path: &Path) -> bool {
    let mut head = [0; 4];
    File::open(path)
        .is_ok_and(|mut file| file.read_exact(&mut head).is_ok() && head.starts_with(b"PK"))
}

fn source_name(path: &Path) -> String {
    Sensitive::built_in().masked(&path.display().to_string())
}

/// The name of a result in a folder: that of the capture, without what may not be shown of it.
fn file_name(source: &Source, taken: &mut BTreeSet<String>) -> String {
    let name = source.name().rsplit('/').next().unwrap_or_default();
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_control() || "<>:\"|?*\\".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    let (stem, ending) = match plain.find('.').filter(|at| *at > 0) {
        Some(_) if plain.to_lowercase().ends_with(".har.gz") => plain.split_at(plain.len() - 7),
        Some(_) => plain.split_at(plain.rfind('.').unwrap_or(plain.len())),
        None => (plain.as_str(), ""),
    };
    let stem = if stem.is_empty() || stem == "-" {
        "capture"
    } else {
        stem
    };
    let ending = match ending.to_lowercase().as_str() {
        ".har.gz" | ".gz" => ".har.gz",
        ".json" => ".json",
        _ => ".har",
    };
    let mut name = format!("{stem}{ending}");
    let mut count = 1;
    while !taken.insert(name.to_lowercase()) {
        count += 1;
        name = format!("{stem}-{count}{ending}");
    }
    name
}

/// A capture is replaced only by the switch that says so.
fn not_read(file: &Path, guard: &Guard) -> Result<(), Failure> {
    match guard.read(file) {
        Some(_) => Err(Failure::new(format!(
            "{} is read by this command; name another output, or say --in-place",
            source_name(file)
        ))),
        None => Ok(()),
    }
}

fn one(
    source: Source,
    config: &Config,
    key: &Key,
    options: &Options,
    target: &Target,
    io: &mut Io<'_>,
) -> Result<Summary, Failure> {
    let again = Twice::new(source)?;
    let collected = collect(vec![again.source()], &config.scope, false, &mut |_, _| ());
    if let Some(failed) = collected.failed.first() {
        return Err(Failure::new(failed.error.to_string()));
    }
    if !collected.inventories.is_empty() {
        return Err(Failure::new(
            "an inventory holds no values; there is nothing to redact",
        ));
    }
    let evidence = inputs::fold(collected.parts)?;
    let inventory = Inventory::build(&evidence, &config.scope, &config.pins());
    let keep = Keep::of(&inventory, &config.scope);
    let failed = |error: crate::redact::RedactError| Failure::new(error.to_string());
    let source = again.source();
    let (capture, summary) = match target {
        Target::Nowhere => check(source, &keep, key).map_err(failed)?,
        Target::Stdout => {
            let mut out = BufWriter::new(&mut *io.out);
            redact(source, &keep, key, options, &mut out).map_err(failed)?
        }
        Target::File(path) => {
            let mut file = Destination::new(path).map_err(|error| cannot_write(path, &error))?;
            let done = if path
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("gz"))
            {
                let mut out = GzEncoder::new(BufWriter::new(&mut file), Compression::default());
                let done = redact(source, &keep, key, options, &mut out).map_err(failed)?;
                out.finish()
                    .and_then(|mut out| out.flush())
                    .map_err(|error| cannot_write(path, &error))?;
                done
            } else {
                let mut out = BufWriter::new(&mut file);
                redact(source, &keep, key, options, &mut out).map_err(failed)?
            };
            // A capture of nothing takes the place of no file.
            if !done.1.keeps_nothing() {
                file.finish().map_err(|error| cannot_write(path, &error))?;
                io.note(&format!("wrote {}", source_name(path)));
            }
            done
        }
    };
    if let Some(byte) = capture.ended_at {
        io.warn(&format!(
            "{}: ends at byte {byte}, within the capture; what stands before it was read",
            capture.name
        ));
    }
    if summary.unreadable > 0 {
        io.warn(&format!(
            "{}: {}",
            capture.name,
            counted(
                summary.unreadable,
                "entry could not be read and is left out",
                "entries could not be read and are left out"
            )
        ));
    }
    Ok(summary)
}

/// A source that can be read twice: what comes once is spooled to a file that only the user can read.
struct Twice {
    path: PathBuf,
    name: String,
    _spooled: Option<NamedTempFile>,
}

impl Twice {
    fn new(source: Source) -> Result<Self, Failure> {
        let name = source.name().to_owned();
        if let Some(path) = source.path().filter(|path| path.is_file()) {
            return Ok(Twice {
                path: path.to_owned(),
                name,
                _spooled: None,
            });
        }
        let fail = |error: io::Error| Failure::new(format!("{name}: {error}"));
        let mut file = NamedTempFile::new().map_err(fail)?;
        let mut reader = source.into_reader().map_err(fail)?;
        io::copy(&mut reader, &mut file).map_err(fail)?;
        Ok(Twice {
            path: file.path().to_owned(),
            name,
            _spooled: Some(file),
        })
    }

    fn source(&self) -> Source {
        Source::file(&self.path).named(self.name.clone())
    }
}

/// Where a result goes.
enum Destination {
    /// A file beside the one to be written, which only the user can read, and which takes its place in one step.
    File(NamedTempFile, PathBuf),
    /// A device or a pipe, which no file takes the place of.
    Device(File),
}

impl Destination {
    fn new(path: &Path) -> io::Result<Self> {
        if path.metadata().is_ok_and(|known| !known.is_file()) {
            return File::options()
                .write(true)
                .open(path)
                .map(Destination::Device);
        }
        // A link stays; what it points to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let file = tempfile::Builder::new()
            .prefix(".harcov-")
            .tempfile_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Destination::File(file, path))
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Destination::File(file, path) => {
                file.persist(path)?;
                Ok(())
            }
            Destination::Device(mut device) => device.flush(),
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Destination::File(file, _) => file.write(bytes),
            Destination::Device(device) => device.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Destination::File(file, _) => file.flush(),
            Destination::Device(device) => device.flush(),
        }
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!(
        "cannot write {}: {error}; check the folder's permissions and the free space",
        source_name(path)
    ))
}

/// Tells what was replaced, or found: rules, places and numbers, never a value.
fn tell(name: &str, summary: &Summary, check: bool, io: &mut Io<'_>) -> Result<(), Failure> {
    let name = visible(name);
    let mut lines = Vec::new();
    let entries = counted(summary.entries, "entry", "entries");
    if check {
        let found = summary.findings();
        lines.push(match found {
            0 if summary.sealed > 0 && summary.proven == 0 => format!(
                "{name}: clean: {entries}, {} of them redacted before, as their seals say and nothing in them denies; --key-file proves it",
                summary.sealed
            ),
            0 => format!(
                "{name}: clean: {entries}, {} of them redacted before",
                summary.sealed
            ),
            _ => format!(
                "{name}: {} in {entries}",
                counted(found, "value that the rules know", "values that the rules know")
            ),
        });
    } else {
        lines.push(format!(
            "{entries}, {} replaced{}{}",
            counted(summary.replaced(), "value", "values"),
            note(summary.sealed, "redacted before"),
            note(summary.left_out, "of other hosts left out"),
        ));
    }
    for ((class, rule, place), count) in &summary.known {
        let entries: Vec<String> = count
            .entries
            .iter()
            .map(|entry| (entry + 1).to_string())
            .collect();
        let more = if entries.len() >= 10 { ", ..." } else { "" };
        let entries = match entries.len() {
            0 => String::new(),
            _ if check => format!("  in entries {}{more}", entries.join(", ")),
            _ => String::new(),
        };
        lines.push(format!(
            "  {:<10} {:<18} {:<10} {:>7}{entries}",
            class.name(),
            rule,
            place.name(),
            count.values
        ));
    }
    if !check {
        for (place, count) in &summary.others {
            lines.push(format!(
                "  {:<10} {:<18} {:<10} {count:>7}",
                "other",
                "-",
                place.name()
            ));
        }
    }
    if check {
        writeln!(io.out, "{}", clean(&lines.join("\n")))?;
    } else {
        io.note(&lines.join("\n"));
    }
    Ok(())
}

fn note(count: usize, what: &str) -> String {
    if count == 0 {
        String::new()
    } else {
        format!(", {count} {what}")
    }
}
