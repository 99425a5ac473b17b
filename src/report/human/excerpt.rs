//! The few lines of a template around a finding, ready to be drawn.
//!
//! `miette` draws; it never sees the template. Given the whole of it, it counts lines from the first byte for every
//! label, prints what a terminal would obey, panics on a label beyond column 65,535 (minified JSON), and counts columns
//! in bytes. An excerpt has only what fits the width, sanitised, and knows the true places.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::window::{MARK, cut, width as width_of, wrapped};
use crate::diagnostic::Finding;
use crate::report::sanitize;
use crate::text::{Lines, Position, Span};

/// Lines shown before and after those with a label.
const CONTEXT: usize = 1;
/// More labels would be a wall, not an explanation.
const MAX_LABELS: usize = 12;
/// What the drawing takes of the width: line number, bar, blanks.
const GUTTER: usize = 10;
/// What the drawing puts before the text of a label.
const LABEL_MARK: usize = 4;
/// A label at the end of a line is rather too wide than a tower of words.
const MIN_LABEL_COLUMNS: usize = 24;
/// A longer label loses its middle.
const MAX_LABEL: usize = 300;

/// The lines around one finding.
#[derive(Debug)]
pub(super) struct Excerpt {
    path: String,
    text: String,
    lines: Vec<Line>,
    labels: Vec<Label>,
    beyond: Vec<(Position, String)>,
}

/// A line of the excerpt.
#[derive(Debug)]
struct Line {
    /// Where it starts in the text of the excerpt.
    start: usize,
    /// Its number in the template, from 0.
    number: usize,
    /// The bytes of the template that are shown of it.
    shown: Range<usize>,
    /// The bytes before them in the excerpt: a mark that something is left out.
    mark: usize,
}

#[derive(Debug)]
struct Label {
    start: usize,
    len: usize,
    at: Position,
    text: Option<String>,
}

impl Excerpt {
    /// Cuts out what shows `finding`, its own words first.
    pub(super) fn new(path: &str, lines: &Lines<'_>, finding: &Finding, width: usize) -> Excerpt {
        let own = std::iter::once((finding.span, None));
        let because = finding.because.iter().map(|(span, label)| (*span, Some(label.as_str())));
        let wanted: Vec<_> = own.chain(because).take(MAX_LABELS).collect();
        let spans: Vec<Span> = wanted.iter().map(|it| on_one_line(lines, it.0)).collect();

        let mut res = Excerpt {
            path: sanitize::line(path).into_owned(),
            text: String::new(),
            lines: Vec::new(),
            labels: Vec::new(),
            beyond: Vec::new(),
        };
        for number in numbers(lines, &spans) {
            res.push_line(lines, number, &spans, width.saturating_sub(GUTTER));
        }
        for ((span, label), shown) in wanted.iter().zip(spans) {
            res.push_label(lines.position(span.start), res.place(shown), *label, width);
        }
        res
    }

    /// The places that are not in the drawing, each with what is to be said of it.
    pub(super) fn beyond(&self) -> &[(Position, String)] {
        &self.beyond
    }

