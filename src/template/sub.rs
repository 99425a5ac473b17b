//! The text of `Fn::Sub`, cut at its variables.

use std::ops::Range;

/// One part of the text of `Fn::Sub`. Ranges are bytes of the decoded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubPart {
    /// Stays as it is.
    Text(Range<usize>),
    /// `${!name}`, which becomes `${name}`.
    Escaped {
        /// `${!`
        mark: Range<usize>,
        /// `name}`
        rest: Range<usize>,
    },
    /// `${Name}`.
    Variable {
        /// With `${` and `}`.
        whole: Range<usize>,
        /// The name, without blanks around it.
        name: Range<usize>,
    },
    /// `${...}` with characters that no name may have: CloudFormation refuses the template.
    Malformed(Range<usize>),
}

/// Cuts `text` into parts, in order and without a gap.
///
/// A name has letters, digits, `_`, `.` and `:`; blanks around it are let go
/// (Fn::Sub in the CloudFormation user guide). `${` without `}` is plain text.
#[must_use]
pub fn sub_parts(text: &str) -> Vec<SubPart> {
    let mut res = Vec::new();
    let mut done = 0;
    while let Some(start) = text[done..].find("${").map(|it| done + it) {
        let Some(end) = text[start..].find('}').map(|it| start + it + 1) else { break };
        if done < start {
            res.push(SubPart::Text(done..start));
        }
        let inner = &text[start + 2..end - 1];
        let name = inner.trim();
        let name_start = start + 2 + (inner.len() - inner.trim_start().len());
        if inner.starts_with('!') {
            res.push(SubPart::Escaped { mark: start..start + 3, rest: start + 3..end });
        } else if !name.is_empty() && name.bytes().all(is_name_byte) {
            res.push(SubPart::Variable { whole: start..end, name: name_start..name_start + name.len() });
        } else {
            res.push(SubPart::Malformed(start..end));
        }
        done = end;
    }
    if done < text.len() {
        res.push(SubPart::Text(done..text.len()));
    }
    res
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_variables() {
        let parts = sub_parts("a ${B.C} ${!x} $y ${ AWS::Region }${d-e} ${open");
        assert_eq!(
            parts,
            [
                SubPart::Text(0..2),
                SubPart::Variable { whole: 2..8, name: 4..7 },
                SubPart::Text(8..9),
                SubPart::Escaped { mark: 9..12, rest: 12..14 },
                SubPart::Text(14..18),
                SubPart::Variable { whole: 18..34, name: 21..32 },
                SubPart::Malformed(34..40),
                SubPart::Text(40..47),
            ]
        );
    }
}
