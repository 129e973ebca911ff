//! The last touch to Markdown that came out of a template.

/// Removes trailing spaces and runs of blank lines outside fenced code; ends with one line break.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    let mut blank = true;
    for line in text.lines() {
        let marker = fence_marker(line);
        let line = if let Some(open) = fence {
            if marker.is_some_and(|marker| marker.starts_with(open)) {
                fence = None;
            }
            blank = false;
            line
        } else {
            let line = line.trim_end();
            if line.is_empty() && blank {
                continue;
            }
            blank = line.is_empty();
            fence = marker;
            line
        };
        out.push_str(line);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The backticks or tildes that open or close fenced code on this line.
pub(super) fn fence_marker(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == sign).count();
    let is_code_span = sign == '`' && line[length..].contains('`');
    (length >= 3 && !is_code_span).then(|| &line[..length])
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn blank_lines_and_trailing_spaces_go() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\n\n"), "a\n\nb\n");
    }

    #[test]
    fn fenced_code_stays_as_it_is() {
        let text = "a\n\n```\nx  \n\n\ny\n```\n\nb\n";
        assert_eq!(tidy(text), text);
        assert_eq!(tidy("```a``` b\n\n\nc"), "```a``` b\n\nc\n");
    }
}