    /// The labels for the drawing; the first one gives the place.
    pub(super) fn labels(&self) -> impl Iterator<Item = LabeledSpan> + '_ {
        self.labels.iter().enumerate().map(|(idx, it)| {
            let span = (it.start, it.len);
            if idx == 0 {
                LabeledSpan::new_primary_with_span(it.text.clone(), span)
            } else {
                LabeledSpan::new_with_span(it.text.clone(), span)
            }
        })
    }

    fn push_line(&mut self, lines: &Lines<'_>, number: usize, spans: &[Span], columns: usize) {
        let line = line_range(lines, number);
        let mut on_line =
            spans.iter().map(|it| it.start as usize).filter(|it| (line.start..=line.end).contains(it));
        let shown = cut(lines.source(), line.clone(), on_line.next(), columns);
        let start = self.text.len();
        if shown.start > line.start {
            self.text.push_str(MARK);
        }
        let mark = self.text.len() - start;
        self.text.push_str(&sanitize::same_length(&lines.source()[shown.clone()]));
        if shown.end < line.end {
            self.text.push_str(MARK);
        }
        self.text.push('\n');
        self.lines.push(Line { start, number, shown, mark });
    }

    fn push_label(&mut self, at: Position, place: Option<(usize, usize)>, label: Option<&str>, width: usize) {
        let text = label.map(|it| sanitize::short(it, MAX_LABEL));
        let Some((start, len)) = place else {
            self.beyond.extend(text.map(|it| (at, it)));
            return;
        };
        let columns = width
            .saturating_sub(GUTTER + LABEL_MARK + self.column_of(start) + len / 2)
            .max(MIN_LABEL_COLUMNS);
        let wrapped = text.as_deref().map(|it| wrapped(it, columns));
        // Two labels at one place would hide each other.
        match self.labels.iter_mut().find(|it| it.start == start && it.len == len) {
            Some(it) if it.text.is_none() => it.text = wrapped,
            Some(_) => self.beyond.extend(text.map(|it| (at, it))),
            None => self.labels.push(Label { start, len, at, text: wrapped }),
        }
    }

    /// Where the words of `span` stand in the excerpt; `None` when their start is not shown.
    fn place(&self, span: Span) -> Option<(usize, usize)> {
        let (start, end) = (span.start as usize, span.end as usize);
        let line = self.lines.iter().find(|it| it.shown.start <= start && start <= it.shown.end)?;
        let end = end.min(line.shown.end).max(start);
        Some((line.start + line.mark + start - line.shown.start, end - start))
    }

    /// How far right the byte at `offset` is drawn.
    fn column_of(&self, offset: usize) -> usize {
        let line = self.lines.get(self.line_of(offset)).map_or(0, |it| it.start);
        self.text[line..offset].chars().map(width_of).sum()
    }

    /// The line of the excerpt that has the byte at `offset`.
    fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|it| it.start <= offset).saturating_sub(1)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (first, last) = (self.line_of(span.offset()), self.line_of(span.offset() + span.len()));
        let follows = |idx: usize| self.lines[idx].number == self.lines[idx - 1].number + 1;
        // Lines that do not follow one another cannot be drawn as one piece.
        if self.lines.is_empty() || !(first + 1..=last).all(follows) {
            return Err(MietteError::OutOfBounds);
        }
        let (mut start, mut end) = (first, last);
        while first - start < before && start > 0 && follows(start) {
            start -= 1;
        }
        while end - last < after && end + 1 < self.lines.len() && follows(end + 1) {
            end += 1;
        }
        let bytes = self.lines[start].start..self.lines.get(end + 1).map_or(self.text.len(), |it| it.start);
        // Asked for a label alone, it is the place that is wanted.
        let label = self.labels.iter().find(|it| before == 0 && it.start == span.offset());
        let (line, column) =
            label.map_or((self.lines[start].number, 0), |it| (it.at.line - 1, it.at.column - 1));
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            &self.text.as_bytes()[bytes.clone()],
            (bytes.start, bytes.len()).into(),
            line,
            column,
            end - start + 1,
        )))
    }
}

/// The part of a span that lies in its first line: the words of a whole block would be the whole screen.
fn on_one_line(lines: &Lines<'_>, span: Span) -> Span {
    let start = char_start(lines.source(), span.start as usize);
    let (_, number) = lines.line_start(start);
    let line = line_range(lines, number);
    // The end of a line, and a mark at the start of the file, are shown as an empty place.
    let start = start.clamp(line.start, line.end);
    let end = char_start(lines.source(), span.end as usize).clamp(start, line.end);
    Span::new(start, end)
}

/// The numbers of the lines to show, from 0: first those around the first span, then the others in order.
fn numbers(lines: &Lines<'_>, spans: &[Span]) -> Vec<usize> {
    let labelled: Vec<usize> = spans.iter().map(|it| lines.line_start(it.start as usize).1).collect();
    // After the last line break there is no line to show, but there may be a place.
    let last = lines.count() - 1 - usize::from(lines.count() > 1 && lines.source().ends_with('\n'));
    let around = |number: &usize| number.saturating_sub(CONTEXT)..=(number + CONTEXT).min(last).max(*number);
    let mut res: Vec<usize> = labelled.iter().flat_map(around).collect();
    res.sort_unstable();
    res.dedup();
    let Some(own) = labelled.first().and_then(|it| res.binary_search(it).ok()) else { return res };
    let follows = |idx: &usize| *idx > 0 && res[*idx] == res[*idx - 1] + 1;
    let start = (0..=own).rev().find(|it| !follows(it)).unwrap_or(0);
    let end = (own + 1..res.len()).find(|it| !follows(it)).unwrap_or(res.len());
    let block: Vec<usize> = res.drain(start..end).collect();
    block.into_iter().chain(res).collect()
}

/// The bytes of a line without its end and without a BOM.
fn line_range(lines: &Lines<'_>, number: usize) -> Range<usize> {
    let mut start = lines.start_of(number);
    let text = &lines.source()[start..lines.start_of(number + 1)];
    let text = text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).unwrap_or(text);
    let end = start + text.len();
    if start == 0 && text.starts_with('\u{feff}') {
        start = '\u{feff}'.len_utf8();
    }
    start..end.max(start)
}

/// The start of the character that has the byte at `offset`; the end of the text past it.
fn char_start(source: &str, offset: usize) -> usize {
    source.floor_char_boundary(offset)
}
