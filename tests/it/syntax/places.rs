//! Every place in the tree is exact: a span cut out of the file parses to the same node, and the map of a scalar leads
//! every byte to a source that decodes to it.
//!
//! What stands around a node says how to read it, so a cut gets back what it needs, and no more:
//! - a block collection, the blanks before its first line, so that its lines stand below each other again;
//! - a text block, a header that keeps all line breaks (`|1+`), and each line one blank for its indentation;
//! - a key without quotes, its colon: without it, `-` and `a:` (of `a:: b`) would be something else;
//! - a word in brackets, brackets, since a lone `?` is a word there only;
//! - everything else nothing. A value that is not there is an empty cut, which has no node.

use std::collections::HashSet;

use ecslint::syntax::{Kind, Node, Style, Tree, parse};
use ecslint::text::{Lines, Piece, Span};

use super::{is_pair, shape};

/// A cut is parsed again for each collection it is in; this bounds the work.
const MAX_CUT: usize = 3000;

#[test]
fn cuts_parse_to_the_same_node() {
    for (path, text) in super::corpus_files().into_iter().chain(super::fixtures()) {
        check_cuts(&path, &text);
    }
}

#[test]
fn maps_lead_every_byte_home() {
    for (path, text) in super::corpus_files().into_iter().chain(super::fixtures()) {
        check_maps(&path, &text);
        // Another way to end lines must not change any text.
        if !text.contains('\r') {
            check_maps(&path, &text.replace('\n', "\r\n"));
        }
    }
}

#[test]
fn bom_and_crlf_move_nothing() {
    for (path, text) in super::corpus_files().into_iter().chain(super::fixtures()) {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let moved = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let (found, expected) = (places(&moved), places(&text));
        let differs = found.iter().zip(&expected).find(|it| it.0 != it.1);
        assert_eq!((differs, found.len()), (None, expected.len()), "{path}");
    }
}

/// What the user sees of each node and problem, with line and column.
fn places(source: &str) -> Vec<String> {
    // Lines::position for every byte at once.
    let (mut line, mut column) = (1, 1);
    let mut positions = Vec::with_capacity(source.len() + 1);
    for character in source.chars() {
        positions.extend(std::iter::repeat_n((line, column), character.len_utf8()));
        match character {
            '\n' => (line, column) = (line + 1, 1),
            '\u{feff}' if positions.len() == 3 => {}
            '\r' if source[positions.len()..].starts_with('\n') => {}
            _ => column += 1,
        }
    }
    positions.push((line, column));
    let lines = Lines::new(source);
    let middle = lines.position(u32::try_from(source.len() / 2).expect("a small file"));
    assert!(
        !source.is_char_boundary(source.len() / 2)
            || (middle.line, middle.column) == positions[source.len() / 2]
    );

    let at = |offset: u32| positions[offset as usize];
    let res = parse(source);
    let nodes = res.tree.nodes().map(|it| {
        let tag = it.tag().map(|tag| at(tag.span.start));
        let anchor = it.anchor().map(|span| (at(span.start), at(span.end)));
        let map = it.text_map();
        // Some of its bytes, since each is looked up by itself.
        let bytes = (0..map.decoded_len()).step_by(53).map(|byte| map.to_source(byte, byte + 1));
        let bytes: Vec<_> = bytes.map(|it| it.map(|it| at(it.start))).collect();
        format!("{:?} {:?} {:?} {tag:?} {anchor:?} {bytes:?}", it.kind(), it.text(), at(it.span().start))
    });
    let comments = res.tree.comments().iter().map(|it| format!("{:?} {:?}", at(it.start), at(it.end)));
    let problems = res.problems.iter().map(|it| format!("{} {:?}", it.message, at(it.span.start)));
    nodes.chain(comments).chain(problems).collect()
}

/// Asserts that each node's span holds the node.
pub(super) fn check_cuts(path: &str, source: &str) {
    let res = parse(source);
    // What stands around a tag with a prefix declares it, and what two tags mean is told as a problem.
    if !res.problems.is_empty() || source.contains("%TAG") {
        return;
    }
    for comment in res.tree.comments() {
        assert!(
            comment.slice(source).starts_with('#') && !comment.slice(source).contains(['\n', '\r']),
            "{path}"
        );
    }
    let keys: HashSet<u32> =
        res.tree.nodes().flat_map(|it| it.entries()).map(|(key, _)| key.index()).collect();
    let flow = res.tree.nodes().filter(|it| it.style() == Style::Flow);
    let in_brackets: HashSet<u32> = flow.flat_map(|it| it.descendants()).map(|it| it.index()).collect();
    for node in res.tree.nodes().filter(|it| it.span().len() <= MAX_CUT) {
        if let Some(anchor) = node.anchor() {
            assert!(anchor.slice(source).starts_with('&'), "{path}: {node:?}");
        }
        let Some(mut cut) = cut(&res.tree, node) else { continue };
        let is_plain = (node.kind(), node.style()) == (Kind::Scalar, Style::Plain) && !node.text().is_empty();
        let is_key = is_plain && keys.contains(&node.index()) && !cut.contains(['\n', '\r']);
        if is_key {
            cut.push(':');
        }
        let is_in_brackets = is_plain && in_brackets.contains(&node.index());
        if is_in_brackets {
            cut = format!("[{cut}]");
        }
        let again = parse(&cut);
        assert_eq!(again.problems, [], "{path}: {node:?} cut as {cut:?}");
        let Some(root) = again.tree.roots().next() else {
            assert!(node.span().is_empty() && node.text().is_empty(), "{path}: {node:?} cut as {cut:?}");
            continue;
        };
        let root = root.items().next().filter(|_| is_in_brackets).unwrap_or(root);
        let root = root.entries().next().filter(|_| is_key).map_or(root, |(key, _)| key);
        let (found, expected) = (shape(root), shape(node));
        let is_block = matches!(node.style(), Style::Literal | Style::Folded);
        // The tag of a text block stands before its header, and so outside the cut.
        let skip = usize::from(is_block);
        assert_eq!(found[skip..], expected[skip..], "{path}: {node:?} cut as {cut:?}");
        assert_eq!(root.text(), node.text(), "{path}: {node:?} cut as {cut:?}");
    }
}

