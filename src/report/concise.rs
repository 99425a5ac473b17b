//! One line a finding, as compilers write it: what editors and `grep` read.

use super::{FileReport, message, sanitize, severity_word};
use crate::diagnostic::Diagnostic;

/// `cluster.yml:7:29: error[ECS202] the boot script signals ...`
pub(super) fn file(file: &FileReport<'_>) -> String {
    let path = sanitize::line(file.path);
    let line = |it: &Diagnostic| {
        let at = file.lines.position(it.finding.span.start);
        let severity = severity_word(it.severity);
        format!("{path}:{}:{}: {severity}[{}] {}\n", at.line, at.column, it.code, message(it))
    };
    sanitize::without_commands(file.outcome.diagnostics.iter().map(line).collect())
}
