//! JSON in which what a terminal would obey is escaped: a report is often looked at.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

use crate::report::sanitize::is_unsafe;

/// The value as JSON on one line.
pub(in crate::report) fn to_string(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Escaping);
    value.serialize(&mut serializer).expect("internal error: a report is always JSON");
    String::from_utf8(bytes).expect("internal error: JSON is UTF-8")
}

/// The compact format, with more escapes: the same value for every reader.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some(at) = rest.find(is_unsafe) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let char = rest[at..].chars().next().expect("internal error: a character was found");
            // JSON knows UTF-16 units only.
            for unit in char.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + char.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_without_control_characters() {
        let text = "a\u{1b}[31m\n\"\\\u{7f}\u{9b}\u{202e}\u{e0041}é日";
        let json = to_string(&text);
        assert!(!json.contains(is_unsafe), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).expect("it is JSON"), text);
    }
}
