//! What a scalar means.

use super::{Kind, Node, Style};

/// The meaning of a scalar as a YAML 1.1 parser such as CloudFormation's reads it; of JSON likewise, whose
/// numbers and words are a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// `null`, `~`, nothing.
    Null,
    /// `true`, `yes`, `on` ...
    Bool(bool),
    /// `10`, `0x1f`, `010` (8), `22:22` (1342), `1_000`.
    Integer(i128),
    /// `1.5`, `1e3`, `.inf`; also an integer of more than 127 bits.
    Float,
    /// `2010-09-09`.
    Timestamp,
    /// Everything else, and all that is quoted.
    Text,
}

/// What the scalar means; [`Meaning::Text`] for other nodes. A tag of YAML's own (`!!int`) decides; the argument
/// of any other tag (`!Sub`) is text.
#[must_use]
pub fn meaning(node: Node<'_>) -> Meaning {
    if node.kind() != Kind::Scalar {
        return Meaning::Text;
    }
    let text = node.text();
    let Some(tag) = node.tag() else {
        return if node.style() == Style::Plain { plain(text) } else { Meaning::Text };
    };
    let core = tag
        .name
        .strip_prefix("!!")
        .or_else(|| tag.name.strip_prefix("!<tag:yaml.org,2002:").and_then(|it| it.strip_suffix('>')));
    match (core, plain(text)) {
        (Some("null"), _) => Meaning::Null,
        (Some("float"), Meaning::Integer(_)) => Meaning::Float,
        (Some("int"), res @ Meaning::Integer(_))
        | (Some("float"), res @ Meaning::Float)
        | (Some("bool"), res @ Meaning::Bool(_))
        | (Some("timestamp"), res @ Meaning::Timestamp) => res,
        _ => Meaning::Text,
    }
}

/// The types of YAML 1.1 (<https://yaml.org/type/>) as the parsers in use implement them: no single letters
/// (`y`), and exponents without a point or sign (`1e3`) are numbers.
fn plain(text: &str) -> Meaning {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Meaning::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Meaning::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Meaning::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Meaning::Float,
        _ => {}
    }
    let (is_negative, unsigned) = match text.as_bytes()[0] {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        b'0'..=b'9' | b'.' => (false, text),
        _ => return Meaning::Text,
    };
    match integer(unsigned) {
        Some(Some(number)) => Meaning::Integer(if is_negative { -number } else { number }),
        Some(None) => Meaning::Float,
        None if is_float(unsigned) => Meaning::Float,
        None if is_timestamp(text) => Meaning::Timestamp,
        None => Meaning::Text,
    }
}

/// `None` when it is no integer, `Some(None)` when it is too large for one.
fn integer(text: &str) -> Option<Option<i128>> {
    let of_base = |digits: &str, base: u32| {
        let fits = |it: char| it == '_' || it.is_digit(base);
        (!digits.is_empty() && digits.chars().all(fits)).then(|| value(digits, base))
    };
    if let Some(digits) = text.strip_prefix("0b") {
        return of_base(digits, 2);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return of_base(digits, 16);
    }
    if text == "0" {
        return Some(Some(0));
    }
    if let Some(digits) = text.strip_prefix('0') {
        return of_base(digits, 8);
    }
    let mut groups = text.split(':');
    let first = groups.next().filter(|it| it.starts_with(|it: char| it.is_ascii_digit()))?;
    let mut res = of_base(first, 10)?;
    for group in groups {
        let group = sixtieth(group)?;
        res = res.and_then(|it| it.checked_mul(60)?.checked_add(group));
    }
    Some(res)
}

/// `None` when it does not fit. Only underscores are nothing, that is 0.
fn value(digits: &str, base: u32) -> Option<i128> {
    digits
        .chars()
        .filter_map(|it| it.to_digit(base))
        .try_fold(0_i128, |sum, digit| sum.checked_mul(i128::from(base))?.checked_add(i128::from(digit)))
}

/// A part of a number of base 60: `[0-5]?[0-9]`.
fn sixtieth(group: &str) -> Option<i128> {
    match group.as_bytes() {
        [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'] => value(group, 10),
        _ => None,
    }
}

fn is_float(text: &str) -> bool {
    if matches!(text, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let is_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit() || it == b'_');
    let starts_well = |it: &str| it.starts_with(|it: char| it.is_ascii_digit());
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
            return false;
        }
    }
    match mantissa.split_once('.') {
        // A fraction alone needs a digit.
        Some(("", fraction)) => starts_well(fraction) && is_digits(fraction),
        Some((whole, fraction)) => {
            let mut groups = whole.split(':');
            let is_first = groups.next().is_some_and(|it| starts_well(it) && is_digits(it));
            let is_base_60 = whole.contains(':');
            is_first
                && is_digits(fraction)
                && groups.all(|it| sixtieth(it).is_some())
                && !(is_base_60 && exponent.is_some())
        }
        None => exponent.is_some() && starts_well(mantissa) && is_digits(mantissa),
    }
}

/// `2010-09-09`, or a date with a time: `2001-12-14t21:59:43.10-05:00`, `2001-12-14 21:59:43 Z`.
fn is_timestamp(text: &str) -> bool {
    let mut rest = Digits(text);
    let is_date = rest.take(4, 4) && rest.eat("-") && rest.take(1, 2) && rest.eat("-") && rest.take(1, 2);
    if !is_date {
        return false;
    }
    if rest.0.is_empty() {
        // Without a time, month and day have two digits.
        return text.len() == 10;
    }
    let is_time = (rest.eat("T") || rest.eat("t") || rest.blanks())
        && rest.take(1, 2)
        && rest.eat(":")
        && rest.take(2, 2)
        && rest.eat(":")
        && rest.take(2, 2);
    if !is_time {
        return false;
    }
    if rest.eat(".") {
        rest.take(0, usize::MAX);
    }
    if rest.0.is_empty() {
        return true;
    }
    rest.blanks();
    if rest.eat("Z") {
        return rest.0.is_empty();
    }
    (rest.eat("+") || rest.eat("-"))
        && rest.take(1, 2)
        && (!rest.eat(":") || rest.take(2, 2))
        && rest.0.is_empty()
}

/// What is left of a timestamp.
struct Digits<'t>(&'t str);

impl Digits<'_> {
    fn take(&mut self, min: usize, max: usize) -> bool {
        let n_digits = self.0.bytes().take(max).take_while(u8::is_ascii_digit).count();
        self.0 = &self.0[n_digits..];
        n_digits >= min
    }

    fn eat(&mut self, word: &str) -> bool {
        let rest = self.0.strip_prefix(word);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn blanks(&mut self) -> bool {
        let rest = self.0.trim_start_matches([' ', '\t']);
        let any = rest.len() < self.0.len();
        self.0 = rest;
        any
    }
}
