//! YAML to tree, on the events of granit-parser. Only this module and `explain` know that crate.
//!
//! The parser is as lenient about the indentation of brackets and quotes as libyaml and PyYAML are
//! (`strict_indentation` stays off): real templates rely on it, and what deploys must never be refused here.

use granit_parser::{Event, Parser, ScalarStyle, Scanner, StrInput, StructureStyle, TokenType};

use super::build::{Beyond, Builder};
use super::lines::{blanks, is_blank, is_space, line_end, line_start};
use super::tree::{Kind, Style, Tree};
use super::{Parse, Problem, explain, scalar};
use crate::text::Span;

/// Reads all documents of `source`, with nothing but the full parser.
pub(super) fn parse(source: &str) -> Parse<'_> {
    let (tree, problem) = read(source, source);
    let Some(problem) = problem else { return Parse { tree, problems: Vec::new() } };
    let mut problems =
        if tree.is_full() || !may_be_two_tags(source, &problem) { Vec::new() } else { two_tags(source) };
    if problems.is_empty() {
        return Parse { tree, problems: vec![problem] };
    }
    let (tree, problem) = read(source, &without(source, &problems));
    if let Some(problem) = problem {
        problems.retain(|it| it.span.start < problem.span.start);
        problems.push(problem);
    }
    Parse { tree, problems }
}

/// Builds the tree of `text`, which is `source` but for blanks in the place of some tags.
fn read<'s>(source: &'s str, text: &str) -> (Tree<'s>, Option<Problem>) {
    let options = granit_parser::options! {
        // The default of 96 makes a longer run of comment lines an error.
        max_buffered_comment_events: usize::MAX,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        // As libyaml does: a text block that the file ends with gets no line break that is not there.
        block_scalar_eof_without_line_feed: true,
    };
    let mut builder = Builder::new(source);
    for item in Parser::new_from_str_with_options(text, options) {
        let (event, place) = match item {
            Ok(item) => item,
            Err(err) => {
                let problem = explain::explain(source, &builder, &err);
                return (builder.finish(), Some(problem));
            }
        };
        let span = span_of(&place);
        if let Err(beyond) = add(&mut builder, source, &event, span, &place) {
            return (builder.finish(), Some(explain::beyond(source, &beyond)));
        }
    }
    (builder.finish(), None)
}

fn add(
    builder: &mut Builder<'_>,
    source: &str,
    event: &Event<'_>,
    span: Span,
    place: &granit_parser::Span,
) -> Result<(), Beyond> {
    let tag = || place.tag_span().map(|it| span_of(&it));
    match event {
        Event::Scalar(text, style, ..) => {
            return add_scalar(builder, source, text, style_of(*style), tag(), span);
        }
        Event::SequenceStart(style, ..) => {
            let span = if shape_of(*style) == Style::Block { from_dash(builder, source, span) } else { span };
            builder.open(Kind::Sequence, shape_of(*style), tag(), span)?;
        }
        Event::MappingStart(style, ..) => builder.open(Kind::Mapping, shape_of(*style), tag(), span)?,
        // The end of a block collection, and of a pair in a list (`[a: b]`), stands at the next token.
        Event::SequenceEnd => builder.close(closed_by(source, span, "]")),
        Event::MappingEnd => builder.close(closed_by(source, span, "}")),
        Event::Alias(_) | Event::UnresolvedAlias(_) => {
            builder.borrowed(Kind::Alias, Style::Plain, None, span)?;
        }
        Event::Anchor(..) => builder.anchor(span),
        Event::Comment(..) => builder.comment(span),
        _ => {}
    }
    Ok(())
}

