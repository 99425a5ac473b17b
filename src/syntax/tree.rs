//! The tree: nodes in preorder in one vector, texts borrowed from the source where they stand in it unchanged.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use super::MAX_NODES;
use crate::text::{Span, TextMap};

/// Mappings of more keys are looked up in an index.
pub(super) const MAX_SEARCHED: usize = 32;

/// The documents of one file.
#[derive(Debug)]
pub struct Tree<'s> {
    pub(super) source: &'s str,
    pub(super) nodes: Vec<Data>,
    /// Tags and anchors; the first one is for nodes without.
    pub(super) marks: Vec<Marks>,
    /// Decoded texts that are not a slice of the source.
    pub(super) side: String,
    /// The roots, one a document.
    pub(super) roots: Vec<u32>,
    /// `# ...`, without the line break, in order.
    pub(super) comments: Vec<Span>,
    /// The keys of wide mappings; made when the first is asked for.
    pub(super) index: OnceCell<Index>,
    /// The index above each node, its own for a root; made when the first is asked for.
    pub(super) parents: OnceCell<Vec<u32>>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, number, boolean, null.
    Scalar,
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
    /// `*name`; a leaf.
    Alias,
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// `'...'`
    SingleQuoted,
    /// `"..."`, in YAML and JSON.
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in brackets, and a pair in a list in brackets (`[a: b]`), which has none of its own.
    Flow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Data {
    pub(super) kind: Kind,
    pub(super) style: Style,
    /// A mapping of more than [`MAX_SEARCHED`] keys.
    pub(super) is_wide: bool,
    /// Which of the [`Tree::marks`].
    pub(super) marks: u32,
    /// The value, without tag and anchor; of a block scalar its content, without the header.
    pub(super) span: Span,
    pub(super) content: Content,
}

/// What a node holds; small, since the memory of a large template takes longer to get than to fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// The nodes up to this index are inside.
    Nodes(u32),
    /// The text stands in the source as it is, see [`Data::verbatim`].
    Verbatim,
    /// The text stands here in `side`.
    Decoded(Span),
}

/// What stands before a node; empty when it is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// `!Sub`
    pub(super) tag: Span,
    /// `&name`
    pub(super) anchor: Span,
}

impl Marks {
    pub(super) const NONE: Marks =
        Marks { tag: Span { start: 0, end: 0 }, anchor: Span { start: 0, end: 0 } };
}

impl Data {
    /// The place of a text that stands in the source as it is.
    pub(super) fn verbatim(kind: Kind, style: Style, span: Span) -> Span {
        match (kind, style) {
            (Kind::Scalar, Style::SingleQuoted | Style::DoubleQuoted) if span.len() >= 2 => {
                Span { start: span.start + 1, end: span.end - 1 }
            }
            (Kind::Scalar, _) => span,
            // Behind its asterisk.
            (Kind::Alias, _) => Span { start: (span.start + 1).min(span.end), end: span.end },
            (Kind::Sequence | Kind::Mapping, _) => Span { start: span.start, end: span.start },
        }
    }
}

/// Where keys stand in mappings that are too wide to be searched, by the hash of mapping and name: the last of
/// duplicates.
#[derive(Debug, Default)]
pub(super) struct Index {
    hasher: RandomState,
    keys: HashMap<u64, u32>,
}

/// A node of a [`Tree`]; a cheap handle.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree<'t>,
    idx: u32,
}

/// A tag as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'t> {
    /// `!Sub`, with its exclamation mark; `!<...>` and `!!str` likewise as written.
    pub name: &'t str,
    /// Where it stands.
    pub span: Span,
}

impl Index {
    fn new(tree: &Tree<'_>) -> Index {
        let mut res = Index::default();
        for mapping in tree.nodes().filter(|it| it.data().is_wide) {
            for (key, _) in mapping.entries().filter(|(key, _)| key.kind() == Kind::Scalar) {
                res.keys.insert(res.hash(mapping, key.text()), key.idx);
            }
        }
        res
    }

