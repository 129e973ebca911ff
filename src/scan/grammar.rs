//! The grammars that this build holds.

use tree_sitter::Language;

/// The grammar of a language of the table, if the build has it.
pub(super) fn grammar(name: &str) -> Option<Language> {
    match name {
        #[cfg(feature = "python")]
        "python" => Some(tree_sitter_python::LANGUAGE.into()),
        #[cfg(feature = "javascript")]
        "javascript" => Some(tree_sitter_javascript::LANGUAGE.into()),
        #[cfg(feature = "typescript")]
        "typescript" => Some(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()),
        #[cfg(feature = "typescript")]
        "tsx" => Some(tree_sitter_typescript::LANGUAGE_TSX.into()),
        #[cfg(feature = "java")]
        "java" => Some(tree_sitter_java::LANGUAGE.into()),
        #[cfg(feature = "kotlin")]
        "kotlin" => Some(tree_sitter_kotlin_ng::LANGUAGE.into()),
        #[cfg(feature = "go")]
        "go" => Some(tree_sitter_go::LANGUAGE.into()),
        #[cfg(feature = "swift")]
        "swift" => Some(tree_sitter_swift::LANGUAGE.into()),
        #[cfg(feature = "dart")]
        "dart" => Some(tree_sitter_dart::LANGUAGE.into()),
        #[cfg(feature = "c-sharp")]
        "c-sharp" => Some(tree_sitter_c_sharp::LANGUAGE.into()),
        #[cfg(feature = "rust")]
        "rust" => Some(tree_sitter_rust::LANGUAGE.into()),
        #[cfg(feature = "php")]
        "php" => Some(tree_sitter_php::LANGUAGE_PHP.into()),
        _ => None,
    }
}
