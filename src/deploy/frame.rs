//! The state of an operation as the lines of a live table: pure, so that every frame can be tested.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::brief::Brief;
use super::operation::{Operation, Phase, Resource};
use crate::report::sanitize;

/// A longer logical id loses its middle.
const MAX_NAME: usize = 40;

/// The hint stands no farther right: a line that is as wide as its terminal is torn when somebody makes that narrower.
const MAX_HINT: usize = 80;

/// What a frame is drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// The name of the stack.
    pub stack: &'a str,
    /// How the operation stands.
    pub operation: &'a Operation,
    /// How many resources it is about, where a change set told so.
    pub total: Option<usize>,
    /// What the template says; nothing where there is none.
    pub brief: &'a Brief,
    /// Lines about what stands behind a resource, by logical id: instances of a group.
    pub beneath: &'a BTreeMap<String, Vec<String>>,
    /// What stands right in the head: a hint, or that contact is lost.
    pub hint: &'a str,
    /// What time it is.
    pub now: Timestamp,
    /// The columns of the terminal.
    pub width: usize,
    /// Its lines.
    pub height: usize,
}

/// The lines of a frame: never wider than the terminal, never more than fit.
#[must_use]
pub fn frame(it: &Picture<'_>) -> Vec<String> {
    let mut res = vec![fit(&head(it), it.width)];
    // What runs or failed is looked at; of the rest the last few, as far as there is room.
    let rows: Vec<_> = it.operation.resources.iter().collect();
    let is_settled = |it: &&&Resource| matches!(it.phase, Phase::Done | Phase::Removed | Phase::Cancelled);
    let name_width = rows.iter().map(|it| it.id.chars().count().min(MAX_NAME)).max().unwrap_or(0).max(20);
    let mut lines = Vec::new();
    for row in rows.iter().filter(|it| !is_settled(it)) {
        lines.push(fit(&line(it, row, name_width), it.width));
        for text in it.beneath.get(&row.id).into_iter().flatten() {
            lines.push(fit(&format!("          {}", sanitize::short(text, 300)), it.width));
        }
    }
    let room = it.height.saturating_sub(res.len() + 2);
    lines.truncate(room.max(1));
    let settled: Vec<_> = rows.iter().filter(is_settled).collect();
    let n_shown = settled.len().min(room.saturating_sub(lines.len())).min(8);
    let (left_out, shown) = settled.split_at(settled.len() - n_shown);
    if !left_out.is_empty() {
        res.push(fit(&format!("        {} more are settled", left_out.len()), it.width));
    }
    res.extend(shown.iter().map(|row| fit(&line(it, row, name_width), it.width)));
    res.extend(lines);
    res
}

fn head(it: &Picture<'_>) -> String {
    let operation = it.operation;
    let done = match (operation.rolls_back() || operation.deletes, it.total) {
        (true, _) => {
            let gone = operation
                .resources
                .iter()
                .filter(|it| it.phase == Phase::Removed || operation.deletes && it.phase == Phase::Done);
            format!("{}/{} removed", gone.count(), operation.resources.len())
        }
        (false, Some(total)) => format!("{}/{total}", operation.n_done()),
        (false, None) => format!("{} done", operation.n_done()),
    };
    let elapsed = operation.since.map(|since| elapsed(seconds(since, it.now))).unwrap_or_default();
    let left = format!(
        " {}  {}  {done}  {elapsed}",
        sanitize::short(it.stack, MAX_NAME),
        sanitize::short(&operation.status, MAX_NAME)
    );
    let hint = sanitize::short(it.hint, 120);
    let gap = it.width.min(MAX_HINT).saturating_sub(left.chars().count() + hint.chars().count() + 1);
    if gap < 2 { left } else { format!("{left}{}{hint}", " ".repeat(gap)) }
}

fn line(it: &Picture<'_>, row: &Resource, name_width: usize) -> String {
    let time = elapsed(seconds(row.since, row.until.unwrap_or(it.now)));
    let detail = match row.phase {
        Phase::Running => waiting(it, row),
        _ => String::new(),
    };
    let line = format!(
        "   {:<6} {:<name_width$} {time:>7}   {detail}",
        mark(row.phase),
        sanitize::short(&row.id, MAX_NAME)
    );
    line.trim_end().to_owned()
}

