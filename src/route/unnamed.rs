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
    let Some(start) = id.find(" /").map(|at| at + 1) else {
        return id.to_owned();
    };
    let (method, rest) = id.split_at(start);
    let (route, rest) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
    match route.parse::<Template>() {
        Ok(route) => format!("{method}{}{rest}", without_names(route)),
        Err(_) => id.to_owned(),
    }
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
    use super::unnamed;

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
    fn what_is_no_route_stays() {
        assert_eq!(unnamed("POST /graphql [A/{b}]"), "POST /graphql [A/{b}]");
        assert_eq!(unnamed("POST /a/<b (x=1)"), "POST /a/<b (x=1)");
        assert_eq!(unnamed("data.status"), "data.status");
        assert_eq!(unnamed("GET /"), "GET /");
    }
}
