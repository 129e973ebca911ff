//! What changes do to the status against the manifest.

use crate::config::Status;

use super::compare::Found;
use super::level::Code;
use super::model::Effect;
use super::sides::{Side, Sides};

/// Adds the effect to every change that has one.
pub(super) fn add(found: &mut [Found], sides: &Sides) {
    for change in found.iter_mut() {
        let Some(id) = &change.endpoint else {
            continue;
        };
        let (old, new) = (status(&sides.old, id), status(&sides.new, id));
        let effect = match change.code {
            Code::EndpointNew => Effect {
                old: None,
                new: new.map(|(status, _)| status),
                beyond: Vec::new(),
            },
            Code::EndpointUnobserved => Effect {
                old: old.map(|(status, _)| status),
                new: None,
                beyond: Vec::new(),
            },
            Code::ParamNew | Code::ConstantNew | Code::DiscriminatorNew => {
                let name = &change.subject;
                let beyond = match (&change.code, &change.new) {
                    (Code::ParamNew, _) | (_, None) => name.clone(),
                    (_, Some(value)) => format!("{name}={value}"),
                };
                let (Some((before, known)), Some((after, now))) = (old, new) else {
                    continue;
                };
                if known.contains(&beyond) || !now.contains(&beyond) {
                    continue;
                }
                Effect {
                    old: Some(before),
                    new: Some(after),
                    beyond: vec![beyond],
                }
            }
            _ => continue,
        };
        let told = [effect.old, effect.new].into_iter().flatten();
        if told.into_iter().any(|status| status != Status::Unknown) {
            change.effect = Some(effect);
        }
    }
}

/// The status of an endpoint on one side, with what was sent beyond its claim.
fn status<'a>(side: &'a Side, id: &str) -> Option<(Status, &'a Vec<String>)> {
    let (at, _) = side.endpoint(id)?;
    let assessed = side.assessment.endpoints.get(at)?;
    Some((assessed.status, &assessed.beyond))
}
