//! Whether a text may be only a part of the path that is sent: where a call that is not understood is
//! given more than it.

use super::fold::Folder;
use super::idioms::idioms;
use super::language::Role;
use super::pattern::{HOLE, PathPattern, Pattern, flatten};
use super::request::{Context, Methods, Requests};
use super::syntax::{Id, is_text};

/// How many elements of a list are looked at.
const MAX_ELEMENTS: usize = 16;

/// How many handlers of one route are looked at.
const MAX_HANDLERS: usize = 16;

impl Requests<'_, '_> {
    /// Notes that a call which says no method may put a text together with others.
    pub(super) fn doubt(&self, call: Id, from: Id, site: Id, context: &mut Context) {
        if context.methods.doubt.is_none() && self.may_join(call, from, site) {
            context.methods.doubt = Some(context.methods.callees.len());
        }
    }

    /// Notes that a text is one of several in a list, unless these are paths too.
    pub(super) fn doubt_element(&self, list: Id, site: Id, context: &mut Context) {
        let syntax = self.syntax();
        let is_piece = |id: &Id| match syntax.role(*id) {
            Role::String | Role::Concat => !syntax.source(*id).contains('/') && self.has_holes(*id),
            _ => self.folder.may_be_part(*id),
        };
        let others = syntax.get(list).kids.iter().filter(|id| **id != site);
        if context.methods.doubt.is_none() && others.take(MAX_ELEMENTS).any(is_piece) {
            context.methods.doubt = Some(context.methods.callees.len());
        }
    }

    fn has_holes(&self, text: Id) -> bool {
        !self.syntax().get(text).kids.is_empty()
    }

    /// Whether what an expression is given to has a path in front of it: the expression is what is sent
    /// with that, or how.
    pub(super) fn is_behind_path(&self, id: Id) -> bool {
        let syntax = self.syntax();
        let arguments = &idioms().arguments;
        let mut inner = id;
        let (mut table, mut keyed) = (None, false);
        for at in syntax.ancestors(id) {
            let name = syntax.name(at);
            match syntax.role(at) {
                Role::Pair if self.is_carried(at) => return true,
                Role::Pair if arguments.path.contains(name) => {
                    // `{ url: "/a", method: "POST" }` is a request of its own.
                    let around = syntax.get(at).parent;
                    let says = |table: &Id| !self.method_entries(*table, at).is_empty();
                    if around.as_ref().is_some_and(says) {
                        return false;
                    }
                    keyed = true;
                }
                Role::Call => {
                    let is_receiver = syntax.get(at).receiver == Some(inner);
                    let mut given = syntax.arguments(at).take_while(|id| *id != inner);
                    let is_own =
                        |id: Id| self.is_path(id) || (self.declares(at) && self.is_rooted(id));
                    let is_behind = !is_receiver && !keyed;
                    if is_behind && given.any(is_own) {
                        return true;
                    }
                    if is_behind && table == Some(inner) && self.sends_first(at, inner) {
                        return true;
                    }
                    // `stringify({ next: "/b" })`
                    let wraps = !is_receiver && arguments.wrap.contains(name);
                    if !wraps && !self.is_handler(at) {
                        return false;
                    }
                    table = table.map(|_| at);
                }
                Role::Object => table = Some(at),
                Role::Other => table = table.map(|_| at),
                Role::Pair => {}
                _ => return false,
            }
            inner = at;
        }
        false
    }

    /// Whether an argument holds what is sent with a path, and how: `json={"next": "/b"}`.
    fn is_carried(&self, pair: Id) -> bool {
        let syntax = self.syntax();
        let arguments = &idioms().arguments;
        let name = syntax.name(pair);
        let carries = arguments.carried.contains(name) || arguments.params.contains(name);
        let value = syntax.get(pair).kids.last();
        let holds = value.is_some_and(|id| {
            let wraps = syntax.role(*id) == Role::Call && arguments.wrap.contains(syntax.name(*id));
            wraps || syntax.role(*id) == Role::Object
        });
        let mut around = syntax
            .ancestors(pair)
            .filter(|at| !matches!(syntax.role(*at), Role::Object | Role::Other | Role::Pair));
        let is_given = around.next().is_some_and(|at| {
            let name = syntax.name(at);
            syntax.role(at) == Role::Call
                && (idioms().verb_in(name).is_some() || idioms().sends(name))
        });
        carries && holds && is_given
    }

    /// Whether a call that a table is given to sends it to an address in front of it that a name stands
    /// for: `post(this.url, { next: "/b" })`.
    fn sends_first(&self, call: Id, table: Id) -> bool {
        let syntax = self.syntax();
        let mut given = syntax.arguments(call).take_while(|id| *id != table);
        let is_address = |id: Id| {
            let named = matches!(syntax.role(id), Role::Name | Role::Member | Role::Call);
            named && self.method_of(id).is_empty()
        };
        idioms().verb_in(syntax.name(call)).is_some() && given.any(is_address)
    }

