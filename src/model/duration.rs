//! Durations as CloudFormation takes them.

/// The seconds of `PT1H30M15S`: at least one part, each once, in this order
/// ([CreationPolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-creationpolicy.html)). `None` for
/// anything else.
#[must_use]
pub fn seconds(text: &str) -> Option<u64> {
    let mut rest = text.strip_prefix("PT").filter(|it| !it.is_empty())?;
    let mut sum = 0_u64;
    for (unit, factor) in [('H', 3600), ('M', 60), ('S', 1)] {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        if number.is_empty() || !number.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        sum = sum.checked_add(number.parse::<u64>().ok()?.checked_mul(factor)?)?;
        rest = after;
    }
    rest.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn hours_minutes_seconds() {
        let cases = [
            ("PT15M", Some(900)),
            ("PT1H30M15S", Some(5415)),
            ("PT0S", Some(0)),
            ("PT12H", Some(43_200)),
            ("PT", None),
            ("15M", None),
            ("P1D", None),
            ("PT5M1H", None),
            ("PT1.5H", None),
            ("pt5m", None),
            ("PT99999999999999999999H", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
