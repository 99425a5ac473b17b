use super::tree::{Data, Kind, Style, Tree};
use super::{Parse, Problem, ProblemKind};
use crate::text::Span;
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};
pub(super) fn parse(source: &str) -> Parse<'_> {
    let mut tree = Tree { source, nodes: vec![], side: String::new(), roots: vec![], comments: vec![] };
    let mut problems = vec![];
    let opts =
        granit_parser::options! { max_buffered_comment_events: usize::MAX, emit_unresolved_aliases: true };
    let mut stack: Vec<u32> = vec![];
    let base = source.as_ptr() as usize;
    let mut last_end = 0u32;
    for r in Parser::new_from_str_with_options(source, opts) {
        let (ev, sp) = match r {
            Ok(x) => x,
            Err(e) => {
                let at = e.marker().byte_offset().unwrap_or(0).min(source.len());
                problems.push(Problem {
                    kind: ProblemKind::Syntax,
                    span: Span::at(at),
                    message: e.to_string(),
                    help: None,
                    because: None,
                });
                break;
            }
        };
        let Some(b) = sp.byte_range() else { continue };
        let tag =
            sp.tag_span().and_then(|t| t.byte_range()).map_or(Span::at(0), |r| Span::new(r.start, r.end));
        let node = |kind, style, span| Data {
            kind,
            style,
            span,
            tag,
            anchor: Span::at(0),
            next: 0,
            text: (0, 0),
            in_side: false,
        };
        let span = Span::new(b.start, b.end);
        let add = |tree: &mut Tree<'_>, stack: &[u32], data: Data| {
            let i = tree.nodes.len() as u32;
            tree.nodes.push(data);
            if stack.is_empty() {
                tree.roots.push(i)
            }
            i
        };
        match ev {
            Event::Scalar(v, st, ..) => {
                let style = match st {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                };
                let mut d = node(Kind::Scalar, style, span);
                let v: &str = &v;
                let off = (v.as_ptr() as usize).wrapping_sub(base);
                if span.is_empty() && style == Style::Plain {
                    d.text = (0, 0)
                } else if off < source.len() {
                    d.text = (off as u32, v.len() as u32)
                } else if let Some(at) = source[b.start..b.end].find(v) {
                    d.text = ((b.start + at) as u32, v.len() as u32)
                } else {
                    d.text = (tree.side.len() as u32, v.len() as u32);
                    d.in_side = true;
                    tree.side.push_str(v)
                }
                last_end = span.end;
                let i = add(&mut tree, &stack, d);
                tree.nodes[i as usize].next = i + 1;
            }
            Event::Alias(_) => {
                let i = add(&mut tree, &stack, node(Kind::Alias, Style::Plain, span));
                tree.nodes[i as usize].next = i + 1;
                last_end = span.end;
            }
            Event::SequenceStart(st, ..) | Event::MappingStart(st, ..) => {
                let kind =
                    if matches!(ev, Event::SequenceStart(..)) { Kind::Sequence } else { Kind::Mapping };
                let i = add(
                    &mut tree,
                    &stack,
                    node(kind, if st == StructureStyle::Flow { Style::Flow } else { Style::Block }, span),
                );
                stack.push(i);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(p) = stack.pop() else { continue };
                let n = tree.nodes.len() as u32;
                let d = &mut tree.nodes[p as usize];
                d.next = n;
                d.span.end = if d.style == Style::Flow { span.end } else { last_end.max(d.span.start) };
                last_end = d.span.end;
            }
            Event::Comment(..) => tree.comments.push(span),
            _ => {}
        }
    }
    let n = tree.nodes.len() as u32;
    for p in stack {
        tree.nodes[p as usize].next = n;
        let e = last_end.max(tree.nodes[p as usize].span.start);
        tree.nodes[p as usize].span.end = e;
    }
    Parse { tree, problems }
}