/// `0/1 signals, 8m43s left of 10m`
fn waiting(it: &Picture<'_>, row: &Resource) -> String {
    let Some(waits) = it.brief.resources.get(&row.id).and_then(|it| it.waits) else { return String::new() };
    if it.operation.deletes || it.operation.rolls_back() {
        return String::new();
    }
    let mut res = format!("{}/{} signals", row.signals, waits.count);
    if row.failed_signals > 0 {
        res.push_str(&format!(", {} failed", row.failed_signals));
    }
    if let Some(limit) = waits.seconds {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let left = (limit - seconds(row.since, it.now)).max(0);
        res.push_str(&format!(", {} left of {}", elapsed(left), elapsed(limit)));
    }
    res
}

/// One word for how a resource stands.
#[must_use]
pub fn mark(phase: Phase) -> &'static str {
    match phase {
        Phase::Running => "..",
        Phase::Done => "ok",
        Phase::Failed => "FAILED",
        Phase::Cancelled => "given up",
        Phase::Removed => "gone",
    }
}

/// Seconds between two times; never negative.
#[must_use]
pub fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_second() - from.as_second()).max(0)
}

/// `7s`, `3m41s`, `1h02m`
#[must_use]
pub fn elapsed(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3600 if seconds % 60 == 0 => format!("{}m", seconds / 60),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

/// A line of the terminal's width at most.
fn fit(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let mut res: String = line.chars().take(width.saturating_sub(1)).collect();
    res.push('~');
    res
}

#[cfg(test)]
mod tests {
    use super::super::brief::{Resource as Described, Waits};
    use super::super::events::Event;
    use super::*;
    use crate::text::Span;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    fn told(events: &[(i64, &str, &str, &str)]) -> Operation {
        let mut res = Operation::new(false);
        for (second, resource, status, reason) in events {
            res.take(&Event {
                id: format!("{second}{resource}{status}"),
                at: at(*second),
                resource: (*resource).to_owned(),
                type_name: String::new(),
                physical: String::new(),
                status: (*status).to_owned(),
                reason: (*reason).to_owned(),
                token: String::new(),
                of_stack: *resource == "demo",
            });
        }
        res
    }

    fn draw(operation: &Operation, now: i64, width: usize, height: usize) -> String {
        let mut brief = Brief::default();
        let waits = Some(Waits { count: 1, seconds: Some(600) });
        let asg = Described { type_name: String::new(), span: Span::at(0), waits };
        brief.resources.insert("Asg".to_owned(), asg);
        let beneath =
            BTreeMap::from([("Asg".to_owned(), vec!["i-1  running, not in cluster demo".to_owned()])]);
        let hint = "Ctrl-C detaches, the stack goes on";
        let picture = Picture {
            stack: "demo",
            operation,
            total: Some(2),
            brief: &brief,
            beneath: &beneath,
            hint,
            now: at(now),
            width,
            height,
        };
        frame(&picture).join("\n")
    }

    #[test]
    fn a_group_that_waits() {
        let operation = told(&[
            (0, "demo", "CREATE_IN_PROGRESS", ""),
            (1, "Vpc", "CREATE_IN_PROGRESS", ""),
            (13, "Vpc", "CREATE_COMPLETE", ""),
            (20, "Asg", "CREATE_IN_PROGRESS", ""),
        ]);
        let expected = " demo  CREATE_IN_PROGRESS  1/2  1m37s        Ctrl-C detaches, the stack goes on
   ok     Vpc                      12s
   ..     Asg                    1m17s   0/1 signals, 8m43s left of 10m
          i-1  running, not in cluster demo";
        assert_eq!(draw(&operation, 97, 80, 24), expected);
        assert_eq!(draw(&operation, 97, 120, 24), expected, "so that it can be made narrower");
    }

    #[test]
    fn a_frame_never_leaves_its_terminal() {
        let many: Vec<_> = (0..60).map(|it| format!("Resource{it}\u{1b}[2J{}", "x".repeat(it))).collect();
        let mut events = vec![(0, "demo", "CREATE_IN_PROGRESS", "")];
        for (idx, id) in many.iter().enumerate() {
            events.push((idx as i64, id, "CREATE_IN_PROGRESS", ""));
            if idx % 3 == 0 {
                events.push((idx as i64 + 5, id, "CREATE_COMPLETE", ""));
            }
        }
        let operation = told(&events);
        for (width, height) in [(80, 24), (120, 50), (40, 5), (200, 3)] {
            let text = draw(&operation, 4000, width, height);
            assert!(text.lines().all(|it| it.chars().count() <= width), "{width}\n{text}");
            assert!(text.lines().count() <= height, "{height}\n{text}");
            assert!(!text.contains('\u{1b}'));
        }
    }

    #[test]
    fn times_are_short() {
        for (seconds, text) in [(0, "0s"), (59, "59s"), (60, "1m"), (221, "3m41s"), (3720, "1h02m")] {
            assert_eq!(elapsed(seconds), text);
        }
    }
}
