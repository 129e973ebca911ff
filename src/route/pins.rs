//! Templates said by hand: they win over inference.

use super::Template;

/// A template from config or manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The methods it holds for, in upper case; empty: any.
    pub methods: Vec<String>,
    /// The host it holds for, in lower case; absent: any.
    pub host: Option<String>,
    /// The template.
    pub template: Template,
}

/// All templates said by hand, in order; the first that fits wins, more literal ones before others.
#[derive(Debug, Clone, Default)]
pub struct Pins {
    /// The pins.
    pub pins: Vec<Pin>,
}
