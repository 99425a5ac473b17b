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
    for pair in text.pieces().windows(2) {
        let [before, after] = pair else { continue };
        let written = |kind: &PieceKind<'_>| !matches!(kind, PieceKind::Symbol(_));
        let meets = before.source.end != after.source.start || before.used != after.used;
        if !written(&before.kind) || !written(&after.kind) || !meets {
            continue;
        }
        let at = after.range.start;
        let left = raw[..at].rsplit('\n').next().unwrap_or_default();
        let right = raw[at..].split('\n').next().unwrap_or_default();
        let Some(name_len) = command_at_start(right) else { continue };
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

/// The length of the program's name when the line begins with one and an argument.
fn command_at_start(line: &str) -> Option<usize> {
    let end = line.find(' ')?;
    let path = &line[..end];
    let name = path.rsplit('/').next().unwrap_or(path);
    (STARTERS.contains(&name) && line[end..].trim_start().chars().next().is_some()).then_some(end)
}

/// Whether what is lost is the joining or the signal.
fn breaks(line: &str) -> bool {
    line.contains("ECS_CLUSTER=") || line.contains("cfn-signal")
}
