//! A few lines at the end of a terminal that are drawn anew in their place.

use unicode_width::UnicodeWidthStr as _;

/// Nothing of what comes between these is shown before all of it is there, where the terminal knows them.
const BEGIN: &str = "\u{1b}[?2026h";
const END: &str = "\u{1b}[?2026l";

/// What stands there. A terminal that was made narrower since has broken its lines, so their widths count and not
/// their number.
#[derive(Debug, Default)]
pub(super) struct Table {
    lines: Vec<String>,
    /// How wide the terminal was then.
    columns: usize,
}

impl Table {
    /// What to write so that these lines stand there instead; `columns` is how wide the terminal is now. The cursor
    /// stays in the last line, and no line is padded: whoever makes the terminal narrower breaks none of them.
    pub(super) fn draw(&mut self, lines: &[String], columns: usize) -> String {
        let mut res = format!("{BEGIN}{}", self.back(columns));
        if columns != self.columns {
            // What it broke would stay one line to it, whatever is written over it.
            res.push_str("\u{1b}[J");
        }
        (self.lines, self.columns) = (lines.to_vec(), columns);
        res.push_str(&lines.iter().map(|it| format!("{it}\u{1b}[K")).collect::<Vec<_>>().join("\r\n"));
        res + "\u{1b}[J" + END
    }

    /// What to write so that nothing stands there any more.
    pub(super) fn clear(&mut self, columns: usize) -> String {
        if self.lines.is_empty() {
            return String::new();
        }
        let back = self.back(columns);
        self.lines.clear();
        back + "\u{1b}[J"
    }

    /// What to write so that a text stands above them; one that does not end its line takes them away.
    pub(super) fn above(&mut self, text: &str, columns: usize) -> String {
        let lines = self.lines.clone();
        let res = self.clear(columns) + text;
        if lines.is_empty() || !text.ends_with('\n') { res } else { res + &self.draw(&lines, columns) }
    }

    /// To the start of the first line.
    fn back(&self, columns: usize) -> String {
        let rows: usize = self.lines.iter().map(|it| it.width().div_ceil(columns.max(1)).max(1)).sum();
        match rows {
            0 => String::new(),
            1 => "\r".to_owned(),
            rows => format!("\r\u{1b}[{}A", rows - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(all: &[&str]) -> Vec<String> {
        all.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn it_goes_back_over_what_it_drew() {
        let mut table = Table::default();
        assert_eq!(table.clear(80), "");
        let first = table.draw(&lines(&["one", "two"]), 80);
        assert_eq!(first, format!("{BEGIN}\u{1b}[Jone\u{1b}[K\r\ntwo\u{1b}[K\u{1b}[J{END}"));
        assert!(table.draw(&lines(&["one"]), 80).starts_with(&format!("{BEGIN}\r\u{1b}[1Aone")));
        assert_eq!(
            table.above("told\n", 80),
            format!("\r\u{1b}[Jtold\n{BEGIN}one\u{1b}[K\u{1b}[J{END}"),
            "what is told stays"
        );
        assert_eq!(table.above("Sure? ", 80), "\r\u{1b}[JSure? ");
        assert_eq!(table.above("no\n", 80), "no\n");
        assert_eq!(table.clear(80), "");
    }

    #[test]
    fn lines_that_a_narrower_terminal_has_broken_are_counted_as_broken() {
        let mut table = Table::default();
        table.draw(&lines(&[&"x".repeat(100), "", "y"]), 120);
        assert_eq!(table.clear(40), "\r\u{1b}[4A\u{1b}[J", "three, one and one");
        table.draw(&lines(&[&"字".repeat(30)]), 120);
        assert_eq!(table.clear(40), "\r\u{1b}[1A\u{1b}[J", "a letter may be as wide as two");
        table.draw(&lines(&["x"]), 0);
        assert_eq!(table.clear(0), "\r\u{1b}[J");
    }
}
