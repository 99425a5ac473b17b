//! Text in XML and in HTML.

use super::sanitize;

/// Text for an attribute or between tags, on one line, of characters that XML may have.
pub(super) fn escape(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for char in sanitize::line(text).chars() {
        match char {
            '&' => res.push_str("&amp;"),
            '<' => res.push_str("&lt;"),
            // So that no `]]>` is left either.
            '>' => res.push_str("&gt;"),
            '"' => res.push_str("&quot;"),
            '\'' => res.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => res.push('\u{fffd}'),
            _ => res.push(char),
        }
    }
    res
}
