//! What of a long line is shown, and how words are put on lines.

use std::ops::Range;

/// Stands for what is left out of a line.
pub(super) const MARK: &str = "...";
/// As miette draws a tab.
const TAB_WIDTH: usize = 4;

/// What to show of a line in `columns`: all of it, or what is around `focus`.
pub(super) fn cut(source: &str, line: Range<usize>, focus: Option<usize>, columns: usize) -> Range<usize> {
    // A line that is long in bytes is not measured to its end.
    let fits = line.len() <= 4 * columns && source[line.clone()].chars().map(width).sum::<usize>() <= columns;
    if fits {
        return line;
    }
    let columns = columns.saturating_sub(2 * MARK.len());
    let Some(focus) = focus else { return line.start..forward(source, &line, line.start, columns) };
    // Some of what stands before says where one is.
    let start = backward(source, &line, focus, columns / 3);
    let end = forward(source, &line, start, columns);
    // At the end of a line there is nothing after, so more fits before.
    if end == line.end { backward(source, &line, end, columns)..end } else { start..end }
}

/// The end of what fits in `columns` from `from` on.
fn forward(source: &str, line: &Range<usize>, from: usize, columns: usize) -> usize {
    let mut used = 0;
    let chars = source[from..line.end].char_indices();
    let mut over = chars.skip_while(|(_, char)| {
        used += width(*char);
        used <= columns
    });
    over.next().map_or(line.end, |(at, _)| from + at)
}

/// The start of what fits in `columns` before `from`.
fn backward(source: &str, line: &Range<usize>, from: usize, columns: usize) -> usize {
    let mut used = 0;
    let chars = source[line.start..from].char_indices().rev();
    let fitting = chars.take_while(|(_, char)| {
        used += width(*char);
        used <= columns
    });
    fitting.last().map_or(from, |(at, _)| line.start + at)
}

/// Columns of a character, near enough for cutting: wide ones are rare in templates.
pub(super) fn width(char: char) -> usize {
    if char == '\t' { TAB_WIDTH } else { 1 }
}

/// The words on lines of at most `columns`, as far as words can be.
pub(super) fn wrapped(text: &str, columns: usize) -> String {
    let mut res = String::with_capacity(text.len());
    let mut used = 0;
    for (idx, word) in text.split(' ').enumerate() {
        let len = word.chars().count();
        if used > 0 && used + 1 + len > columns {
            res.push('\n');
            used = 0;
        } else if idx > 0 {
            res.push(' ');
            used += 1;
        }
        res.push_str(word);
        used += len;
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown in 16 columns, 6 of which are for the marks.
    fn check(line: &str, focus: Option<&str>, expected: &str) {
        let focus = focus.map(|it| line.find(it).expect("it is there"));
        assert_eq!(&line[cut(line, 0..line.len(), focus, 16)], expected);
    }

    #[test]
    fn a_line_that_fits_is_shown_whole() {
        check("0123456789abcdef", Some("f"), "0123456789abcdef");
        check("", None, "");
    }

    #[test]
    fn of_a_long_line_what_is_around_the_focus_is_shown() {
        let line = "0123456789abcdefghijklmnopqrstuvwxyz";
        check(line, None, "0123456789");
        check(line, Some("0"), "0123456789");
        check(line, Some("k"), "hijklmnopq");
        check(line, Some("z"), "qrstuvwxyz");
        check("ééééééééééXéééééééééé", Some("X"), "éééXéééééé");
        check("\t\t\t\tX\t\t\t", Some("X"), "X\t\t");
    }

    #[test]
    fn words_are_put_on_lines() {
        assert_eq!(wrapped("one two three fourteen", 8), "one two\nthree\nfourteen");
        assert_eq!(wrapped("  a  b", 80), "  a  b");
    }
}
