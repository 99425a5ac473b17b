//! Patterns with `*` and `?`.

/// Whether `text` is what `pattern` says: `*` stands for any run of bytes, also none, `?` for one byte.
///
/// Takes at most the product of both lengths.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut in_pattern, mut in_text) = (0, 0);
    // Where to go on when the last `*` has to take one byte more.
    let mut retry = None;
    while in_text < text.len() {
        match pattern.get(in_pattern) {
            Some(b'*') => {
                retry = Some((in_pattern + 1, in_text));
                in_pattern += 1;
            }
            Some(it) if *it == b'?' || *it == text[in_text] => {
                in_pattern += 1;
                in_text += 1;
            }
            _ => {
                let Some((after_star, taken)) = retry else { return false };
                retry = Some((after_star, taken + 1));
                in_pattern = after_star;
                in_text = taken + 1;
            }
        }
    }
    pattern[in_pattern..].iter().all(|it| *it == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        let check = |pattern, text, expected| assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        check("", "", true);
        check("", "a", false);
        check("*", "", true);
        check("*", "anything", true);
        check("Submit*", "SubmitTaskStateChange", true);
        check("Submit*", "Submi", false);
        check("*State*", "SubmitTaskStateChange", true);
        check("*State", "SubmitTaskStateChange", false);
        check("Get?oken", "GetToken", true);
        check("Get?", "Get", false);
        check("a*b*c", "abbbc", true);
        check("a*b*c", "abbb", false);
        check("*a*a*a*b", &"a".repeat(200), false);
    }
}
