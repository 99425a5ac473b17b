//! Puts the nodes of a [`Tree`] in order, for all readers.
//!
//! Invariants: nodes come in preorder; at most [`MAX_DEPTH`] collections are open, and there are no more than
//! [`super::MAX_NODES`]; a block collection ends where
//! its last child ends; a text that stands in the source as it is is borrowed from there; [`Builder::finish`] closes what is open, so a tree is whole wherever the text broke off.

use std::cell::OnceCell;

use super::MAX_DEPTH;
use super::tree::{Content, Data, Kind, MAX_SEARCHED, Marks, Style, Tree};
use crate::text::Span;

/// A tree that grows.
pub(super) struct Builder<'s> {
    tree: Tree<'s>,
    open: Vec<Open>,
    /// Where the text that nodes cover ends.
    end: usize,
}

/// A collection that is not closed yet.
struct Open {
    idx: usize,
    n_children: usize,
}

/// The node that starts here is one too many.
#[derive(Debug)]
pub(super) enum Beyond {
    /// Nested deeper than [`MAX_DEPTH`].
    Depth(usize),
    /// More than [`super::MAX_NODES`].
    Nodes(usize),
}

impl<'s> Builder<'s> {
    pub(super) fn new(source: &'s str) -> Builder<'s> {
        let tree = Tree {
            source,
            // Templates have a node in 17 to 30 bytes; what is too much is never touched.
            nodes: Vec::with_capacity(source.len() / 20),
            marks: vec![Marks::NONE],
            side: String::new(),
            roots: Vec::new(),
            comments: Vec::new(),
            index: OnceCell::new(),
            parents: OnceCell::new(),
        };
        Builder { tree, open: Vec::new(), end: 0 }
    }

    /// Where the text that nodes cover ends.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Whether the next node is the value of a mapping.
    pub(super) fn wants_value(&self) -> bool {
        self.open
            .last()
            .is_some_and(|it| self.tree.nodes[it.idx].kind == Kind::Mapping && it.n_children % 2 == 1)
    }

    /// A scalar or alias whose text stands in the source as it is.
    pub(super) fn borrowed(
        &mut self,
        kind: Kind,
        style: Style,
        tag: Option<Span>,
        span: Span,
    ) -> Result<(), Beyond> {
        self.node(kind, style, tag, span, Content::Verbatim)
    }

    /// A scalar whose text may stand in the source as it is.
    pub(super) fn scalar(
        &mut self,
        style: Style,
        tag: Option<Span>,
        span: Span,
        text: &str,
    ) -> Result<(), Beyond> {
        if Data::verbatim(Kind::Scalar, style, span).slice(self.tree.source) == text {
            return self.borrowed(Kind::Scalar, style, tag, span);
        }
        let start = self.tree.side.len();
        self.tree.side.push_str(text);
        self.node(Kind::Scalar, style, tag, span, Content::Decoded(Span::new(start, self.tree.side.len())))
    }

    /// Where a text is decoded into, for [`Builder::decoded`].
    pub(super) fn side(&mut self) -> &mut String {
        &mut self.tree.side
    }

    /// A scalar whose text was written to [`Builder::side`] from `start` on, and may stand in the source as it is.
    pub(super) fn decoded(
        &mut self,
        style: Style,
        tag: Option<Span>,
        span: Span,
        start: usize,
    ) -> Result<(), Beyond> {
        let place = Span::new(start, self.tree.side.len());
        if Data::verbatim(Kind::Scalar, style, span).slice(self.tree.source) == place.slice(&self.tree.side) {
            self.tree.side.truncate(start);
            return self.borrowed(Kind::Scalar, style, tag, span);
        }
        self.node(Kind::Scalar, style, tag, span, Content::Decoded(place))
    }

    /// Begins a collection.
    pub(super) fn open(
        &mut self,
        kind: Kind,
        style: Style,
        tag: Option<Span>,
        span: Span,
    ) -> Result<(), Beyond> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Beyond::Depth(span.start as usize));
        }
        let idx = self.tree.nodes.len();
        self.node(kind, style, tag, span, Content::Nodes(0))?;
        self.open.push(Open { idx, n_children: 0 });
        Ok(())
    }

    /// Ends the innermost collection, at `end` or where its last child ended.
    pub(super) fn close(&mut self, end: Option<usize>) {
        let Some(open) = self.open.pop() else { return };
        let next = Span::at(self.tree.nodes.len()).start;
        let data = &mut self.tree.nodes[open.idx];
        let last = self.end.max(data.span.end as usize);
        self.end = end.map_or(last, |it| it.max(last));
        data.content = Content::Nodes(next);
        data.is_wide = data.kind == Kind::Mapping && open.n_children / 2 > MAX_SEARCHED;
        data.span.end = Span::at(self.end).start;
    }

    /// The innermost open collection: how it is written and where it starts.
    pub(super) fn innermost(&self) -> Option<(Kind, Style, Span)> {
        let data = &self.tree.nodes[self.open.last()?.idx];
        Some((data.kind, data.style, data.span))
    }

    /// The innermost bracket that is open: of what, and where.
    pub(super) fn innermost_bracket(&self) -> Option<(Kind, Span)> {
        // A pair in a list (`[a: b]`) is a mapping without brackets, and starts with an empty span.
        let is_bracket = |it: &&Data| it.style == Style::Flow && !it.span.is_empty();
        let data = self.open.iter().rev().map(|it| &self.tree.nodes[it.idx]).find(is_bracket)?;
        Some((data.kind, Span { start: data.span.start, end: data.span.start + 1 }))
    }

    /// The last scalar, and how it is written; `None` when something else came after it.
    pub(super) fn last_scalar(&self) -> Option<(Span, Style)> {
        self.tree.nodes.last().filter(|it| it.kind == Kind::Scalar).map(|it| (it.span, it.style))
    }

    /// The top of the last document, and how it is written.
    pub(super) fn last_root(&self) -> Option<(Span, Style)> {
        let data = &self.tree.nodes[*self.tree.roots.last()? as usize];
        Some((data.span, data.style))
    }

    /// Names the last node.
    pub(super) fn anchor(&mut self, span: Span) {
        let Some(data) = self.tree.nodes.last_mut() else { return };
        if data.marks == 0 {
            data.marks = Span::at(self.tree.marks.len()).start;
            self.tree.marks.push(Marks::NONE);
        }
        self.tree.marks[data.marks as usize].anchor = span;
    }

    pub(super) fn comment(&mut self, span: Span) {
        self.tree.comments.push(span);
    }

    /// The tree; what is open ends where the last node ended.
    pub(super) fn finish(mut self) -> Tree<'s> {
        while !self.open.is_empty() {
            self.close(None);
        }
        self.tree
    }

    fn node(
        &mut self,
        kind: Kind,
        style: Style,
        tag: Option<Span>,
        span: Span,
        content: Content,
    ) -> Result<(), Beyond> {
        if self.tree.is_full() {
            return Err(Beyond::Nodes(span.start as usize));
        }
        let marks = tag.map_or(0, |tag| {
            self.tree.marks.push(Marks { tag, ..Marks::NONE });
            Span::at(self.tree.marks.len()).start - 1
        });
        match self.open.last_mut() {
            Some(parent) => parent.n_children += 1,
            None => self.tree.roots.push(Span::at(self.tree.nodes.len()).start),
        }
        self.tree.nodes.push(Data { kind, style, is_wide: false, marks, span, content });
        // What is not there is found before what was left open when the text broke off.
        self.end = self.end.max(span.end as usize);
        Ok(())
    }
}
