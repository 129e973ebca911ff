//! From entries to exchanges: what counts as API traffic, and what is known of it.
//!
//! This is the boundary behind which no raw value exists. [`Gate::pass`] decides entry by entry;
//! which hosts are the API's can only be told from all of them, by [`choose_hosts`].

mod body;
mod carried;
mod exchange;
mod fields;
mod gate;
mod graphql;
mod hosts;
mod identity;
mod json;
mod limits;
mod location;
mod maps;
mod naming;
mod nested;
mod noise;
mod operation;
mod parts;
mod places;
mod reading;
mod recall;
mod seen;
mod sink;
mod skip;
mod soap;
mod walker;
mod wrapped;
mod xmlrpc;

pub(crate) use body::{BodyForm, MATRIX, body_form, shown_name};
pub use exchange::{
    Carried, Exchange, Given, Operation, Param, Payload, Place, Protocol, given_in,
};
pub use fields::{FieldName, FieldSeen, Fields, Form, TextSeen, ThingSeen, WordSeen};
pub(crate) use gate::method_name;
pub use gate::{Filter, Gate, Passed};
pub(crate) use graphql::is_graphql;
pub(crate) use hosts::same_site;
pub use hosts::{HostUse, choose_hosts};
pub use identity::{is_credential, is_credential_param};
pub use limits::Limits;
pub(crate) use location::{is_session, is_value_host_label, origin_of, shown_host, split_matrix};
pub(crate) use maps::Members;
pub(crate) use naming::is_value as is_value_name;
pub(crate) use noise::is_well_known;
pub(crate) use operation::{names_action, operation_in_json};
pub(crate) use places::{ITEMS, KEY, ROOT};
pub use reading::is_read_word;
pub(crate) use reading::{always_writes, reads, reads_again, spoken};
pub use skip::Skip;
pub(crate) use soap::Message as XmlMessage;
pub(crate) use wrapped::unwrapped;

/// A message of SOAP, or a call of XML-RPC.
pub(crate) fn xml_message(text: &str) -> Option<XmlMessage> {
    soap::message(text).or_else(|| xmlrpc::message(text))
}

/// Whether a name of a parameter or field is itself a value.
pub(crate) fn names_a_value(name: &str) -> bool {
    naming::is_value(name, &crate::value::Values::default())
}
