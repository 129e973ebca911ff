//! Makes the weights: two logistic regressions, one for each pass.

use std::collections::BTreeMap;

use harcov::inventory::CallKey;
use harcov::route::training::{Example, examples};
use harcov::route::{Features, SegmentStats, Sighting, Weights};

use crate::capture::{Labelled, sighting};
use crate::score::canon;

/// How strongly weights are drawn to zero.
const RIDGE: f64 = 2.0;
/// Newton's steps; it has converged after eight or so.
const STEPS: usize = 12;

/// The places of a capture, with the truth.
pub(crate) fn places(capture: &Labelled, blind: bool) -> Vec<Example> {
    let mut truths: BTreeMap<&CallKey, Vec<bool>> = BTreeMap::new();
    for entry in &capture.entries {
        if let Some(call) = &entry.call {
            let structure = canon(&entry.template).0;
            let mut truth: Vec<bool> = structure.iter().map(|s| s.contains("{}")).collect();
            truth.resize(call.segments.len(), false);
            truths.insert(call, truth);
        }
    }
    let (sightings, truths): (Vec<Sighting<'_>>, Vec<Vec<bool>>) = truths
        .into_iter()
        .filter_map(|(key, truth)| Some((sighting(key, capture.evidence.calls.get(key)?), truth)))
        .unzip();
    if blind {
        let none: Vec<Vec<SegmentStats>> = sightings
            .iter()
            .map(|sighting| vec![SegmentStats::default(); sighting.segments.len()])
            .collect();
        let blind: Vec<Sighting<'_>> = sightings
            .iter()
            .zip(&none)
            .map(|(sighting, stats)| Sighting {
                stats,
                fields: Vec::new(),
                ..sighting.clone()
            })
            .collect();
        return examples(&blind, &truths);
    }
    examples(&sightings, &truths)
}

/// Trains both passes on the places of several captures; every capture counts the same.
pub(crate) fn train(captures: &[(&[Example], f64)]) -> Weights {
    let rows = |pass: &dyn Fn(&Example) -> Vec<Option<Features>>| {
        let mut rows = Vec::new();
        for (places, share) in captures {
            let total: f64 = places.iter().flat_map(|p| &p.weight).sum();
            for place in *places {
                let evidence = pass(place);
                for (at, features) in evidence.into_iter().enumerate() {
                    if let (Some(features), true) = (features, place.weight[at] > 0.0) {
                        let weight = place.weight[at] / total.max(1.0) * 60.0 * share;
                        rows.push((features, place.truth[at], weight));
                    }
                }
            }
        }
        rows
    };
    let first = fit(&rows(&|place| place.first.clone()));
    let second = fit(&rows(&|place| place.second(&odds(&first, &place.first))));
    Weights::new(first, second)
}

/// The log odds that weights give to the evidence; definite values are sure.
pub(crate) fn odds(weights: &[f64], evidence: &[Option<Features>]) -> Vec<f64> {
    let sum = |features: &Features| {
        let products = features.values().iter().zip(weights);
        products.map(|(value, weight)| value * weight).sum()
    };
    evidence
        .iter()
        .map(|features| features.as_ref().map_or(8.0, sum))
        .collect()
}

/// A row of evidence without its zeros, the truth, and its weight.
type Row = (Vec<(usize, f64)>, f64, f64);

/// Logistic regression by Newton's method.
fn fit(rows: &[(Features, bool, f64)]) -> Vec<f64> {
    let n = Features::names().len();
    let sparse: Vec<Row> = rows
        .iter()
        .map(|(features, truth, weight)| {
            let values = features.values().iter().copied().enumerate();
            let row = values.filter(|(_, value)| *value != 0.0).collect();
            (row, f64::from(u8::from(*truth)), *weight)
        })
        .collect();
    let mut beta = vec![0.0; n];
    for _ in 0..STEPS {
        let mut gradient: Vec<f64> = beta.iter().map(|b| -RIDGE * b).collect();
        let mut hessian = vec![0.0; n * n];
        for (row, truth, weight) in &sparse {
            let z: f64 = row.iter().map(|(i, v)| beta[*i] * v).sum();
            let p = 1.0 / (1.0 + (-z).exp());
            for (i, v) in row {
                gradient[*i] += weight * (truth - p) * v;
                let scaled = weight * (p * (1.0 - p)).max(1e-5) * v;
                for (j, u) in row {
                    hessian[i * n + j] += scaled * u;
                }
            }
        }
        for i in 0..n {
            hessian[i * n + i] += RIDGE;
        }
        let step = solve(hessian, gradient, n);
        for (b, s) in beta.iter_mut().zip(step) {
            *b += s.clamp(-3.0, 3.0);
        }
    }
    beta.iter().map(|b| (b * 1000.0).round() / 1000.0).collect()
}

/// Solves a symmetric positive definite system by Cholesky's decomposition.
fn solve(mut a: Vec<f64>, mut b: Vec<f64>, n: usize) -> Vec<f64> {
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| a[i * n + k] * a[j * n + k]).sum();
            let value = a[i * n + j] - dot;
            a[i * n + j] = if i == j {
                value.max(1e-12).sqrt()
            } else {
                value / a[j * n + j]
            };
        }
    }
    for i in 0..n {
        let dot: f64 = (0..i).map(|k| a[i * n + k] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i * n + i];
    }
    for i in (0..n).rev() {
        let dot: f64 = (i + 1..n).map(|k| a[k * n + i] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i * n + i];
    }
    b
}
