//! Chinese typography: a space where Chinese meets Latin letters, digits or code.
//!
//! The rule is the one of the Chinese copywriting guidelines
//! (github.com/sparanoid/chinese-copywriting-guidelines): a space between Chinese characters and
//! Latin words or numbers, none beside full-width punctuation.

/// Puts a space wherever a Chinese character and a Latin letter, a digit or a code span meet.
///
/// Code spans and addresses are left as they are. Doing it twice changes nothing.
///
/// ```
/// use harcov::locale::space_cjk;
///
/// assert_eq!(space_cjk("共35个API请求，含`a中b`参数"), "共 35 个 API 请求，含 `a中b` 参数");
/// ```
pub fn space_cjk(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at(unit(rest));
        push_spaced(&mut out, piece);
        rest = tail;
    }
    out
}

/// Appends a piece, after a space if Chinese and Latin letters, digits or code meet there. The
/// piece itself stays as it is.
pub(super) fn push_spaced(out: &mut String, piece: &str) {
    if meets(out.chars().next_back(), piece.chars().next()) {
        out.push(' ');
    }
    out.push_str(piece);
}

/// The length of what stays together at the start: a code span, an address or one character.
fn unit(text: &str) -> usize {
    let fence = text.len() - text.trim_start_matches('`').len();
    if fence > 0 {
        return code_span(text, fence).unwrap_or(fence);
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return text
            .find(|c: char| c.is_whitespace() || !c.is_ascii() || c == ')' || c == '>')
            .unwrap_or(text.len());
    }
    text.chars().next().map_or(text.len(), char::len_utf8)
}

/// The length of the code span that a fence of this length opens, if anything closes it.
fn code_span(text: &str, fence: usize) -> Option<usize> {
    let mut from = fence;
    loop {
        let start = from + text[from..].find('`')?;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == fence {
            return Some(start + run);
        }
        from = start + run;
    }
}

/// Whether a space belongs between these two characters.
fn meets(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    (is_cjk(before) && (is_latin(after) || after == '`'))
        || (is_cjk(after) && (is_latin(before) || matches!(before, '`' | '%' | '°')))
}

/// Whether a character is a Chinese one (or kana); punctuation is not.
fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character is a letter or digit of a European script.
fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && c < '\u{0530}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_punctuation_needs_no_space() {
        assert_eq!(space_cjk("接口：POST（2个）。OK"), "接口：POST（2 个）。OK");
    }

    #[test]
    fn code_and_addresses_stay_as_they_are() {
        assert_eq!(
            space_cjk("见``a`中b``和https://a.cn/中b"),
            "见 ``a`中b`` 和 https://a.cn/中 b"
        );
        assert_eq!(space_cjk("未闭合`中b"), "未闭合 ` 中 b");
    }

    #[test]
    fn doing_it_twice_changes_nothing() {
        for text in ["有15%的请求", "`a`和`b`、`c`", "中 a中", ""] {
            let once = space_cjk(text);
            assert_eq!(space_cjk(&once), once);
        }
        assert_eq!(space_cjk("有15%的请求"), "有 15% 的请求");
    }
}
