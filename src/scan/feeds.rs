//! Which values of a function reach the calls in it that send something.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::idioms::idioms;
use super::language::Role;
use super::request::Requests;
use super::scope::owner;
use super::syntax::Id;

/// How often what feeds a value is followed.
const MAX_STEPS: usize = 4;

/// What one function sends with.
#[derive(Debug, Default)]
pub(super) struct Feeds<'s> {
    /// The expressions that send.
    senders: BTreeSet<Id>,
    /// The names of the values in them, and of those that these are made of.
    names: BTreeSet<&'s str>,
    /// Whether a method is set in a block that builds a request: `method = HttpMethod.Post`.
    built: bool,
}

impl<'s> Requests<'_, 's> {
    /// Whether a path reaches what the function around it sends: it stands in that call, or in a value
    /// that is used there.
    pub(super) fn reaches_sender(&self, site: Id) -> bool {
        let syntax = self.syntax();
        let Some(function) = syntax.function_of(site) else {
            return false;
        };
        let feeds = self.feeds(function);
        let mut from = site;
        let mut called = false;
        if syntax.role(site) == Role::Name && feeds.names.contains(syntax.name(site)) {
            return true;
        }
        for at in std::iter::once(site).chain(syntax.ancestors(site)) {
            if feeds.senders.contains(&at) {
                return true;
            }
            match syntax.role(at) {
                Role::Assign => {
                    let head = syntax.head(at).trim_end();
                    let known = |name: &str| feeds.names.contains(name);
                    return known(syntax.name(at)) || owner(head).is_some_and(known);
                }
                Role::Parameter => return feeds.names.contains(syntax.name(at)),
                Role::Call if syntax.get(at).receiver != Some(from) => {
                    called = true;
                    let on = owner(syntax.head(at).trim_end());
                    let name = syntax.name(at);
                    let sets = feeds.built && idioms().arguments.path.contains(name);
                    let staged = idioms().calls.staged.contains(name);
                    if staged || sets || on.is_some_and(|on| feeds.names.contains(on)) {
                        return true;
                    }
                }
                Role::Call => called = true,
                Role::Other if !called && is_comparison(syntax.operator(at)) => return false,
                Role::Function if at == function => return !called,
                _ => {}
            }
            from = at;
        }
        !called
    }

    fn feeds(&self, function: Id) -> Rc<Feeds<'s>> {
        let known = self.feeds.borrow().get(&function).map(Rc::clone);
        known.unwrap_or_else(|| {
            let found = Rc::new(self.feeding(function));
            self.feeds.borrow_mut().insert(function, Rc::clone(&found));
            found
        })
    }

    fn feeding(&self, function: Id) -> Feeds<'s> {
        let syntax = self.syntax();
        let mut inside = syntax.descendants(function);
        inside.retain(|id| syntax.function_of(*id) == Some(function));
        let mut feeds = Feeds::default();
        for id in &inside {
            if !self.sent_by(*id).is_empty() {
                feeds.senders.insert(self.whole(*id));
            }
            let names_method = idioms().arguments.method.contains(syntax.head(*id));
            if syntax.role(*id) == Role::Assign && names_method {
                let mut around = syntax.ancestors(*id).take_while(|at| *at != function);
                let call = around.find(|at| syntax.role(*at) == Role::Call);
                feeds.senders.extend(call.map(|call| self.whole(call)));
                feeds.built = true;
            }
        }
        let mut todo: Vec<Id> = feeds.senders.iter().copied().collect();
        for _ in 0..MAX_STEPS {
            let found: BTreeSet<&str> = todo.drain(..).flat_map(|id| self.names_in(id)).collect();
            feeds.names.extend(found);
            let known = |name: &str| feeds.names.contains(name);
            let makes = |id: &Id| match syntax.role(*id) {
                Role::Assign => known(syntax.name(*id)),
                Role::Call => owner(syntax.head(*id).trim_end()).is_some_and(known),
                _ => false,
            };
            todo.extend(inside.iter().copied().filter(makes));
            inside.retain(|id| !makes(id));
            if todo.is_empty() {
                break;
            }
        }
        feeds
    }

    /// The whole expression that a call is part of: the chain that goes on behind it, and the calls that
    /// it is given to.
    fn whole(&self, call: Id) -> Id {
        let syntax = self.syntax();
        let mut top = call;
        for at in syntax.ancestors(call) {
            match syntax.role(at) {
                Role::Call | Role::Pair | Role::Object | Role::Member => top = at,
                Role::Other if syntax.get(at).kids.len() == 1 && !syntax.is_block(at) => {}
                _ => break,
            }
        }
        top
    }

    fn names_in(&self, id: Id) -> Vec<&'s str> {
        let syntax = self.syntax();
        let mut found = Vec::new();
        for at in syntax.descendants(id) {
            match syntax.role(at) {
                Role::Name | Role::Member => {
                    found.push(syntax.name(at));
                    found.extend(owner(syntax.source(at)));
                }
                Role::Call => found.extend(owner(syntax.head(at).trim_end())),
                _ => {}
            }
        }
        found
    }
}

fn is_comparison(operator: &str) -> bool {
    matches!(operator, "==" | "===" | "!=" | "!==" | "in" | "is")
}

/// What functions send with, by function, of those that were asked for.
pub(super) type Known<'s> = std::cell::RefCell<HashMap<Id, Rc<Feeds<'s>>>>;
