//! Names that a misspelt word may have meant.
//!
//! Invariant: one comparison costs at most a small multiple of the word's length, and long words are not compared
//! at all, so no input makes a suggestion dear. A caller with very many unknown words bounds their number.

use std::cmp::Reverse;

/// Words above this many bytes have no near names: nobody misspells them by a letter.
const LONGEST: usize = 128;

/// No more candidates than this are looked at.
const MOST: usize = 4096;

/// The candidates that differ from `word` by a few letters, nearest first, at most `max`.
///
/// A letter too much, a letter too few, another letter and two swapped letters count one each; up to a third of the
/// word may differ, three letters at most. Upper and lower case count as the same. Of equally near candidates the
/// one that begins like the word stands first, then the one that keeps more letters, then the earlier one.
#[must_use]
pub fn near<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>, max: usize) -> Vec<&'c str> {
    if word.is_empty() || word.len() > LONGEST {
        return Vec::new();
    }
    let limit = (word.len() / 3).clamp(1, 3);
    let rank = |it: &str| Some((distance(word, it, limit)?, Reverse(common(word, it)), Reverse(it.len())));
    let candidates = candidates.into_iter().take(MOST);
    let mut hits: Vec<_> = candidates.filter_map(|it| Some((rank(it)?, it))).collect();
    // The sort is stable: the order of the candidates decides the rest.
    hits.sort_by_key(|it| it.0);
    let nearest = hits.first().map_or(0, |it| it.0.0);
    // What is much farther off than the best is noise beside it.
    hits.into_iter().take_while(|it| it.0.0 <= nearest + 1).take(max).map(|it| it.1).collect()
}

/// How many bytes both begin with.
fn common(left: &str, right: &str) -> usize {
    left.bytes().zip(right.bytes()).take_while(|(left, right)| left.eq_ignore_ascii_case(right)).count()
}

/// How many single mistakes lie between two words; `None` above `limit`.
///
/// The table of all pairs of prefixes is only filled near its diagonal: farther off, the limit is passed anyway.
fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len().abs_diff(right.len()) > limit || right.len() > LONGEST {
        return None;
    }
    let far = limit + 1;
    let same = |row: usize, column: usize| left[row - 1].eq_ignore_ascii_case(&right[column - 1]);
    let mut before = [far; LONGEST + 1];
    let mut above = [far; LONGEST + 1];
    for (column, cell) in above.iter_mut().enumerate().take(far) {
        *cell = column;
    }
    for row in 1..=left.len() {
        let mut cells = [far; LONGEST + 1];
        if row <= limit {
            cells[0] = row;
        }
        for column in row.saturating_sub(limit).max(1)..=right.len().min(row + limit) {
            let replaced = above[column - 1] + usize::from(!same(row, column));
            let mut cell = replaced.min(above[column] + 1).min(cells[column - 1] + 1);
            if row > 1 && column > 1 && same(row, column - 1) && same(row - 1, column) {
                cell = cell.min(before[column - 2] + 1);
            }
            cells[column] = cell.min(far);
        }
        before = above;
        above = cells;
    }
    (above[right.len()] <= limit).then_some(above[right.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let check = |left, right, expected| assert_eq!(distance(left, right, 3), expected, "{left} {right}");
        check("cluster", "cluster", Some(0));
        check("cluster", "Cluster", Some(0));
        check("clustr", "cluster", Some(1));
        check("cluuster", "cluster", Some(1));
        check("clutser", "cluster", Some(1));
        check("cluszer", "cluster", Some(1));
        check("", "abc", Some(3));
        check("", "abcd", None);
        check("kitten", "sitting", Some(3));
        check("abcdef", "uvwxyz", None);
    }

    #[test]
    fn nearest_first_and_noise_left_out() {
        let names = ["ECSCluster", "ECSCluster2", "VPC", "ECSClusteress"];
        assert_eq!(near("ECSClustr", names, 3), ["ECSCluster", "ECSCluster2"]);
        assert_eq!(near("Vpc", names, 3), ["VPC"]);
        assert_eq!(near("Subnet", names, 3), [""; 0]);
    }

    #[test]
    fn long_words_have_no_near_names() {
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(near(&long, [long.as_str()], 3), [""; 0]);
        let word = "x".repeat(LONGEST);
        assert_eq!(near(&word, [long.as_str(), word.as_str()], 3), [word.as_str()]);
        assert_eq!(near("é", ["è", "e"], 3), ["è"]);
    }
}
