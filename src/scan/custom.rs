//! Calls of house wrappers that a configuration declares.

use std::collections::BTreeSet;

use super::syntax::{Id, Syntax};
use crate::config::{CallArgument, CallPattern};

/// The declared calls.
#[derive(Debug, Clone, Default)]
pub(super) struct CustomCalls(pub(super) Vec<CallPattern>);

impl CustomCalls {
    /// The methods of a call, if it is declared.
    pub(super) fn methods(
        &self,
        syntax: &Syntax<'_>,
        call: Id,
        method_of: impl Fn(Id) -> BTreeSet<String>,
    ) -> BTreeSet<String> {
        let Some(pattern) = self.find(syntax, call) else {
            return BTreeSet::new();
        };
        if let Some(method) = &pattern.method {
            return BTreeSet::from([method.clone()]);
        }
        let at = pattern
            .arguments
            .iter()
            .position(|argument| *argument == CallArgument::Method);
        let argument = at.and_then(|at| syntax.arguments(call).nth(at));
        argument.map(method_of).unwrap_or_default()
    }

    /// Whether a call is declared.
    pub(super) fn declares(&self, syntax: &Syntax<'_>, call: Id) -> bool {
        self.find(syntax, call).is_some()
    }

    fn find(&self, syntax: &Syntax<'_>, call: Id) -> Option<&CallPattern> {
        let head = syntax.head(call).trim();
        let head = head.split('<').next().unwrap_or(head);
        self.0.iter().find(|pattern| {
            head.strip_suffix(pattern.name.as_str())
                .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    }
}
