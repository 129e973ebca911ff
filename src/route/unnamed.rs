//! What tells an endpoint from others, as text, whatever its parameters are called.

use super::template::{ParamStyle, Part, Piece, Template};

/// An endpoint's id (`GET /orders/<order_id>/ [operation] @host`) with neither the names of parameters
/// nor the slash at the end of the route: other captures may show both otherwise. Other text stays.
///
/// ```
/// use harcov::route::unnamed;
///
/// assert_eq!(unnamed("GET /a/<id>/b/"), unnamed("GET /a/{order_no}/b"));
/// assert_ne!(unnamed("GET /a/<id>"), unnamed("GET /a/list"));
/// ```
pub fn unnamed(id: &str) -> String {
    match parts(id) {
        Some((method, route, rest)) => format!("{method}{}{rest}", without_names(route)),
        None => id.to_owned(),
    }
}

/// An endpoint's id with the parameters of its route in a style, which people read; `None` if a text is none,
/// such as a route without a method.
///
/// ```
/// use harcov::route::{ParamStyle, restyled};
///
/// let shown = restyled("GET /a/<id>/ [operation] @host", ParamStyle::Brace);
/// assert_eq!(shown.as_deref(), Some("GET /a/{id}/ [operation] @host"));
/// assert_eq!(restyled("how /a/<id> is written", ParamStyle::Brace), None);
/// ```
pub fn restyled(id: &str, style: ParamStyle) -> Option<String> {
    let (method, route, rest) = parts(id)?;
    let is_method = |c: char| c.is_ascii_uppercase() || c == '-' || c == '_';
    let named = method.len() > 1 && method.trim_end().chars().all(is_method);
    named.then(|| format!("{method}{}{rest}", route.display(style)))
}

/// The method with the blank behind it, the route, and what follows.
fn parts(id: &str) -> Option<(&str, Template, &str)> {
    let (method, rest) = id.split_at(id.find(" /")? + 1);
    let (route, rest) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
    Some((method, route.parse().ok()?, rest))
}

fn without_names(route: Template) -> String {
    let nameless = |piece| match piece {
        Piece::Param(_) => Piece::Param(String::new()),
        literal @ Piece::Literal(_) => literal,
    };
    let parts = route.parts.into_iter().map(|part| match part {
        Part::Param(_) => Part::Param(String::new()),
        Part::Mixed(pieces) => Part::Mixed(pieces.into_iter().map(nameless).collect()),
        literal @ Part::Literal(_) => literal,
    });
    let route = Template {
        parts: parts.collect(),
        slash: false,
    };
    route.display(ParamStyle::Angle).to_string()
}

#[cfg(test)]
mod tests {
    use super::{ParamStyle, restyled, unnamed};

    #[test]
    fn names_of_parameters_do_not_tell_endpoints_apart() {
        assert_eq!(unnamed("GET /a/<id>/b"), unnamed("GET /a/{order_id}/b"));
        assert_eq!(unnamed("GET /a/:id"), "GET /a/<>");
        assert_eq!(unnamed("GET /a/<id>/ @h:1"), "GET /a/<> @h:1");
        assert_eq!(unnamed("GET /f/<a>.json"), unnamed("GET /f/<b>.json"));
        assert_ne!(unnamed("GET /a/<id>"), unnamed("GET /a/list"));
        assert_ne!(unnamed("GET /a/<id>"), unnamed("GET /a/*"));
    }

    #[test]
    fn the_style_changes_the_route_only() {
        let colon = |id| restyled(id, ParamStyle::Colon);
        assert_eq!(
            colon("POST /a/<id>/f/<n>.json [A<b>]").as_deref(),
            Some("POST /a/:id/f/{n}.json [A<b>]")
        );
        assert_eq!(colon("/a/<id>"), None);
        assert_eq!(colon("POST /a/<b (x=1)"), None);
    }

    #[test]
    fn what_is_no_route_stays() {
        assert_eq!(unnamed("POST /graphql [A/{b}]"), "POST /graphql [A/{b}]");
        assert_eq!(unnamed("POST /a/<b (x=1)"), "POST /a/<b (x=1)");
        assert_eq!(unnamed("data.status"), "data.status");
        assert_eq!(unnamed("GET /"), "GET /");
    }
}
