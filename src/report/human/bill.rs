//! What a template costs, as `ecslint cost` shows it: a table that is read from left to right.

use std::fmt::Write as _;

use crate::lint::bill::{Bill, Line, Sum};
use crate::model::HOURS_PER_MONTH;
use crate::report::sanitize;

/// What a name may take of a line.
const MAX_NAME: usize = 60;

/// One row; the first cell is aligned left, the others right, the last is text again.
type Row = [String; 9];

const HEAD: [&str; 9] =
    ["", "$ an hour", "n", "$ an hour", "$ a month", "n", "$ an hour", "$ a month", "as of"];

/// Draws a bill.
#[must_use]
pub fn bill(bill: &Bill) -> String {
    let mut res = format!("On-Demand prices in {}", sanitize::short(&bill.region, MAX_NAME));
    res.push_str(if bill.region_is_given { "" } else { ", since no region is given (--region)" });
    let _ = writeln!(res, "; a month has {HOURS_PER_MONTH} hours");
    if !bill.assumptions.is_empty() {
        let given: Vec<_> =
            bill.assumptions.iter().map(|(name, holds)| format!("{name} is {holds}")).collect();
        let _ = writeln!(res, "when {}", sanitize::short(&given.join(" and "), 300));
    }
    let mut sources = Vec::new();
    let mut rows: Vec<Row> = vec![
        ["", "each", "", "desired", "", "", "at most", "", ""].map(str::to_owned),
        HEAD.map(str::to_owned),
    ];
    for fleet in &bill.fleets {
        rows.push(heading(&sanitize::short(&fleet.id, MAX_NAME)));
        rows.extend(fleet.lines.iter().map(|it| row(it, &mut sources)));
    }
    if !bill.beside.is_empty() {
        rows.push(heading("beside the instances"));
        rows.extend(bill.beside.iter().map(|it| row(it, &mut sources)));
    }
    rows.push(total("together", bill.desired(), bill.max()));
    for (idx, choice) in bill.choices.iter().enumerate() {
        let is_first = idx == 0 || bill.choices[idx - 1].parameter != choice.parameter;
        if is_first {
            rows.push(heading(&format!("with {}", sanitize::short(&choice.parameter, MAX_NAME))));
        }
        let mark = if choice.is_chosen { " (chosen)" } else { "" };
        let name = format!("  {}{mark}", sanitize::short(&choice.value, MAX_NAME));
        rows.push(total(&name, choice.desired, choice.max));
    }
    res.push('\n');
    res.push_str(&table(&rows));
    res.push('\n');
    res.push_str(&notes(bill, &sources));
    sanitize::without_commands(res)
}

/// What has to be known besides: marks, sizes that nobody knows, notes of lines, sources.
fn notes(bill: &Bill, sources: &[String]) -> String {
    let mut res = String::new();
    let has = |mark: fn(&Sum) -> bool| [bill.desired(), bill.max()].iter().any(mark);
    if has(|it| it.estimate) {
        res.push_str(
            "~ an estimate: the price of us-east-1, carried over by how much dearer the region is\n",
        );
    }
    if has(|it| it.at_least) {
        res.push_str("? not known, and left out of the sum, which is marked with +\n");
    }
    for fleet in &bill.fleets {
        let unknown = match (fleet.capacity.desired, fleet.capacity.max) {
            (None, None) => "its size is",
            (None, Some(_)) => "its desired size is",
            (Some(_), None) => "its largest size is",
            _ => continue,
        };
        let id = sanitize::short(&fleet.id, MAX_NAME);
        let _ = writeln!(res, "{id}: {unknown} known at deployment only");
    }
    let mut told: Vec<String> = Vec::new();
    let with_note = |id: &str, it: &Line| {
        let subject = format!("{}, {}", sanitize::short(id, MAX_NAME), sanitize::short(&it.what, MAX_NAME));
        (!it.note.is_empty()).then(|| format!("{subject}: {}", it.note))
    };
    for fleet in &bill.fleets {
        told.extend(fleet.lines.iter().filter_map(|it| with_note(&fleet.id, it)));
    }
    told.extend(
        bill.beside.iter().filter_map(|it| with_note(it.resource.as_deref().unwrap_or_default(), it)),
    );
    told.extend(bill.left_out.iter().map(|it| format!("{}: not created", sanitize::short(it, MAX_NAME))));
    if bill.n_untried > 0 {
        told.push(format!("{} other values of parameters were not tried", bill.n_untried));
    }
    told.extend(sources.iter().enumerate().map(|(idx, it)| format!("[{}] {it}", idx + 1)));
    for it in told {
        let _ = writeln!(res, "{it}");
    }
    res
}

fn heading(text: &str) -> Row {
    let mut row = Row::default();
    text.clone_into(&mut row[0]);
    row
}

fn row(line: &Line, sources: &mut Vec<String>) -> Row {
    let name = match &line.resource {
        Some(id) => format!("  {}, {}", sanitize::short(id, MAX_NAME), line.what),
        None => format!("  {}", sanitize::short(&line.what, MAX_NAME)),
    };
    let Some(price) = &line.price else {
        let n = |it: Option<u32>| it.map_or("?".to_owned(), |it| it.to_string());
        let unknown = || "?".to_owned();
        let (desired, max) = (n(line.desired), n(line.max));
        return [name, unknown(), desired, unknown(), unknown(), max, unknown(), unknown(), String::new()];
    };
    let mark = if price.estimate { "~" } else { "" };
    let number = sources.iter().position(|it| *it == price.source).unwrap_or_else(|| {
        sources.push(price.source.to_string());
        sources.len() - 1
    });
    let cells = |n: Option<u32>| match n {
        Some(n) => {
            let hour = price.usd_per_hour * f64::from(n);
            let month = hour * HOURS_PER_MONTH;
            [n.to_string(), format!("{mark}{hour:.4}"), format!("{mark}{month:.2}")]
        }
        None => ["?", "?", "?"].map(str::to_owned),
    };
    let [desired, hour, month] = cells(line.desired);
    let [max, max_hour, max_month] = cells(line.max);
    let each = format!("{mark}{:.4}", price.usd_per_hour);
    [name, each, desired, hour, month, max, max_hour, max_month, format!("{} [{}]", price.as_of, number + 1)]
}

fn total(name: &str, desired: Sum, max: Sum) -> Row {
    let cells = |sum: Sum| {
        let before = if sum.estimate { "~" } else { "" };
        let behind = if sum.at_least { "+" } else { "" };
        let month = sum.usd_per_hour * HOURS_PER_MONTH;
        [format!("{before}{:.4}{behind}", sum.usd_per_hour), format!("{before}{month:.2}{behind}")]
    };
    let ([hour, month], [max_hour, max_month]) = (cells(desired), cells(max));
    let none = String::new;
    [name.to_owned(), none(), none(), hour, month, none(), max_hour, max_month, none()]
}

/// Aligns the columns.
fn table(rows: &[Row]) -> String {
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|column| rows.iter().map(|it| it[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut res = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let _ = match column {
                0 | 8 => write!(line, "{gap}{cell:<width$}"),
                _ => write!(line, "{gap}{cell:>width$}"),
            };
        }
        res.push_str(line.trim_end());
        res.push('\n');
    }
    res
}
