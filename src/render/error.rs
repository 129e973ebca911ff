//! What can go wrong while rendering.

use std::fmt;

/// A report could not be rendered.
#[derive(Debug)]
pub struct RenderError(Cause);

#[derive(Debug)]
enum Cause {
    Template(tera::Error),
    Json(serde_json::Error),
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            // Tera's own message: what is wrong, the file, the line and a caret.
            Cause::Template(error) => {
                let text = error.to_string();
                f.write_str(text.strip_prefix("error: ").unwrap_or(&text))
            }
            Cause::Json(error) => write!(f, "the report cannot be written as JSON: {error}"),
        }
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Cause::Template(error) => error.source(),
            Cause::Json(error) => Some(error),
        }
    }
}

impl From<tera::Error> for RenderError {
    fn from(error: tera::Error) -> Self {
        RenderError(Cause::Template(error))
    }
}

impl From<serde_json::Error> for RenderError {
    fn from(error: serde_json::Error) -> Self {
        RenderError(Cause::Json(error))
    }
}
