//! `#cloud-config`: files and commands in YAML.

use super::files::Chunk;
use super::machine::Machine;
use super::state::State;
use super::steps::Does;
use super::words::shell_word;
use crate::resolve::{SYMBOL, Text};
use crate::syntax::{self, Kind, Meaning, Node};

/// Runs what a cloud-config does before any script: `bootcmd`, `packages`, `write_files`
/// ([modules](https://cloudinit.readthedocs.io/en/latest/reference/modules.html)).
pub(super) fn early<'t>(machine: &mut Machine<'_, '_, 't>, text: &Text<'t>, state: &mut State<'t>) {
    let parse = syntax::parse(text.as_str());
    let Some(root) = parse.tree.roots().next().filter(|_| !parse.is_cut()) else {
        state.anything = true;
        return;
    };
    commands(machine, text, root.get("bootcmd"), state);
    // A package, or a list of it and its version.
    for package in root.get("packages").into_iter().flat_map(Node::items) {
        let Some(name) = std::iter::once(package).chain(package.items()).find(|it| it.kind() == Kind::Scalar)
        else {
            continue;
        };
        let name = scalar(text, name);
        state.step(name.whole_place(), Does::Installs { package: name.as_str().to_owned() });
    }
    for file in root.get("write_files").into_iter().flat_map(Node::items) {
        write_file(text, file, state);
    }
    // What they bring or run is not told here.
    let open = ["include", "merge_how", "ansible", "chef", "puppet", "snap"];
    state.anything |= open.iter().any(|it| root.get(it).is_some());
}

/// Runs `runcmd`, which is a script among others.
pub(super) fn late<'t>(machine: &mut Machine<'_, '_, 't>, text: &Text<'t>, state: &mut State<'t>) {
    let parse = syntax::parse(text.as_str());
    let Some(root) = parse.tree.roots().next().filter(|_| !parse.is_cut()) else { return };
    let list = root.get("runcmd");
    // With a mapping among its items, as `- echo a: b` is one, none of it is run.
    if list.into_iter().flat_map(Node::items).any(|it| it.kind() == Kind::Mapping) {
        state.anything = true;
        return;
    }
    commands(machine, text, list, state);
}

fn commands<'t>(
    machine: &mut Machine<'_, '_, 't>,
    text: &Text<'t>,
    list: Option<Node<'_>>,
    state: &mut State<'t>,
) {
    // All lines run in one shell, and a failing one does not stop the next.
    let mut script = Text::default();
    for item in list.into_iter().flat_map(Node::items) {
        match item.kind() {
            Kind::Scalar => script.push(&scalar(text, item)),
            _ => {
                for (idx, word) in item.items().enumerate() {
                    if idx > 0 {
                        script.push(&Text::decoded(" ", first_span(text)));
                    }
                    script.push(&shell_word(&scalar(text, word)));
                }
            }
        }
        script.push(&Text::decoded("\n", first_span(text)));
    }
    if !script.is_empty() {
        machine.script(&script, state);
    }
}

fn write_file<'t>(text: &Text<'t>, file: Node<'_>, state: &mut State<'t>) {
    let (Some(path), Some(content)) = (file.get("path"), file.get("content")) else { return };
    let path = scalar(text, path);
    let encoded = file.get("encoding").is_some_and(|it| it.text() != "text/plain");
    let (Some(name), false) = (path.known(), encoded) else {
        state.anything = true;
        return;
    };
    let content = scalar(text, content);
    let place = path.whole_place();
    let chunk =
        Chunk { text: content, certain: state.certain(), optional: false, path: place, command: place };
    let append = file.get("append").is_some_and(|it| syntax::meaning(it) == Meaning::Bool(true));
    let mode = file.get("permissions").map(|it| it.text().to_owned()).unwrap_or_default();
    if mode.contains(['1', '3', '5', '7']) {
        state.executable.insert(name.to_owned());
    }
    state.write_file(name, chunk, append);
}

/// The text of a scalar of the inner YAML, with its places in the outer template.
pub(super) fn scalar<'t>(text: &Text<'t>, node: Node<'_>) -> Text<'t> {
    let mut res = Text::default();
    for piece in node.text_map().pieces() {
        let source = piece.source.start as usize..piece.source.end as usize;
        if piece.verbatim {
            res.push(&text.slice(source));
        } else {
            let decoded = &node.text()[piece.decoded as usize..(piece.decoded + piece.len) as usize];
            let span = text.place(source).map_or_else(|| first_span(text), |it| it.span);
            // A symbol inside of what is folded is not found again.
            if decoded.contains(SYMBOL) {
                return Text::symbol(crate::resolve::Symbol::Unknown, span);
            }
            res.push(&Text::decoded(decoded, span));
        }
    }
    res
}

fn first_span(text: &Text<'_>) -> crate::text::Span {
    text.pieces().first().map_or(crate::text::Span::at(0), |it| it.source)
}
