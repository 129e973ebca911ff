//! Markdown by its headings: cut into sections, and moved below the heading that it is put under.

/// A heading with what is below it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section<'a> {
    /// The heading, without its signs; empty for what stands before the first.
    pub(super) title: &'a str,
    /// All of it.
    pub(super) text: &'a str,
}

/// Cuts a text at its headings of a level, outside of fenced code.
pub(super) fn sections(text: &str, level: usize) -> Vec<Section<'_>> {
    let mut cuts = vec![(0, "")];
    for line in numbered(text) {
        if line.level == level {
            cuts.push((line.start, line.text.trim_start_matches('#').trim()));
        }
    }
    let ends = cuts
        .iter()
        .skip(1)
        .map(|(start, _)| *start)
        .chain([text.len()]);
    cuts.iter()
        .zip(ends)
        .filter(|((start, _), end)| end > start)
        .map(|((start, title), end)| Section {
            title,
            text: &text[*start..end],
        })
        .collect()
}

/// The level of the last heading of a text; 0 if there is none.
pub(super) fn last_level(text: &str) -> usize {
    numbered(text)
        .filter(|line| line.level > 0)
        .last()
        .map_or(0, |line| line.level)
}

/// The text with its headings moved down; none gets below the sixth level.
pub(super) fn moved_down(text: &str, by: usize) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for line in numbered(text) {
        if line.level > 0 {
            let added = by.min(6 - line.level.min(6));
            out.push_str(&"#".repeat(added));
        }
        out.push_str(line.text);
        out.push('\n');
    }
    out
}

/// A line of a text.
pub(super) struct Line<'a> {
    /// Its number, from 1.
    pub(super) number: usize,
    /// Where it starts.
    start: usize,
    /// With the line break that it ends with.
    pub(super) raw: &'a str,
    /// Without it.
    pub(super) text: &'a str,
    /// Whether it is fenced code, or the fence.
    pub(super) is_code: bool,
    /// The level of the heading that it is, or 0.
    level: usize,
}

/// The lines of a text, with what is fenced code and what a heading.
pub(super) fn numbered(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut next = 0;
    let mut fence: Option<&str> = None;
    text.split_inclusive('\n')
        .enumerate()
        .map(move |(at, raw)| {
            let start = next;
            next += raw.len();
            let text = raw.trim_end_matches(['\n', '\r']);
            let marker = super::tidy::fence_marker(text);
            let is_code = fence.is_some() || marker.is_some();
            fence = match (fence, marker) {
                (Some(open), Some(marker)) if marker.starts_with(open) => None,
                (None, marker) => marker,
                (open, _) => open,
            };
            Line {
                number: at + 1,
                start,
                raw,
                text,
                is_code,
                level: if is_code { 0 } else { heading_level(text) },
            }
        })
}

fn heading_level(line: &str) -> usize {
    let level = line.len() - line.trim_start_matches('#').len();
    let after = &line[level..];
    if level <= 6 && (after.is_empty() || after.starts_with([' ', '\t'])) {
        level
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# A\n\n```\n## no\n```\n## B\n### C\nx\n## D\n";

    #[test]
    fn code_has_no_headings() {
        let found = sections(TEXT, 2);
        let titles: Vec<&str> = found.iter().map(|section| section.title).collect();
        assert_eq!(titles, ["", "B", "D"]);
        assert_eq!(found.iter().map(|s| s.text).collect::<String>(), TEXT);
        assert_eq!(last_level(TEXT), 2);
    }

    #[test]
    fn headings_move_down() {
        let moved = moved_down(TEXT, 4);
        assert_eq!(
            moved,
            "##### A\n\n```\n## no\n```\n###### B\n###### C\nx\n###### D\n"
        );
        assert_eq!(moved_down("####### a\n#b\n", 1), "####### a\n#b\n");
    }
}
