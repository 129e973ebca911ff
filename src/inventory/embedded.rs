//! Parameters that stand inside of another one's text.

use crate::scope::Place;
use crate::value::Kind;

use super::Observed;

impl Observed {
    /// The parameter whose text holds this one, as a field of a form holds JSON: `variables` of
    /// `variables.scale`. `None` for what lies in an object or list that is one itself.
    pub(crate) fn text_around<'n>(&self, place: Place, name: &'n str) -> Option<&'n str> {
        let is_text = |holder: &str| {
            let known = self.params.get(&(place, holder.to_owned()));
            known.is_some_and(|known| {
                let has = |kind| known.kinds.contains(&kind);
                has(Kind::String) && !has(Kind::Object) && !has(Kind::Array)
            })
        };
        let ends = name.match_indices(['.', '[']);
        ends.map(|(end, _)| &name[..end])
            .find(|holder| is_text(holder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::ParamUse;

    #[test]
    fn json_in_a_text_is_told_from_objects() {
        let mut observed = Observed::default();
        for (name, kind) in [
            ("variables", Kind::String),
            ("variables.scale", Kind::Integer),
            ("user", Kind::Object),
            ("user.id", Kind::Integer),
        ] {
            let used = ParamUse {
                kinds: [kind].into(),
                ..ParamUse::default()
            };
            observed.params.insert((Place::Form, name.to_owned()), used);
        }
        let around = |name| observed.text_around(Place::Form, name);
        assert_eq!(around("variables.scale"), Some("variables"));
        assert_eq!(around("variables.list[].id"), Some("variables"));
        assert_eq!(around("variables"), None);
        assert_eq!(around("user.id"), None);
        assert_eq!(observed.text_around(Place::Json, "variables.scale"), None);
    }
}
