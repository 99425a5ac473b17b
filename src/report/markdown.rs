//! A summary for a comment in a pull request: what the fleets do and cost, then what was found, the worst first.
//!
//! It is held until the end, since the counts come first, and it is bounded: GitHub takes 65,536 characters in a
//! comment and 1 MB in `$GITHUB_STEP_SUMMARY`.

mod escape;

use super::fleet::{self, Tone};
use super::{FileReport, Summary, count, details, message, severity_word, url};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Cost, FleetReport};
use escape::{code, prose};

/// The bytes of the whole, which leaves room for words around it.
const MAX_BYTES: usize = 60_000;
/// The bytes of the table of fleets among them.
const MAX_FLEETS: usize = 20_000;
/// The last line, which says how much is left out, fits in.
const MORE_BYTES: usize = 100;

/// The rows that files give; those that no summary has room for are only counted.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    fleets: Table,
    errors: Table,
    warnings: Table,
    infos: Table,
}

/// Rows of one kind, in the order of the files.
#[derive(Clone, Debug, Default)]
struct Table {
    rows: Vec<String>,
    bytes: usize,
    count: usize,
}

impl Rows {
    /// Takes the rows of the next file.
    pub(super) fn append(&mut self, other: Rows) {
        self.fleets.append(other.fleets);
        self.errors.append(other.errors);
        self.warnings.append(other.warnings);
        self.infos.append(other.infos);
    }

    fn of(&mut self, severity: Severity) -> &mut Table {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Info => &mut self.infos,
        }
    }
}

impl Table {
    fn push(&mut self, row: String) {
        self.count += 1;
        self.bytes += row.len();
        // Once one is left out, all that follow are: a table with holes would mislead.
        if self.bytes <= MAX_BYTES {
            self.rows.push(row);
        }
    }

    fn append(&mut self, other: Table) {
        let n_left_out = other.count - other.rows.len();
        other.rows.into_iter().for_each(|it| self.push(it));
        self.count += n_left_out;
        if n_left_out > 0 {
            self.bytes = self.bytes.max(MAX_BYTES + 1);
        }
    }
}

/// The rows of one file.
pub(super) fn file(file: &FileReport<'_>) -> Rows {
    let mut res = Rows::default();
    for it in &file.outcome.fleets {
        res.fleets.push(fleet_row(file.path, it));
    }
    for it in &file.outcome.diagnostics {
        res.of(it.severity).push(finding_row(file, it));
    }
    res
}

/// The whole summary.
pub(super) fn document(rows: &Rows, summary: &Summary) -> String {
    let files = match summary.templates {
        0 => count(summary.files, "file"),
        n => count(n, "template"),
    };
    let counts = if summary.with_findings == 0 { "no findings".to_owned() } else { summary.counts() };
    let mut res = format!("### ecslint: {counts} in {files}\n");
    if summary.failed {
        res += "\n**Not everything could be checked: the log says why.**\n";
    }
    if rows.fleets.count > 0 {
        res += "\n| file | fleet | what it does | instances | USD an hour | at most | USD a month |\n";
        res += "|---|---|---|---|---:|---:|---:|\n";
        fill(&mut res, &[&rows.fleets], MAX_FLEETS, "fleet");
    }
    if summary.with_findings > 0 {
        res += "\n| | rule | place | finding |\n|---|---|---|---|\n";
        fill(&mut res, &[&rows.errors, &rows.warnings, &rows.infos], MAX_BYTES, "finding");
    }
    res
}

/// Adds rows as long as there is room, and says how many there are besides.
fn fill(res: &mut String, tables: &[&Table], max: usize, word: &str) {
    let mut n_left: usize = tables.iter().map(|it| it.count).sum();
    for row in tables.iter().flat_map(|it| &it.rows) {
        if res.len() + row.len() + MORE_BYTES > max {
            break;
        }
        res.push_str(row);
        n_left -= 1;
    }
    if n_left > 0 {
        *res += &format!("\nand {}\n", count(n_left, &format!("more {word}")));
    }
}

fn finding_row(file: &FileReport<'_>, it: &Diagnostic) -> String {
    let at = file.lines.position(it.finding.span.start);
    let place = code(&format!("{}:{}:{}", file.path, at.line, at.column));
    let lines = [vec![message(it)], details(it)].concat();
    let text: Vec<_> = lines.iter().map(|it| prose(it)).collect();
    let (severity, text) = (severity_word(it.severity), text.join("<br>"));
    let code = url(&it.code).map_or(it.code.to_string(), |url| format!("[{}]({url})", it.code));
    format!("| {severity} | {code} {} | {place} | {text} |\n", it.name)
}

fn fleet_row(path: &str, fleet: &FleetReport) -> String {
    let deeds = fleet::deeds(fleet);
    let deeds = deeds.iter().map(|it| match it.tone {
        Tone::Bad => format!("<b>{}</b>", prose(&it.text)),
        Tone::Plain | Tone::Careful | Tone::Unknown => prose(&it.text),
    });
    let deeds = deeds.collect::<Vec<_>>().join(", ");
    let (cost, desired) = (&fleet.cost, fleet.capacity.desired);
    let per_hour = usd(cost, cost.usd_per_hour);
    let at_max = usd(cost, cost.usd_per_hour_at_max);
    let per_month = usd(cost, cost.usd_per_month);
    let desired = desired.map_or("?".to_owned(), |it| it.to_string());
    let (path, id) = (code(path), code(&fleet::name(&fleet.id)));
    let types = types(&cost.instance_types);
    format!("| {path} | {id} | {deeds} | {desired} × {types} | {per_hour} | {at_max} | {per_month} |\n")
}

/// The type that is paid for, and how many others there are.
fn types(types: &[String]) -> String {
    match types {
        [] => "?".to_owned(),
        [one] => code(&fleet::name(one)),
        [first, others @ ..] => format!("{} (or {} more)", code(&fleet::name(first)), others.len()),
    }
}

fn usd(cost: &Cost, sum: Option<f64>) -> String {
    let about = if cost.estimate { "about " } else { "" };
    sum.map_or("?".to_owned(), |it| format!("{about}{it:.2}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_row_has_no_room_none_that_follows_has() {
        let mut table = Table::default();
        table.push("x".repeat(MAX_BYTES - 10));
        let mut other = Table::default();
        other.push("y".repeat(11));
        other.push("z".to_owned());
        table.append(other);
        assert_eq!((table.rows.len(), table.count), (1, 3));
        let mut cut = Table::default();
        cut.push("x".repeat(MAX_BYTES + 1));
        let mut all = Table::default();
        all.append(cut);
        all.push("y".to_owned());
        assert_eq!((all.rows.len(), all.count), (0, 2));
    }
}
