//! Pieces of a join that meet without a line break, so that two commands become one.

use std::ops::Range;

use super::{Boot, Form, Glued};
use crate::resolve::{PieceKind, Text};

/// Programs whose name, with an argument behind it, begins a command and is hardly ever the argument of another one.
const STARTERS: &[&str] = &[
    "amazon-linux-extras",
    "apt-get",
    "aws",
    "cat",
    "cd",
    "cfn-init",
    "cfn-signal",
    "chmod",
    "chown",
    "cp",
    "curl",
    "dnf",
    "docker",
    "echo",
    "export",
    "ln",
    "mkdir",
    "mount",
    "mv",
    "pip",
    "printf",
    "rm",
    "sed",
    "service",
    "set",
    "sudo",
    "systemctl",
    "tar",
    "touch",
    "unzip",
    "usermod",
    "wget",
    "yum",
];

/// The longest path of a program, in bytes.
const MAX_PATH: usize = 256;

/// No more places than this are looked at: each takes as long as its line.
const MAX_LOOKED_AT: usize = 200;

/// Finds the glued commands of user data.
///
/// Proof: a piece begins with a program and a blank, the piece before it ends a command in the same line without a
/// blank, a line break or an operator. Right behind a blank or in the middle of a word that goes on, a name may be an
/// argument.
pub(super) fn find(text: &Text<'_>, boot: &Boot<'_>) -> Vec<Glued> {
    let mut res = Vec::new();
    if boot.form != Form::Shell {
        return res;
    }
    let raw = text.as_str();
    let mut n_looked_at = 0;
    for pair in text.pieces().windows(2) {
        let [before, after] = pair else { continue };
        let written = |kind: &PieceKind<'_>| !matches!(kind, PieceKind::Symbol(_));
        let meets = before.source.end != after.source.start || before.used != after.used;
        if !written(&before.kind) || !written(&after.kind) || !meets {
            continue;
        }
        let at = after.range.start;
        let Some(name_len) = command_at_start(&raw[at..]) else { continue };
        n_looked_at += 1;
        if n_looked_at > MAX_LOOKED_AT {
            break;
        }
        let left = raw[..at].rsplit('\n').next().unwrap_or_default();
        let right = raw[at..].split('\n').next().unwrap_or_default();
        // A line break that the piece itself brings makes two lines; a blank or quote may make an argument.
        let complete = left
            .chars()
            .next_back()
            .is_some_and(|it| !it.is_whitespace() && !"|&;({`\"'=$<>\\!".contains(it));
        if !complete || left.trim_start().starts_with('#') || !left.trim().contains(' ') {
            continue;
        }
        let (Some(before), Some(after)) =
            (text.place(last_line(raw, before.range.clone())), text.place(at..at + name_len))
        else {
            continue;
        };
        res.push(Glued { before: before.span, after: after.span, breaks: breaks(right) });
    }
    res
}

/// The last line of a piece.
fn last_line(raw: &str, piece: Range<usize>) -> Range<usize> {
    let start = raw[piece.clone()].rfind('\n').map_or(piece.start, |it| piece.start + it + 1);
    start..piece.end
}

/// The length of the program's name when the text begins with one and an argument.
fn command_at_start(text: &str) -> Option<usize> {
    let head = text.as_bytes().iter().take(MAX_PATH);
    let end = head.take_while(|it| **it != b'\n').position(|it| *it == b' ')?;
    let path = &text[..end];
    let name = path.rsplit('/').next().unwrap_or(path);
    let argument = text[end..].trim_start_matches([' ', '\t']).chars().next();
    (STARTERS.contains(&name) && argument.is_some_and(|it| it != '\n')).then_some(end)
}

/// Whether what is lost is the joining or the signal.
fn breaks(line: &str) -> bool {
    line.contains("ECS_CLUSTER=") || line.contains("cfn-signal")
}