fn add_scalar(
    builder: &mut Builder<'_>,
    source: &str,
    text: &str,
    style: Style,
    tag: Option<Span>,
    span: Span,
) -> Result<(), Beyond> {
    let span = match style {
        Style::Literal | Style::Folded => scalar::block_span(source, span, style, text),
        // Nothing: the parser says `~`.
        Style::Plain if span.is_empty() => {
            let span = if builder.wants_value() { after_colon(builder, source, span) } else { span };
            return builder.borrowed(Kind::Scalar, style, tag, span);
        }
        _ => span,
    };
    builder.scalar(style, tag, span, text)
}

/// A value that is not there stands behind its colon, or else behind its key. The parser puts it before the colon,
/// or, when there is none (`? key`), at the next token.
fn after_colon(builder: &Builder<'_>, source: &str, span: Span) -> Span {
    let (bytes, start) = (source.as_bytes(), span.start as usize);
    let colon = start + blanks(&bytes[start..], is_blank);
    let key_end = builder.end().min(start);
    let is_own = match builder.innermost() {
        // On a line of its own, it has to stand below the question mark.
        Some((_, Style::Block, mapping)) if line_end(bytes, key_end) < colon => {
            let column = |at: usize| at - line_start(bytes, at);
            column(colon) == column(mapping.start as usize)
        }
        _ => true,
    };
    if is_own && bytes.get(colon) == Some(&b':') {
        Span::at(colon + 1)
    } else if source[key_end..start].trim().is_empty() {
        Span::at(key_end)
    } else {
        span
    }
}

/// A list that is indented like its key starts at its dash; the parser says behind it.
fn from_dash(builder: &Builder<'_>, source: &str, span: Span) -> Span {
    let Some((Kind::Mapping, Style::Block, parent)) = builder.innermost() else { return span };
    let start = line_start(source.as_bytes(), span.start as usize);
    let dash = start + blanks(&source.as_bytes()[start..], is_space);
    // Further left, the dash is that of a list around the mapping.
    let is_own = dash >= parent.start as usize && dash < span.start as usize;
    if is_own && source[dash..].starts_with('-') { Span::at(dash) } else { span }
}

fn closed_by(source: &str, span: Span, bracket: &str) -> Option<usize> {
    (span.slice(source) == bracket).then_some(span.end as usize)
}

/// Whether two tags may be what the parser stopped at. It stops at the second or behind it, and looking for all of
/// them takes as long as reading.
fn may_be_two_tags(source: &str, problem: &Problem) -> bool {
    let bytes = source.as_bytes();
    let at = (problem.span.start as usize).min(bytes.len());
    let above = line_start(bytes, line_start(bytes, at).saturating_sub(1));
    memchr::memchr(b'!', &bytes[above..line_end(bytes, at)]).is_some()
}

/// All tags that follow another tag of the same node: two short forms of functions (`!Base64 !Sub x`) are an
/// error of syntax, so the parser ends there.
fn two_tags(source: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut first = None;
    for token in Scanner::new(StrInput::new(source)).map_while(Result::ok) {
        match token.token_type() {
            TokenType::Tag(..) => {
                let span = span_of(&token.span());
                match first {
                    Some(first) => problems.push(explain::two_tags(source, first, span)),
                    None => first = Some(span),
                }
            }
            TokenType::Anchor(_) | TokenType::Comment(_) => {}
            _ => first = None,
        }
    }
    problems
}

/// A copy of the same length with blanks in the place of the tags.
fn without(source: &str, tags: &[Problem]) -> String {
    let mut res = String::with_capacity(source.len());
    for tag in tags {
        res.push_str(&source[res.len()..tag.span.start as usize]);
        res.extend(std::iter::repeat_n(' ', tag.span.len()));
    }
    res.push_str(&source[res.len()..]);
    res
}

fn span_of(place: &granit_parser::Span) -> Span {
    let range = place.byte_range().expect("internal error: no byte offsets for a text in memory");
    Span::new(range.start, range.end.max(range.start))
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

fn shape_of(style: StructureStyle) -> Style {
    match style {
        StructureStyle::Block => Style::Block,
        StructureStyle::Flow => Style::Flow,
    }
}
