//! What a fix changes, as a unified diff that `patch` and `git apply -p0` take.

use super::sanitize;

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// Texts that differ in more lines are shown as one change.
const MAX_DIFFERENCES: usize = 2000;

/// The difference of two texts; empty where there is none. For a terminal no letter commands it.
#[must_use]
pub fn diff(path: &str, before: &str, after: &str, for_terminal: bool) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let changes = changes(&old, &new);
    let mut res = String::new();
    for hunk in hunks(&changes) {
        let (first, last) = (hunk[0], hunk[hunk.len() - 1]);
        let start = first.old.min(first.new).min(CONTEXT);
        let (from, new_from) = (first.old - start, first.new - start);
        let behind = (old.len() - last.old_end).min(CONTEXT);
        let (to, new_to) = (last.old_end + behind, last.new_end + behind);
        if res.is_empty() {
            let path = sanitize::line(path);
            res = format!("--- {path}\n+++ {path}\n");
        }
        res.push_str(&format!("@@ -{} +{} @@\n", range(from, to), range(new_from, new_to)));
        let mut at = from;
        let mut push =
            |mark: char, lines: &[&str]| lines.iter().for_each(|it| line(&mut res, mark, it, for_terminal));
        for change in hunk {
            push(' ', &old[at..change.old]);
            push('-', &old[change.old..change.old_end]);
            push('+', &new[change.new..change.new_end]);
            at = change.old_end;
        }
        push(' ', &old[at..to]);
    }
    res
}

/// Lines that differ, as two half-open ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    old: usize,
    old_end: usize,
    new: usize,
    new_end: usize,
}

/// The changes whose surroundings meet, together.
fn hunks(changes: &[Change]) -> impl Iterator<Item = &[Change]> {
    changes.chunk_by(|left, right| right.old - left.old_end <= 2 * CONTEXT)
}

fn line(res: &mut String, mark: char, line: &str, for_terminal: bool) {
    res.push(mark);
    let (text, ends) = line.strip_suffix('\n').map_or((line, false), |it| (it, true));
    if for_terminal {
        res.push_str(&sanitize::line(text))
    } else {
        res.push_str(text)
    }
    res.push('\n');
    if !ends {
        res.push_str("\\ No newline at end of file\n");
    }
}

/// `3,7`; where there are no lines, the one before.
fn range(from: usize, to: usize) -> String {
    match to - from {
        0 => format!("{from},0"),
        1 => format!("{}", from + 1),
        n => format!("{},{n}", from + 1),
    }
}

/// What differs, by the shortest way from one text to the other (Myers, 1986).
fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let head = old.iter().zip(new).take_while(|(left, right)| left == right).count();
    let tail = old[head..]
        .iter()
        .rev()
        .zip(new[head..].iter().rev())
        .take_while(|(left, right)| left == right)
        .count();
    let (left, right) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let whole = Change { old: head, old_end: old.len() - tail, new: head, new_end: new.len() - tail };
    if left.is_empty() && right.is_empty() {
        return Vec::new();
    }
    let Some(steps) = shortest(left, right) else { return vec![whole] };
    let mut res: Vec<Change> = Vec::new();
    for (at_old, at_new, is_old) in steps {
        let (at_old, at_new) = (at_old + head, at_new + head);
        let (old_end, new_end) = if is_old { (at_old + 1, at_new) } else { (at_old, at_new + 1) };
        match res.last_mut() {
            Some(last) if last.old_end == at_old && last.new_end == at_new => {
                (last.old_end, last.new_end) = (old_end, new_end);
            }
            _ => res.push(Change { old: at_old, old_end, new: at_new, new_end }),
        }
    }
    res
}