    fn hash(&self, mapping: Node<'_>, name: &str) -> u64 {
        self.hasher.hash_one((mapping.idx, name))
    }
}

/// Equal in every node, text, place and comment.
impl PartialEq for Tree<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.source, &self.nodes, &self.marks) == (other.source, &other.nodes, &other.marks)
            && (&self.side, &self.roots, &self.comments) == (&other.side, &other.roots, &other.comments)
    }
}

impl Tree<'_> {
    /// The top node of each document.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.roots.iter().map(|idx| Node { tree: self, idx: *idx })
    }

    /// Every node of every document, parents before children, in the order of the text.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..Span::at(self.nodes.len()).start).map(|idx| Node { tree: self, idx })
    }

    fn parents(&self) -> &[u32] {
        self.parents.get_or_init(|| {
            let mut above: Vec<u32> = Vec::new();
            (0..Span::at(self.nodes.len()).start)
                .map(|idx| {
                    while above.last().is_some_and(|it| Node { tree: self, idx: *it }.next() <= idx) {
                        above.pop();
                    }
                    let parent = above.last().copied().unwrap_or(idx);
                    above.push(idx);
                    parent
                })
                .collect()
        })
    }

    /// The node of this number, see [`Node::index`].
    pub(super) fn node(&self, idx: usize) -> Option<Node<'_>> {
        (idx < self.nodes.len()).then(|| Node { tree: self, idx: Span::at(idx).start })
    }

    /// Whether there was no room for more nodes.
    pub(super) fn is_full(&self) -> bool {
        self.nodes.len() >= MAX_NODES
    }

    /// Every comment from its `#` to the end of its line.
    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// The text that was parsed.
    #[must_use]
    pub fn source(&self) -> &str {
        self.source
    }
}

