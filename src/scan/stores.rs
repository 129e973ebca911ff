//! Calls that are made on what keeps things by keys, and sends nothing: caches, maps, environments.

use super::front::is_maker;
use super::idioms::idioms;
use super::language::Role;
use super::request::Requests;
use super::scope::owner;
use super::syntax::Id;

impl Requests<'_, '_> {
    /// The method that the name of a call says although it looks up or changes what is kept by a key.
    pub(super) fn looks_up(&self, call: Id) -> Option<&str> {
        let syntax = self.syntax();
        let named = idioms().verb_in(syntax.name(call));
        let method = named.or_else(|| idioms().default_verb(syntax.head(call)));
        method.filter(|_| self.is_on_store(call))
    }

    /// Whether a call is made on something that keeps things by keys, by the nearest name that tells.
    pub(super) fn is_on_store(&self, call: Id) -> bool {
        let syntax = self.syntax();
        let mut at = call;
        loop {
            let Some(on) = syntax.get(at).receiver else {
                let on = owner(syntax.head(at));
                return on.is_some_and(|on| idioms().is_store(on));
            };
            let name = syntax.name(on);
            if idioms().is_store(name) {
                return !self.is_made_client(on);
            }
            if idioms().makes_requests(name) {
                return false;
            }
            match syntax.role(on) {
                Role::Call => at = on,
                Role::Name => return self.is_made_store(on),
                _ => return false,
            }
        }
    }

    /// Whether a name stands for a client or router, whatever it is called.
    fn is_made_client(&self, on: Id) -> bool {
        let syntax = self.syntax();
        let front = self.front(on);
        let values = self.folder.scopes.values(syntax, on);
        let makes = |id: &Id| {
            let head = syntax.head(*id);
            syntax.role(*id) == Role::Call && (idioms().is_client(head) || is_maker(head))
        };
        front.prefix.is_some() || !front.names.is_empty() || values.iter().any(makes)
    }

    /// Whether a name stands for something that is made as a store.
    fn is_made_store(&self, on: Id) -> bool {
        let syntax = self.syntax();
        let values = self.folder.scopes.values(syntax, on);
        let is_store = |id: &Id| match syntax.role(*id) {
            Role::Object => self.is_plain_table(*id),
            Role::Call => {
                let on = owner(syntax.head(*id));
                idioms().is_store(syntax.name(*id)) || on.is_some_and(|on| idioms().is_store(on))
            }
            _ => false,
        };
        !values.is_empty() && values.iter().all(is_store) && !self.gets_methods(on)
    }

    /// Whether a table has no entries that can be called like a request.
    fn is_plain_table(&self, table: Id) -> bool {
        let syntax = self.syntax();
        let kids = &syntax.get(table).kids;
        !kids.iter().any(|kid| {
            let last = syntax.get(*kid).kids.last();
            let is_function = |id: &Id| syntax.role(*id) == Role::Function;
            is_function(kid)
                || last.is_some_and(is_function)
                || idioms().verb(syntax.name(*kid)).is_some()
        })
    }

    /// Whether functions are put into a table later: `api.get = function …`.
    fn gets_methods(&self, on: Id) -> bool {
        let syntax = self.syntax();
        idioms().verb_words().any(|verb| {
            let mut assigns = self.folder.scopes.assignments(verb).iter();
            assigns.any(|assign| owner(syntax.head(*assign)) == Some(syntax.name(on)))
        })
    }
}
