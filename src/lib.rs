//! harcov reads HAR captures and says how much of the API that they exercise is implemented.
//!
//! Types flow one way, and each room refers only to rooms before it:
//!
//! ```text
//! bytes -> Entry -> Exchange -> Inventory{Endpoint} -> Assessment -> Report -> Markdown | HTML | JSON
//!          capture  scope       route, inventory       rules, manifest  report    render
//! ```
//!
//! The library never prints and never exits; writers are passed in.

pub mod value;

pub mod capture;

pub mod scope;

pub mod route;

pub mod inventory;

pub mod redact;

pub mod config;

pub mod spec;

pub mod manifest;

pub mod scan;

pub mod rules;

pub mod assess;

pub mod locale;

pub mod report;

pub mod gate;

pub mod diff;

pub mod render;

pub mod export;

pub mod cli;
