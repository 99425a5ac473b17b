//! JUnit XML: a suite for each template, a failed test for each finding.
//!
//! What is only worth knowing is a test that passes and says so. A template without findings has one test that passes,
//! so that it is seen to be checked.

use std::fmt::Write as _;

use super::xml::escape;
use super::{FileReport, Summary, details, message, severity_word, url};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::FileKind;

pub(super) fn head() -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ecslint\">\n".to_owned()
}

/// One suite; nothing for what is no template.
pub(super) fn file(file: &FileReport<'_>) -> String {
    let diagnostics = &file.outcome.diagnostics;
    if diagnostics.is_empty() && file.outcome.kind == FileKind::Other {
        return String::new();
    }
    let path = escape(file.path);
    let failures = diagnostics.iter().filter(|it| it.severity > Severity::Info).count();
    let mut res = suite(&path, diagnostics.len().max(1), failures, 0);
    if diagnostics.is_empty() {
        let _ = writeln!(res, "    <testcase classname=\"{path}\" name=\"no findings\" file=\"{path}\"/>");
    }
    for it in diagnostics {
        test(&mut res, file, &path, it);
    }
    res + "  </testsuite>\n"
}

pub(super) fn tail(summary: &Summary) -> String {
    let mut res = String::new();
    if summary.failed {
        // Who looks at this report only must not take it for the whole.
        res += &suite("ecslint", 1, 0, 1);
        res += "    <testcase classname=\"ecslint\" name=\"all files are checked\">\n";
        res += "      <error type=\"failed\" message=\"ecslint could not check everything: its messages say why\"/>\n";
        res += "    </testcase>\n  </testsuite>\n";
    }
    res + "</testsuites>\n"
}

fn suite(name: &str, tests: usize, failures: usize, errors: usize) -> String {
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\"");
    format!("  <testsuite name=\"{name}\" {counts}>\n")
}

fn test(res: &mut String, file: &FileReport<'_>, path: &str, it: &Diagnostic) {
    let at = file.lines.position(it.finding.span.start);
    let name = format!("{} {} at {}:{}", it.code, it.name, at.line, at.column);
    let place = format!("file=\"{path}\" line=\"{}\"", at.line);
    let _ = writeln!(res, "    <testcase classname=\"{path}\" name=\"{}\" {place}>", escape(&name));
    let mut text = vec![format!("{}:{}:{}: {}", file.path, at.line, at.column, message(it))];
    text.extend(details(it));
    text.extend(url(&it.code).map(|it| format!("see {it}")));
    let text = text.iter().map(|it| escape(it)).collect::<Vec<_>>().join("\n");
    let severity = severity_word(it.severity);
    let _ = match it.severity {
        Severity::Info => writeln!(res, "      <system-out>{severity}: {text}</system-out>"),
        Severity::Warning | Severity::Error => {
            let message = escape(&message(it));
            writeln!(res, "      <failure type=\"{severity}\" message=\"{message}\">{text}</failure>")
        }
    };
    res.push_str("    </testcase>\n");
}