impl<'t> Node<'t> {
    fn data(self) -> &'t Data {
        &self.tree.nodes[self.idx as usize]
    }

    fn marks(self) -> &'t Marks {
        &self.tree.marks[self.data().marks as usize]
    }

    /// The index past the last descendant.
    fn next(self) -> u32 {
        match self.data().content {
            Content::Nodes(next) => next,
            Content::Verbatim | Content::Decoded(_) => self.idx + 1,
        }
    }

    /// Where a text stands in the source as it is.
    fn verbatim(self) -> Span {
        let data = self.data();
        Data::verbatim(data.kind, data.style, data.span)
    }

    pub(super) fn tree(self) -> &'t Tree<'t> {
        self.tree
    }

    /// The mapping or the sequence in which it stands; `None` for the top of a document.
    #[must_use]
    pub fn parent(self) -> Option<Node<'t>> {
        let idx = *self.tree.parents().get(self.idx as usize)?;
        (idx != self.idx).then_some(Node { tree: self.tree, idx })
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.data().kind
    }

    /// How it is written.
    #[must_use]
    pub fn style(self) -> Style {
        self.data().style
    }

    /// Its number in the file, parents before children: a name for it in maps.
    #[must_use]
    pub fn index(self) -> u32 {
        self.idx
    }

    /// The value, without tag and anchor; with its quotes; of a block scalar the content without the header, from the
    /// first byte of the text to the last one. A collection by indentation starts at its first key or dash. A value
    /// that is not there is empty, behind the colon or dash.
    #[must_use]
    pub fn span(self) -> Span {
        self.data().span
    }

    /// The value with its tag.
    #[must_use]
    pub fn full_span(self) -> Span {
        match self.tag() {
            Some(tag) => tag.span.to(self.span()),
            None => self.span(),
        }
    }

    /// The tag, if there is one.
    #[must_use]
    pub fn tag(self) -> Option<Tag<'t>> {
        let span = self.marks().tag;
        (!span.is_empty()).then(|| Tag { name: span.slice(self.tree.source), span })
    }

    /// `&name`, if there is one.
    #[must_use]
    pub fn anchor(self) -> Option<Span> {
        Some(self.marks().anchor).filter(|it| !it.is_empty())
    }

    /// The decoded text of a scalar, the name of an alias; empty for collections and for a value that is not there.
    #[must_use]
    pub fn text(self) -> &'t str {
        match self.data().content {
            Content::Decoded(place) => place.slice(&self.tree.side),
            Content::Nodes(_) | Content::Verbatim => self.verbatim().slice(self.tree.source),
        }
    }

    /// The way from each byte of [`Node::text`] back to the source.
    #[must_use]
    pub fn text_map(self) -> TextMap {
        let data = self.data();
        match data.content {
            Content::Decoded(_) => super::scalar::map(self.tree.source, data.span, data.style, self.text()),
            Content::Verbatim if data.kind == Kind::Scalar => {
                let place = self.verbatim();
                TextMap::verbatim(place.start as usize, place.len())
            }
            Content::Nodes(_) | Content::Verbatim => TextMap::default(),
        }
    }

    /// The items of a sequence; nothing for other nodes.
    #[must_use]
    pub fn items(self) -> Children<'t> {
        self.children(Kind::Sequence)
    }

    /// The keys and values of a mapping in the order of the text, duplicates included; nothing for other nodes.
    pub fn entries(self) -> impl Iterator<Item = (Node<'t>, Node<'t>)> + Clone + use<'t> {
        Entries(self.children(Kind::Mapping))
    }

    /// The key and the value under `name`. Of duplicates the last one counts, as in CloudFormation.
    #[must_use]
    pub fn entry(self, name: &str) -> Option<(Node<'t>, Node<'t>)> {
        if self.data().is_wide {
            let index = self.tree.index.get_or_init(|| Index::new(self.tree));
            let key = Node { tree: self.tree, idx: *index.keys.get(&index.hash(self, name))? };
            // Two names may have one hash.
            if key.text() == name && (self.idx..self.next()).contains(&key.idx) {
                return Some((key, Node { tree: self.tree, idx: key.next() }));
            }
        }
        self.entries().filter(|(key, _)| key.is_scalar(name)).last()
    }

    /// Whether it is a scalar with this text. Most are told apart by their length, without a look at the text.
    fn is_scalar(self, text: &str) -> bool {
        let len = match self.data().content {
            Content::Decoded(place) => place.len(),
            Content::Nodes(_) | Content::Verbatim => self.verbatim().len(),
        };
        len == text.len() && self.kind() == Kind::Scalar && self.text() == text
    }

    /// The value under `name`.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Node<'t>> {
        Some(self.entry(name)?.1)
    }

    /// The node itself and all below it.
    pub fn descendants(self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let tree = self.tree;
        (self.idx..self.next()).map(move |idx| Node { tree, idx })
    }

    fn children(self, kind: Kind) -> Children<'t> {
        let end = if self.kind() == kind { self.next() } else { self.idx + 1 };
        Children { tree: self.tree, at: self.idx + 1, end }
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.idx == other.idx
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?} {:?}", self.kind(), self.span(), self.text())
    }
}

/// The nodes right below another one.
#[derive(Clone, Debug)]
pub struct Children<'t> {
    tree: &'t Tree<'t>,
    at: u32,
    end: u32,
}

/// The keys and values right below a mapping.
#[derive(Clone, Debug)]
struct Entries<'t>(Children<'t>);

impl<'t> Iterator for Entries<'t> {
    type Item = (Node<'t>, Node<'t>);

    fn next(&mut self) -> Option<(Node<'t>, Node<'t>)> {
        Some((self.0.next()?, self.0.next()?))
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.at >= self.end {
            return None;
        }
        let res = Node { tree: self.tree, idx: self.at };
        self.at = res.next();
        Some(res)
    }
}