    /// Whether a call names the handlers of a route that a call around it declares:
    /// `.route("/", get(list).post(create))`.
    fn is_handler(&self, call: Id) -> bool {
        let syntax = self.syntax();
        // Not `post("/x") { … }`, which has a path of its own.
        let mut first = syntax.arguments(call).take(1);
        if first.any(|id| is_text(syntax, id)) {
            return false;
        }
        let mut inner = call;
        for at in syntax.ancestors(call).take(MAX_HANDLERS) {
            let named = idioms().verb(syntax.name(inner)).is_some();
            if syntax.role(at) != Role::Call || !named {
                return false;
            }
            if syntax.get(at).receiver != Some(inner) {
                return idioms().routes.declare.contains(syntax.name(at));
            }
            inner = at;
        }
        false
    }

    /// Whether an argument is the text of a path.
    fn is_path(&self, id: Id) -> bool {
        let is_rooted = |pattern: &Pattern| {
            PathPattern::of(pattern).is_some_and(|path| path.rooted && path.literals() > 0)
        };
        is_text(self.syntax(), id) && self.folder.fold(id).iter().any(is_rooted)
    }

    fn may_join(&self, call: Id, from: Id, site: Id) -> bool {
        let syntax = self.syntax();
        if self.folder.is_understood(call) {
            return false;
        }
        let given: Vec<Id> = syntax.arguments(call).collect();
        let Some(at) = given.iter().position(|id| *id == from) else {
            // `"/users".with(id)`, but not `target.queryParam("page", page)`
            let arguments = &idioms().arguments;
            let name = syntax.name(call);
            let adds_parameter = arguments.builders.contains(name) && given.len() > 1;
            return from == site
                && !adds_parameter
                && !arguments.params.contains(name)
                && given.iter().any(|id| self.folder.may_be_part(*id));
        };
        if syntax.role(from) == Role::Object || self.folder.has_slots(site) {
            return false;
        }
        let flat: Vec<String> = self.folder.fold(site).iter().map(flatten).collect();
        let ends = flat.iter().any(|text| text.ends_with('/'));
        let begins = flat.iter().all(|text| text.starts_with(['/', HOLE]));
        if self.is_on_store(call) && !idioms().makes_addresses(syntax.name(call)) {
            return true;
        }
        let in_front = given[..at].iter();
        let mut in_front = in_front.filter(|id| !(begins && !ends && self.is_in_front(**id)));
        in_front.any(|id| self.folder.may_be_part(*id))
            || given[at + 1..]
                .iter()
                .any(|id| self.folder.may_be_part(*id))
            || (ends && !idioms().makes_addresses(syntax.name(call)))
    }

    /// Whether an argument is what stands in front of paths, or what sends them.
    fn is_in_front(&self, id: Id) -> bool {
        let named = matches!(self.syntax().role(id), Role::Name | Role::Member);
        let name = self.syntax().name(id);
        named && (idioms().is_base(name) || idioms().makes_requests(name))
    }
}

impl Folder<'_, '_> {
    /// Whether what a call makes of several parts is not known, although one of them is a path.
    pub(super) fn is_joint(&self, call: Id) -> bool {
        let mut given = self.syntax.arguments(call);
        let first = given.next();
        first.is_some_and(|first| !self.has_slots(first))
            && self.is_unknown(call)
            && given.any(|id| self.may_be_part(id))
    }

    /// Whether something may be put behind the path that a call is made on.
    pub(super) fn may_be_longer(&self, call: Id) -> bool {
        let syntax = self.syntax;
        let receiver = syntax.get(call).receiver;
        receiver.is_some_and(|on| syntax.role(on) == Role::Call)
            && self.is_unknown(call)
            && syntax.arguments(call).any(|id| self.may_be_part(id))
    }

    fn is_unknown(&self, call: Id) -> bool {
        let is_local = !self.scopes.functions(self.syntax.name(call)).is_empty();
        !is_local && self.makes(call).is_none() && !self.is_understood(call)
    }

    /// Whether a call is known to leave the path that it is given as it is.
    fn is_understood(&self, call: Id) -> bool {
        let name = self.syntax.name(call);
        let (calls, routes) = (&idioms().calls, &idioms().routes);
        let known = [
            &calls.pass,
            &calls.edit,
            &calls.extend,
            &calls.staged,
            &calls.mention,
            &routes.declare,
            &routes.mount,
            &routes.viewed,
        ];
        known.iter().any(|words| words.contains(name)) || idioms().resource(name).is_some()
    }

    /// Whether a text has slots for the values that are given with it.
    fn has_slots(&self, site: Id) -> bool {
        let kids = &self.syntax.get(site).kids;
        match self.syntax.role(site) {
            Role::Concat => kids.iter().any(|kid| self.has_slots(*kid)),
            Role::String if kids.is_empty() => self.fold(site).iter().any(|pattern| {
                let path = PathPattern::of(pattern);
                path.is_some_and(|path| path.literals() < path.segments.len())
            }),
            _ => false,
        }
    }

    /// Whether an argument can be a part of a path, and not what is sent, or how.
    fn may_be_part(&self, id: Id) -> bool {
        let syntax = self.syntax;
        let name = syntax.name(id);
        let arguments = &idioms().arguments;
        match syntax.role(id) {
            Role::String | Role::Concat => true,
            Role::Name | Role::Member => !arguments.bodies.contains(name),
            Role::Call => !arguments.wrap.contains(name),
            _ => false,
        }
    }
}

impl Methods {
    /// Whether what is given to one of the calls around may be a part of what that call is given.
    pub(super) fn is_part_in(&self, callee: usize) -> bool {
        self.doubt.is_some_and(|doubt| doubt <= callee)
    }
}
