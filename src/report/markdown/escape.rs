//! Text that Markdown takes as it is: no HTML, no emphasis, no link, no @name that somebody would be told of.
//!
//! Entities never act as marks (<https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references>), but the
//! text they stand for is still searched for @names, #numbers and addresses, except in `<code>`. So whatever is not
//! plain words goes there.

use std::fmt::Write as _;

use crate::report::sanitize;

/// A text in which names stand in backticks: those become code, and so does what is more than words.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // A backtick of a template's own: nobody knows what belongs together.
    if parts.len().is_multiple_of(2) {
        return if is_plain(text) { plain(text) } else { code(text) };
    }
    let part = |(idx, it): (usize, &&str)| match idx.is_multiple_of(2) && is_plain(it) {
        true => plain(it),
        false => code(it),
    };
    parts.iter().enumerate().map(part).collect()
}

/// A text as code.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = sanitize::line(text);
    let has_address = text.to_ascii_lowercase().contains("www");
    let mut res = "<code>".to_owned();
    for char in text.chars() {
        let is_mark = char.is_ascii_punctuation() && !"-./,;".contains(char);
        if is_mark || (char == '.' && has_address) {
            let _ = write!(res, "&#{};", u32::from(char));
        } else {
            res.push(char);
        }
        // An address of mail is found in the text around the sign, which ends here.
        if char == '@' {
            res.push_str("</code><code>");
        }
    }
    res + "</code>"
}

/// Whether it is nothing but words, figures and what stands between them.
fn is_plain(text: &str) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || " ,;'()-/%+=.$".contains(it);
    let without_colons = text.replace(": ", " ");
    without_colons.chars().all(is_word) && !text.to_ascii_lowercase().contains("www.")
}

fn plain(text: &str) -> String {
    // Two of them would be taken for a formula.
    text.replace('$', "<span>$</span>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_code_and_words_are_words() {
        assert_eq!(
            prose("joins `default`, not `Cluster`"),
            "joins <code>default</code>, not <code>Cluster</code>"
        );
        assert_eq!(prose("help: pay $1.20/h"), "help: pay <span>$</span>1.20/h");
        assert_eq!(prose("write `a:b`"), "write <code>a&#58;b</code>");
        assert_eq!(prose(""), "");
    }

    #[test]
    fn what_is_more_than_words_is_code() {
        assert_eq!(
            prose("<b>@who</b> `x`"),
            "<code>&#60;b&#62;&#64;</code><code>who&#60;/b&#62; </code><code>x</code>"
        );
        assert_eq!(prose("a ` b | c"), "<code>a &#96; b &#124; c</code>");
        assert_eq!(prose("http://a"), "<code>http&#58;//a</code>");
        assert_eq!(prose("www.evil.com"), "<code>www&#46;evil&#46;com</code>");
        assert_eq!(prose("_*#~!"), "<code>&#95;&#42;&#35;&#126;&#33;</code>");
    }
}
