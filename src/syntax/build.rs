//! Puts the nodes of a [`Tree`] in order, for both readers.
//!
//! Invariants: nodes come in preorder; at most [`MAX_DEPTH`] collections are open, and there are no more than
//! [`super::MAX_NODES`]; a block collection ends where
//! its last child ends; [`Builder::finish`] closes what is open, so a tree is whole wherever the text broke off.

use std::cell::OnceCell;

use super::MAX_DEPTH;
use super::tree::{Data, Kind, MAX_SEARCHED, Style, Tree};
use crate::text::Span;

/// A tree that grows.
pub(super) struct Builder<'s> {
    tree: Tree<'s>,
    open: Vec<Open>,
    /// Where the last node ended.
    end: usize,
}

/// A collection that is not closed yet.
struct Open {
    idx: usize,
    n_children: usize,
}

/// Nested deeper than [`MAX_DEPTH`].
pub(super) struct TooDeep;

impl<'s> Builder<'s> {
    pub(super) fn new(source: &'s str) -> Builder<'s> {
        let tree = Tree {
            source,
            nodes: Vec::new(),
            side: String::new(),
            roots: Vec::new(),
            comments: Vec::new(),
            index: OnceCell::new(),
            parents: OnceCell::new(),
        };
        Builder { tree, open: Vec::new(), end: 0 }
    }

    /// Where the last node ended.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Whether the next node is the value of a mapping.
    pub(super) fn wants_value(&self) -> bool {
        self.open
            .last()
            .is_some_and(|it| self.tree.nodes[it.idx].kind == Kind::Mapping && it.n_children % 2 == 1)
    }

    /// A scalar or alias whose text stands at `text_start` in the source as it is.
    pub(super) fn borrowed(&mut self, kind: Kind, style: Style, tag: Span, span: Span, text: Span) {
        self.leaf(kind, style, tag, span, (text.start, text.end - text.start), false);
    }

    /// A scalar whose text is nowhere in the source as it is.
    pub(super) fn decoded(&mut self, style: Style, tag: Span, span: Span, text: &str) {
        let start = self.tree.side.len();
        self.tree.side.push_str(text);
        let text = Span::new(start, self.tree.side.len());
        self.leaf(Kind::Scalar, style, tag, span, (text.start, text.end - text.start), true);
    }

    /// Begins a collection.
    pub(super) fn open(&mut self, kind: Kind, style: Style, tag: Span, span: Span) -> Result<(), TooDeep> {
        if self.open.len() >= MAX_DEPTH {
            return Err(TooDeep);
        }
        let idx = self.tree.nodes.len();
        self.leaf(kind, style, tag, span, (0, 0), false);
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
        data.next = next;
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

    /// Whether there is no room for another node.
    pub(super) fn is_full(&self) -> bool {
        self.tree.is_full()
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
        if let Some(data) = self.tree.nodes.last_mut() {
            data.anchor = span;
        }
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

    fn leaf(&mut self, kind: Kind, style: Style, tag: Span, span: Span, text: (u32, u32), in_side: bool) {
        let idx = Span::at(self.tree.nodes.len()).start;
        match self.open.last_mut() {
            Some(parent) => parent.n_children += 1,
            None => self.tree.roots.push(idx),
        }
        let anchor = Span::at(0);
        let data = Data { kind, style, span, tag, anchor, next: idx + 1, text, in_side, is_wide: false };
        self.tree.nodes.push(data);
        self.end = span.end as usize;
    }
}