/// The lines that go or come, in order: where one stands in both texts, and whether it goes. `None` when there are too
/// many.
fn shortest(old: &[&str], new: &[&str]) -> Option<Vec<(usize, usize, bool)>> {
    let max = (old.len() + new.len()).min(MAX_DIFFERENCES);
    // Where each diagonal has come to, after each number of differences.
    let mut reached = vec![0_usize; 2 * max + 3];
    let mut trace = Vec::new();
    for n in 0..=max {
        trace.push(reached[max + 1 - n..=max + 1 + n].to_vec());
        for step in (0..=2 * n).step_by(2) {
            let at = max + 1 + step - n;
            let down = step == 0 || (step != 2 * n && reached[at - 1] < reached[at + 1]);
            let mut x = if down { reached[at + 1] } else { reached[at - 1] + 1 };
            // Diagonals beyond the text are no way.
            let Some(mut y) = (x + n).checked_sub(step) else { continue };
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            reached[at] = x;
            if x >= old.len() && y >= new.len() {
                return Some(way_back(&trace, (old.len(), new.len()), n));
            }
        }
    }
    None
}

/// The steps from the end to the beginning, turned round.
fn way_back(trace: &[Vec<usize>], (mut x, mut y): (usize, usize), n: usize) -> Vec<(usize, usize, bool)> {
    let mut res = Vec::new();
    for n in (1..=n).rev() {
        // Before this step the diagonals went from -(n-1) to n-1; here they are numbered from -n.
        let before = |step: usize| trace[n].get(step).copied().unwrap_or(0);
        let step = x + n - y;
        let down = step == 0 || (step != 2 * n && before(step - 1) < before(step + 1));
        let from_step = if down { step + 1 } else { step - 1 };
        let from_x = before(from_step);
        let from_y = from_x + n - from_step;
        res.push((from_x, from_y, !down));
        (x, y) = (from_x, from_y);
    }
    res.reverse();
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that the difference makes of `before`.
    fn patched(before: &str, diff: &str) -> String {
        let old: Vec<&str> = before.split_inclusive('\n').collect();
        let (mut res, mut at) = (String::new(), 0);
        for line in diff.lines().skip(2) {
            match line.split_at(1) {
                ("@", rest) => {
                    let numbers =
                        rest.strip_prefix("@ -").and_then(|it| it.split(' ').next()).expect("a range");
                    let (start, n) = numbers.split_once(',').unwrap_or((numbers, "1"));
                    let start: usize = start.parse().expect("a line");
                    let start = if n == "0" { start } else { start - 1 };
                    res.push_str(&old[at..start].concat());
                    at = start;
                }
                ("\\", _) => {
                    if res.ends_with('\n') {
                        res.pop();
                    }
                }
                ("-", _) => at += 1,
                ("+", text) => {
                    res.push_str(text);
                    res.push('\n');
                }
                (" ", text) => {
                    assert_eq!(old[at].trim_end_matches('\n'), text);
                    res.push_str(old[at]);
                    at += 1;
                }
                _ => panic!("{line}"),
            }
        }
        res + &old[at..].concat()
    }

    #[test]
    fn reads_as_people_know_it() {
        let before = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let after = "a\nb\nc\nd\nE\nnew\nf\ng\nh\n";
        let wanted = "--- x.yml\n+++ x.yml\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+E\n+new\n f\n g\n h\n";
        assert_eq!(diff("x.yml", before, after, false), wanted);
        assert_eq!(diff("x.yml", before, before, false), "");
    }

    #[test]
    fn the_end_of_the_file_is_told() {
        let told = diff("x", "a\nb", "a\nc\n", false);
        assert_eq!(told, "--- x\n+++ x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n");
    }

    #[test]
    fn a_terminal_gets_no_commands() {
        assert!(!diff("x", "a\n", "\u{1b}[2Ja\n", true).contains('\u{1b}'));
    }

    proptest::proptest! {
        #[test]
        fn makes_the_other_text(before in "([abc]\n){0,40}", after in "([abc]\n){0,40}") {
            let told = diff("x", &before, &after, false);
            let n_changed = told.lines().skip(2).filter(|it| it.starts_with(['+', '-'])).count();
            proptest::prop_assert_eq!(patched(&before, &told), &*after);
            proptest::prop_assert!(n_changed <= before.lines().count() + after.lines().count());
        }
    }
}
