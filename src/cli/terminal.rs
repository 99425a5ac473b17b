//! What the terminal can show: colours, columns, letters.

use anstream::{AutoStream, ColorChoice};

use super::args::Color;
use super::variable;
use crate::report::human::Style;

/// Text that is wider is hard to read, narrower cannot show a template.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=200;

/// How to draw on standard output.
pub(super) fn style(color: Color) -> Style {
    Style { color: has_color(color), unicode: is_utf8(), width: width(), headings: false, quiet: false }
}

/// `auto` is a terminal that does not refuse: NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM are honoured.
fn has_color(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => AutoStream::choice(&std::io::stdout()) != ColorChoice::Never,
    }
}

/// COLUMNS wins, as in a shell; 80 where nobody knows.
fn width() -> usize {
    let told = variable("COLUMNS").and_then(|it| it.parse().ok()).filter(|it| *it > 0);
    let asked = || terminal_size::terminal_size_of(std::io::stdout()).map(|it| usize::from(it.0.0));
    told.or_else(asked).unwrap_or(80).clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// Whether the locale can show more than ASCII; on Windows every terminal of today can.
fn is_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    let says_so = |it: String| it.to_ascii_lowercase().replace('-', "").contains("utf8");
    cfg!(windows) || locale.is_some_and(says_so)
}
