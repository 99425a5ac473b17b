//! A tree as the lines of yaml-test-suite, from ecslint and from a parser of other hands.

use std::fmt::Write as _;

use ecslint::syntax::{Kind, Node, Style, Tree};
use yaml_rust2::parser::{Event, MarkedEventReceiver, Parser, Tag};
use yaml_rust2::scanner::{Marker, TScalarStyle};

/// The tree of ecslint.
pub(super) fn of_tree(tree: &Tree<'_>) -> String {
    let mut lines = Lines { res: "+STR\n".to_owned() };
    let mut end = 0;
    for root in tree.roots() {
        lines.res.push_str("+DOC\n");
        let tags = tag_directives(&tree.source()[end as usize..root.full_span().start as usize]);
        lines.node(root, &tags);
        lines.res.push_str("-DOC\n");
        end = root.span().end;
    }
    lines.res + "-STR\n"
}

/// The tree of yaml-rust2, or its error. It cannot tell `~` from nothing, so both are nothing here.
pub(super) fn of_yaml_rust2(source: &str) -> Result<String, String> {
    struct Receiver(String);
    impl MarkedEventReceiver for Receiver {
        fn on_event(&mut self, event: Event, _: Marker) {
            let head = |anchor: usize, tag: Option<Tag>| {
                let anchor = if anchor > 0 { " &" } else { "" };
                tag.map_or(anchor.to_owned(), |it| format!("{anchor} <{}{}>", it.handle, it.suffix))
            };
            let line = match event {
                Event::Nothing => return,
                Event::StreamStart => "+STR".to_owned(),
                Event::StreamEnd => "-STR".to_owned(),
                Event::DocumentStart => "+DOC".to_owned(),
                Event::DocumentEnd => "-DOC".to_owned(),
                Event::SequenceStart(id, tag) => format!("+SEQ{}", head(id, tag)),
                Event::SequenceEnd => "-SEQ".to_owned(),
                Event::MappingStart(id, tag) => format!("+MAP{}", head(id, tag)),
                Event::MappingEnd => "-MAP".to_owned(),
                Event::Alias(_) => "=ALI".to_owned(),
                Event::Scalar(text, style, id, tag) => {
                    let mark = match style {
                        TScalarStyle::Plain => ':',
                        TScalarStyle::SingleQuoted => '\'',
                        TScalarStyle::DoubleQuoted => '"',
                        TScalarStyle::Literal => '|',
                        TScalarStyle::Folded => '>',
                    };
                    // It says `~` for some of the values that are not there.
                    let text = if style == TScalarStyle::Plain && text == "~" { "" } else { &text };
                    format!("=VAL{} {mark}{}", head(id, tag), escape(text))
                }
            };
            self.0.push_str(&line);
            self.0.push('\n');
        }
    }
    let mut receiver = Receiver(String::new());
    // It leaves a BOM in the first key.
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    match Parser::new(source.chars()).load(&mut receiver, true) {
        Ok(()) => Ok(receiver.0),
        Err(err) => Err(err.to_string()),
    }
}

struct Lines {
    res: String,
}

impl Lines {
    fn node(&mut self, node: Node<'_>, tags: &[(String, String)]) {
        let mut head = String::new();
        if node.anchor().is_some() {
            head.push_str(" &");
        }
        if let Some(tag) = node.tag() {
            let _ = write!(head, " <{}>", resolved(tag.name, tags));
        }
        let line = |it: &str| format!("{it}{head}\n");
        match node.kind() {
            Kind::Scalar => {
                let mark = match node.style() {
                    Style::SingleQuoted => '\'',
                    Style::DoubleQuoted => '"',
                    Style::Literal => '|',
                    Style::Folded => '>',
                    _ => ':',
                };
                let _ = writeln!(self.res, "=VAL{head} {mark}{}", escape(node.text()));
            }
            Kind::Alias => self.res.push_str("=ALI\n"),
            Kind::Sequence => {
                self.res.push_str(&line("+SEQ"));
                node.items().for_each(|it| self.node(it, tags));
                self.res.push_str("-SEQ\n");
            }
            Kind::Mapping => {
                self.res.push_str(&line("+MAP"));
                for (key, value) in node.entries() {
                    self.node(key, tags);
                    self.node(value, tags);
                }
                self.res.push_str("-MAP\n");
            }
        }
    }
}

/// `%TAG !e! tag:example.com,2000:` before a document.
fn tag_directives(text: &str) -> Vec<(String, String)> {
    let directive = |line: &str| {
        let mut words = line.strip_prefix("%TAG")?.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    };
    text.lines().filter_map(directive).collect()
}

/// The tag that a written one stands for.
fn resolved(written: &str, directives: &[(String, String)]) -> String {
    if let Some(verbatim) = written.strip_prefix("!<") {
        return verbatim.trim_end_matches('>').to_owned();
    }
    let handle_end = written[1..].find('!').map_or(1, |it| it + 2);
    let (handle, suffix) = written.split_at(handle_end);
    let prefix = directives.iter().rev().find(|it| it.0 == handle).map(|it| it.1.as_str());
    let prefix = prefix.unwrap_or(if handle == "!!" { "tag:yaml.org,2002:" } else { handle });
    let mut res = prefix.to_owned();
    let mut rest = suffix;
    while let Some((before, after)) = rest.split_once('%') {
        res.push_str(before);
        let code = after.get(..2).and_then(|it| u8::from_str_radix(it, 16).ok()).map_or('%', char::from);
        res.push(code);
        rest = after.get(2..).unwrap_or_default();
    }
    res + rest
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t")
        .replace('\x08', "\\b")
}
