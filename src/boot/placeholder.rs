//! `${Name}` in a script around which no `Fn::Sub` stands: the shell gets it as it is.

use std::collections::BTreeMap;

use super::{Boot, Form};
use crate::resolve::{PieceKind, Place};
use crate::template::Template;

/// What every shell has, whatever the template calls its parameters.
const OF_THE_SHELL: [&str; 9] = ["HOME", "HOSTNAME", "IFS", "LANG", "PATH", "PWD", "SHELL", "UID", "USER"];

/// More are not told.
const MAX: usize = 20;

/// More are not even looked at: nobody writes as many.
const MAX_LOOKED_AT: usize = 1000;

impl<'t> Boot<'t> {
    /// Names of the template in braces that reach the shell as they stand, and that the script sets nowhere.
    #[must_use]
    pub fn placeholders(&self, template: &Template<'t>) -> Vec<(String, Place)> {
        let mut res = Vec::new();
        let shell = matches!(self.form, Form::Shell | Form::CloudConfig | Form::Multipart | Form::Boothook);
        let Some(text) = self.text.as_ref().filter(|_| shell && !self.anything && !self.sourced) else {
            return res;
        };
        let raw = text.as_str();
        // Whether the script sets a name is looked up once.
        let mut known: BTreeMap<&str, bool> = BTreeMap::new();
        for (at, _) in raw.match_indices("${").take(MAX_LOOKED_AT) {
            // A name has at most 255 letters.
            let Some(len) = raw.as_bytes()[at..].iter().take(300).position(|it| *it == b'}') else {
                continue;
            };
            let name = &raw[at + 2..at + len];
            let there = template.resource(name).is_some()
                || template.parameters.get(name).is_some()
                || name.starts_with("AWS::");
            if !there || OF_THE_SHELL.contains(&name) || in_comment(raw, at) {
                continue;
            }
            if *known.entry(name).or_insert_with(|| sets(raw, name)) {
                continue;
            }
            // `${!Name}` was written for the shell.
            let written = text.pieces().iter().any(|it| {
                matches!(it.kind, PieceKind::Verbatim) && it.range.start <= at && at + len < it.range.end
            });
            let Some(place) = text.place(at..at + len + 1).filter(|_| written) else { continue };
            if res.len() < MAX {
                res.push((name.to_owned(), place));
            }
        }
        res
    }
}

/// Whether the script may set a variable of this name: `NAME=`, `read NAME`, `for NAME in`.
fn sets(raw: &str, name: &str) -> bool {
    raw.match_indices(name).any(|(at, _)| {
        let before = raw[..at].chars().next_back();
        let starts = before.is_none_or(|it| !it.is_alphanumeric() && !"_$%{".contains(it));
        let after = &raw[at + name.len()..];
        let word = raw[..at].trim_end().rsplit([' ', '\t', '\n', ';']).next().unwrap_or_default();
        let keyword = matches!(
            word,
            "for" | "read" | "envsubst" | "-r" | "-p" | "export" | "local" | "declare" | "printf" | "-v"
        );
        starts && (after.starts_with('=') || after.starts_with("+=") || (keyword && !after.starts_with(':')))
    })
}

fn in_comment(raw: &str, at: usize) -> bool {
    // The start of a line stands near, or it is none that somebody wrote.
    let near = &raw.as_bytes()[at.saturating_sub(1000)..at];
    let line = near.rsplit(|it| *it == b'\n').next().unwrap_or_default();
    line.trim_ascii_start().starts_with(b"#")
}
