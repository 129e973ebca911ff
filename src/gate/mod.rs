//! The gate: what a project asks of its report, and whether it holds.
//!
//! [`check`] is a pure function of a report and [`Rules`]; what it finds are gaps as the report has
//! them, so that every format for CI shows them.

mod baseline;
mod check;
mod file;
mod verdict;

pub use baseline::{Baseline, Entry};
pub use check::{Rules, check};
pub use file::{parse, schema};
pub use verdict::{CHECK_SCHEMA, KnownRow, LimitRow, Verdict, Violation};