fn cut(tree: &Tree<'_>, node: Node<'_>) -> Option<String> {
    let source = tree.source();
    let text = node.span().slice(source);
    let line_start = |at: usize| {
        source[..at]
            .rfind(['\n', '\r', '\u{feff}'])
            .map_or(0, |it| it + source[it..].chars().next().map_or(0, char::len_utf8))
    };
    let column = |at: u32| source[line_start(at as usize)..at as usize].chars().count();
    match node.style() {
        Style::Block => {
            let tag = node.tag().map(|it| format!("--- {}\n", it.name)).unwrap_or_default();
            Some(format!("{tag}{}{text}", " ".repeat(column(node.span().start))))
        }
        Style::Literal | Style::Folded => {
            let header = if node.style() == Style::Literal { '|' } else { '>' };
            let whole = &source[line_start(node.span().start as usize)..node.span().end as usize];
            let indentation = indentation(whole, node.text())?;
            let mut res = format!("{header}1+\n");
            for line in whole.split_inclusive(['\n', '\r']) {
                let blanks = line.len() - line.trim_start_matches(' ').len();
                let rest = &line[blanks.min(indentation)..];
                res.push_str(if rest.trim_end_matches(['\n', '\r']).is_empty() { "" } else { " " });
                res.push_str(rest);
            }
            Some(res)
        }
        // Of a pair in a list: it has no brackets.
        Style::Flow if is_pair(source, node) => Some(format!("{{{text}}}")),
        _ => Some(node.full_span().slice(source).to_owned()),
    }
}

/// How far the first line that is not empty is indented more in the source than in the text.
fn indentation(source: &str, text: &str) -> Option<usize> {
    let blanks_of = |text: &str| {
        let line = text.split(['\n', '\r']).find(|it| !it.trim().is_empty())?;
        Some(line.len() - line.trim_start_matches(' ').len())
    };
    blanks_of(source)?.checked_sub(blanks_of(text)?)
}

/// Asserts that each byte of each scalar leads to a source that decodes to it.
pub(crate) fn check_maps(path: &str, source: &str) {
    let res = parse(source);
    for node in res.tree.nodes().filter(|it| it.kind() == Kind::Scalar) {
        let (map, text) = (node.text_map(), node.text());
        let (mut decoded, mut at) = (0, node.span().start);
        for piece in map.pieces() {
            let part = &text[piece.decoded as usize..(piece.decoded + piece.len) as usize];
            assert_eq!(piece.decoded, decoded, "{path}: a gap in {node:?}");
            assert!(
                piece.source.start >= at && piece.source.end <= node.span().end,
                "{path}: {piece:?} of {node:?}"
            );
            let from = piece.source.slice(source);
            let is_same = if piece.verbatim { part == from } else { decodes_to(node.style(), from, part) };
            assert!(is_same, "{path}: {from:?} does not give {part:?} in {node:?}");
            (decoded, at) = (piece.decoded + piece.len, piece.source.end);
        }
        assert_eq!((decoded as usize, map.decoded_len()), (text.len(), text.len()), "{path}: {node:?}");
        check_ranges(map.pieces(), &map, text);
        let is_block = matches!(node.style(), Style::Literal | Style::Folded);
        if let (true, Some(first), Some(last)) = (is_block, map.pieces().first(), map.pieces().last()) {
            assert_eq!(
                Span::new(first.source.start as usize, last.source.end as usize),
                node.span(),
                "{path}"
            );
        }
    }
}

fn check_ranges(pieces: &[Piece], map: &ecslint::text::TextMap, text: &str) {
    assert_eq!(map.to_source(0, 0), None);
    assert_eq!(map.to_source(0, text.len() + 1), None);
    if let (Some(first), Some(last)) = (pieces.first(), pieces.last()) {
        assert_eq!(map.to_source(0, text.len()), Some(first.source.to(last.source)));
    }
}

/// Whether one piece of source stands for one piece of text: an escape, or line breaks that are folded.
fn decodes_to(style: Style, source: &str, text: &str) -> bool {
    let n_breaks = source.replace("\r\n", "\n").matches(['\n', '\r']).count();
    let is_escaped = style == Style::DoubleQuoted && source.starts_with('\\');
    if n_breaks > 0 {
        let is_blank = source.trim_start_matches('\\').trim_matches([' ', '\t', '\n', '\r']).is_empty();
        let expected = match (n_breaks, is_escaped) {
            // A line break of a text block that is no `\n`.
            (1, false) if style == Style::Literal => "\n".to_owned(),
            (1, false) if style == Style::Folded && text == "\n" => "\n".to_owned(),
            (1, false) => " ".to_owned(),
            _ => "\n".repeat(n_breaks - 1),
        };
        return is_blank && text == expected;
    }
    match style {
        Style::SingleQuoted => (source, text) == ("''", "'"),
        Style::DoubleQuoted if is_escaped => {
            let quoted = format!("\"{source}\"");
            let again = parse(&quoted);
            again.problems.is_empty() && again.tree.roots().next().is_some_and(|it| it.text() == text)
        }
        _ => false,
    }
}
