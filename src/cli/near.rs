//! "Did you mean".

/// The candidate that `word` is most likely a slip of; `None` when all are too far.
pub(super) fn nearest(word: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    let lower = word.to_lowercase();
    // One slip in three letters is still the same word.
    let limit = (word.chars().count() / 3).max(1);
    let distance = |it: &String| strsim::damerau_levenshtein(&lower, &it.to_lowercase());
    let near = candidates.map(|it| (distance(&it), it)).filter(|(distance, _)| *distance <= limit);
    near.min().map(|(_, it)| it)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: Option<&str>) {
        let candidates = ["cluster.yml", "network.yml", "README.md"].map(str::to_owned);
        assert_eq!(nearest(word, candidates.into_iter()).as_deref(), expected, "{word}");
    }

    #[test]
    fn a_slip_is_forgiven_and_another_word_is_not() {
        check("clutser.yml", Some("cluster.yml"));
        check("cluster.yaml", Some("cluster.yml"));
        check("Network.YML", Some("network.yml"));
        check("vpc.json", None);
        check("", None);
    }
}
