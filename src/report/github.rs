//! Commands to the runner of a GitHub workflow: each finding shows at its place in the pull request, and in the log.
//!
//! What is escaped where is that of the runner's own reader, `src/Runner.Common/ActionCommand.cs` of actions/runner.

use super::{FileReport, Summary, details, message, plain_path, sanitize, url};
use crate::diagnostic::{Diagnostic, Severity};

/// How many annotations of a kind GitHub shows of one step.
const MAX_SHOWN: usize = 10;

/// A line for each finding.
pub(super) fn file(file: &FileReport<'_>) -> String {
    file.outcome.diagnostics.iter().map(|it| annotation(file, it)).collect()
}

/// Says so when there is more than GitHub shows.
pub(super) fn tail(summary: &Summary) -> String {
    let Summary { errors, warnings, infos, .. } = *summary;
    if [errors, warnings, infos].iter().all(|it| *it <= MAX_SHOWN) {
        return String::new();
    }
    let text = format!(
        "ecslint: {}; GitHub shows {MAX_SHOWN} of a kind, the log of this step has them all",
        summary.counts()
    );
    // The mildest kind that has room for one more.
    let kinds = [(infos, Severity::Info), (warnings, Severity::Warning), (errors, Severity::Error)];
    match kinds.iter().find(|(n, _)| *n < MAX_SHOWN) {
        Some((_, severity)) => format!("::{} title=ecslint::{}\n", command(*severity), data(&text)),
        None => format!("{text}\n"),
    }
}

fn annotation(file: &FileReport<'_>, it: &Diagnostic) -> String {
    let path = sanitize::line(file.path);
    let path = plain_path(&path);
    let (start, end) = (file.lines.position(it.finding.span.start), file.lines.position(it.finding.span.end));
    // The log shows the text only, so that has the place as well.
    let mut text = vec![format!("{path}:{}:{}: {}", start.line, start.column, message(it))];
    text.extend(details(it));
    text.extend(url(&it.code).map(|it| format!("see {it}")));
    // The runner drops the columns of what has several lines.
    let end = (start.line == end.line).then(|| format!(",endLine={},endColumn={}", end.line, end.column));
    format!(
        "::{} file={},line={},col={}{},title={}::{}\n",
        command(it.severity),
        property(&path),
        start.line,
        start.column,
        end.unwrap_or_default(),
        property(&format!("{} {}", it.code, it.name)),
        data(&text.join("\n")),
    )
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_end_early() {
        assert_eq!(property("a,b:c%\n::error::"), "a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3A");
        assert_eq!(data("100%0A\r\n::error::x"), "100%250A%0D%0A::error::x");
    }

    #[test]
    fn more_than_github_shows_is_said_where_there_is_room() {
        let tail = |errors, warnings, infos| tail(&Summary { errors, warnings, infos, ..Summary::default() });
        assert_eq!(tail(10, 10, 10), "");
        assert!(tail(11, 0, 0).starts_with("::notice title=ecslint::ecslint: 11 errors; GitHub shows 10 "));
        assert!(tail(0, 9, 11).starts_with("::warning "));
        assert!(tail(11, 10, 10).starts_with("ecslint: 11 errors, 10 warnings, 10 infos; "));
    }
}
