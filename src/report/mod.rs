//! The report: an assessment put into words, as data that every format is made of.

mod against;
mod below;
mod build;
mod context;
mod endpoint;
mod flows;
mod gap;
mod model;
mod module;
mod naming;
mod recommend;
mod since;
mod story;
mod summary;
mod time;

pub use build::{build, group_title};
pub use context::Context;
pub use gap::{gap_codes, gap_fingerprint, gap_remedy, gap_title, top_place};
pub use model::*;
pub use naming::{flow_name, step_title, subject};
pub use since::{
    BaselineRow, ChangeCounts, GoneRow, LastRow, Past, PointRow, SinceRow, Then, TurnRow, since,
};
pub use story::{
    AuthRow, ChangeRow, CredentialRow, EdgeFrom, EdgeRow, EdgeTo, EndRow, EnvelopeRow, MachineRow,
    PageRow, PollRow, RunStepRow, StoryDocument, StoryRow, VariantRow,
};
pub use time::day;
