//! A path as a URI reference.

use std::fmt::Write as _;

use crate::report::plain_path;

/// A relative path stays relative, to wherever ecslint was started; an absolute one becomes `file:///...`.
pub(super) fn uri(path: &str) -> String {
    let path = plain_path(path);
    let has_drive = cfg!(windows) && path.as_bytes().get(1) == Some(&b':');
    let mut res = match path.starts_with('/') {
        true => "file://".to_owned(),
        false if has_drive => "file:///".to_owned(),
        false => String::new(),
    };
    for (idx, byte) in path.bytes().enumerate() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if is_plain || (has_drive && idx == 1) {
            res.push(char::from(byte));
        } else {
            let _ = write!(res, "%{byte:02X}");
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_plain_letter_is_encoded() {
        assert_eq!(uri("./a/b-1_2~.yml"), "a/b-1_2~.yml");
        assert_eq!(uri("a b/é%#?[x].yml"), "a%20b/%C3%A9%25%23%3F%5Bx%5D.yml");
        // Not a scheme.
        assert_eq!(uri("a:b.yml"), "a%3Ab.yml");
        assert_eq!(uri("../a.yml"), "../a.yml");
        assert_eq!(uri("-"), "-");
        assert_eq!(uri("\u{1b}\n"), "%1B%0A");
    }

    #[cfg(not(windows))]
    #[test]
    fn an_absolute_path_is_a_file() {
        assert_eq!(uri("/a b/c.yml"), "file:///a%20b/c.yml");
        assert_eq!(uri("a\\b.yml"), "a%5Cb.yml");
    }

    #[cfg(windows)]
    #[test]
    fn a_path_of_windows() {
        assert_eq!(uri("C:\\a b\\c.yml"), "file:///C:/a%20b/c.yml");
        assert_eq!(uri("a\\b.yml"), "a/b.yml");
    }
}
