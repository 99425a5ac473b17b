//! The content of a file, as far as the boot writes it.

use super::{Line, Setting};
use crate::resolve::{Place, Text};

/// A file after some writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileState<'t> {
    /// What was written, in order.
    pub chunks: Vec<Chunk<'t>>,
    /// Other content may stand in it: from a download, an editor, an unknown program.
    pub unknown: bool,
    /// It was removed.
    pub gone: bool,
    /// Every path sets `ECS_CLUSTER`, though not to the same value for certain.
    always_set: bool,
    /// What was written before another write replaced it, and where that one stands; of the agent's settings only.
    lost: Vec<(Chunk<'t>, Option<Place>)>,
}

/// A line that was lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost<'t> {
    /// The line.
    pub line: Line<'t>,
    /// Where the command stands that replaced the file.
    pub by: Option<Place>,
    /// It was removed, and nothing is in its place.
    pub removed: bool,
}

/// A line that does not say what it was meant to.
#[derive(Clone, Debug, PartialEq)]
pub struct Ignored<'t> {
    /// The line; its place is that of the value.
    pub line: Line<'t>,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `export KEY=value`: the key is `export KEY`.
    Export,
    /// `KEY = value`: the key ends with a blank.
    Blank,
    /// `KEY="value"`: the quotes are part of the value.
    Quotes,
}

/// The key that decides, and how its line begins.
const CLUSTER: &str = "ECS_CLUSTER";
const CLUSTER_LINE: &str = "ECS_CLUSTER=";

/// More lost writes of one file are not remembered.
const MAX_LOST: usize = 8;

/// The outcome of one write.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk<'t> {
    /// What was written.
    pub text: Text<'t>,
    /// Whether every path of the script writes it.
    pub certain: bool,
    /// One branch of the script writes it and the other does not.
    pub optional: bool,
    /// Where the file is named.
    pub path: Option<Place>,
    /// Where the command stands.
    pub command: Option<Place>,
}

impl<'t> Chunk<'t> {
    /// The text in parts: each line that begins so is one, and what stands between them.
    fn around(&self, start: &str) -> Vec<Text<'t>> {
        let raw = self.text.as_str();
        let mut res: Vec<Text<'t>> = Vec::new();
        let (mut at, mut done) = (0, 0);
        for line in raw.split_inclusive('\n') {
            if line.starts_with(start) {
                res.extend([self.text.slice(done..at), self.text.slice(at..at + line.len())]);
                done = at + line.len();
            }
            at += line.len();
        }
        res.push(self.text.slice(done..raw.len()));
        res.retain(|it| !it.is_empty());
        res
    }
}

impl<'t> FileState<'t> {
    /// Writes to the file: `append` or in the place of what there was.
    pub(super) fn write(&mut self, chunk: Chunk<'t>, append: bool) {
        self.gone = false;
        if !append {
            for old in std::mem::take(&mut self.chunks) {
                if self.lost.len() < MAX_LOST && old.certain && old.text.as_str().contains("ECS_") {
                    self.lost.push((old, chunk.command));
                }
            }
            self.unknown = false;
            self.always_set = false;
        }
        self.chunks.push(chunk);
    }

    /// Removes it; `by` is where.
    pub(super) fn remove(&mut self, by: Option<Place>) {
        self.write(
            Chunk { text: Text::default(), certain: true, optional: false, path: by, command: by },
            false,
        );
        self.chunks.clear();
        self.gone = true;
    }

    /// Puts other text in the place of what there was, of which nothing is lost by mistake.
    pub(super) fn edit(&mut self, chunk: Chunk<'t>) {
        let sets = |it: &Chunk<'_>| it.certain && it.text.as_str().contains(CLUSTER_LINE);
        if !chunk.text.as_str().contains(CLUSTER_LINE) {
            let gone = self.chunks.iter().filter(|it| sets(it)).map(|it| (it.clone(), chunk.command));
            self.lost.extend(gone.take(MAX_LOST.saturating_sub(self.lost.len())));
        }
        self.chunks = vec![chunk];
        self.always_set = false;
    }

    /// The lines that every path writes.
    pub(super) fn lines(&self) -> Vec<(Text<'t>, Line<'t>)> {
        let certain = lines(&self.chunks).into_iter().filter(|it| it.1);
        certain.filter_map(|(line, _)| line.split()).collect()
    }

    pub(super) fn lost(&self, key: &str) -> Vec<Lost<'t>> {
        let mut res = Vec::new();
        for (chunk, by) in &self.lost {
            for (line, _) in lines(std::slice::from_ref(chunk)) {
                res.extend(line.filter_key(key).map(|line| Lost { line, by: *by, removed: self.gone }));
            }
        }
        res
    }

    pub(super) fn ignored(&self, key: &str) -> Vec<Ignored<'t>> {
        lines(&self.chunks).iter().filter(|it| it.1).filter_map(|(line, _)| line.ignored(key)).collect()
    }

    /// A line of `key` that some path of the script writes and another does not, where nothing else is open.
    pub(super) fn sometimes(&self, key: &str) -> Option<Line<'t>> {
        if self.unknown || self.always_set {
            return None;
        }
        let optional: Vec<Chunk<'t>> =
            self.chunks.iter().filter(|it| it.certain || it.optional).cloned().collect();
        let mut found = None;
        for (line, certain) in lines(&optional) {
            match line.filter_key(key) {
                Some(_) if certain => return None,
                Some(line) => found = Some(line),
                None if line.text.as_str().starts_with(crate::resolve::SYMBOL) => return None,
                None => {}
            }
        }
        found
    }

    /// The number of bytes that were written.
    pub(super) fn len(&self) -> usize {
        self.chunks.iter().map(|it| it.text.len()).sum()
    }

    /// Nothing that was written is certain any more.
    pub(super) fn doubt(&mut self) {
        for chunk in &mut self.chunks {
            chunk.certain = false;
        }
    }

    /// The file after one of two branches: what both wrote is certain, the rest is not.
    pub(super) fn merge(mut self, other: FileState<'t>) -> FileState<'t> {
        let same = |(left, right): &(&Chunk<'t>, &Chunk<'t>)| {
            left.command == right.command && left.text.is_copy_of(&right.text)
        };
        let common = self.chunks.iter().zip(&other.chunks).take_while(same).count();
        // Two branches may set it, each in its own way.
        let (left, right) = (self.setting(CLUSTER), other.setting(CLUSTER));
        let agree =
            matches!((&left, &right), (Setting::Set(left), Setting::Set(right)) if left.value == right.value);
        let is_set =
            |it: &Setting<'_>, file: &FileState<'_>| matches!(it, Setting::Set(_)) || file.always_set;
        self.always_set = is_set(&left, &self) && is_set(&right, &other);
        for (left, right) in self.chunks.iter_mut().zip(&other.chunks).take(common) {
            left.certain &= right.certain;
        }
        for chunk in self.chunks.split_off(common) {
            let (optional, certain) = (chunk.optional || chunk.certain, chunk.certain && agree);
            let parts = if certain { chunk.around(CLUSTER_LINE) } else { vec![chunk.text.clone()] };
            self.chunks.extend(parts.into_iter().map(|text| {
                let certain = certain && text.as_str().starts_with(CLUSTER_LINE);
                Chunk { text, certain, optional, ..chunk.clone() }
            }));
        }
        for chunk in &other.chunks[common..] {
            self.chunks.push(Chunk {
                certain: false,
                optional: chunk.certain || chunk.optional,
                ..chunk.clone()
            });
        }
        self.unknown |= other.unknown || self.gone != other.gone;
        self.gone &= other.gone;
        self.lost.extend(other.lost.into_iter().take(MAX_LOST));
        self.lost.truncate(MAX_LOST);
        self
    }

    /// What a reader finds for `key`: of several lines the last one counts.
    ///
    /// Lines are split at the first `=`, blanks around the line are cut off, nothing else is
    /// (the parser of the agent's launcher `ecs-init`).
    pub(super) fn setting(&self, key: &str) -> Setting<'t> {
        let mut maybe: Vec<Text<'t>> = Vec::new();
        for (line, certain) in lines(&self.chunks).into_iter().rev() {
            let Some(found) = line.filter_key(key) else {
                // A line that only deployment can tell may be any key.
                if line.text.as_str().starts_with(crate::resolve::SYMBOL) {
                    return Setting::Unknown;
                }
                continue;
            };
            if !certain {
                maybe.push(found.value);
                continue;
            }
            let agree = maybe.iter().all(|it| *it == found.value);
            return if agree { Setting::Set(found) } else { Setting::Unknown };
        }
        if maybe.is_empty() && !self.unknown { Setting::Unset } else { Setting::Unknown }
    }
}

/// The lines of some writes, and whether every path of the script writes them.
fn lines<'t>(chunks: &[Chunk<'t>]) -> Vec<(RawLine<'t>, bool)> {
    let mut res: Vec<(RawLine<'t>, bool)> = Vec::new();
    // A write without a line break at its end is gone on with by the next one.
    let mut open = false;
    for chunk in chunks {
        let mut start = 0;
        for part in chunk.text.as_str().split_inclusive('\n') {
            let end = start + part.trim_end_matches('\n').len();
            let text = chunk.text.slice(start..end);
            match res.last_mut().filter(|_| open) {
                Some((last, certain)) => {
                    last.text.push(&text);
                    *certain &= chunk.certain;
                }
                None => {
                    let line = RawLine { text, path: chunk.path, command: chunk.command };
                    res.push((line, chunk.certain));
                }
            }
            open = !part.ends_with('\n');
            start += part.len();
        }
    }
    res
}

struct RawLine<'t> {
    text: Text<'t>,
    path: Option<Place>,
    command: Option<Place>,
}

impl<'t> RawLine<'t> {
    /// The line when it was meant to set `key` and the agent reads something else.
    fn ignored(&self, key: &str) -> Option<Ignored<'t>> {
        let raw = self.text.as_str();
        let (name, value) = raw.split_once('=')?;
        let meant = name.trim();
        let exported = meant.strip_prefix("export ").map(str::trim);
        let flaw = match exported {
            Some(name) if name == key => Flaw::Export,
            _ if meant == key && name.ends_with([' ', '\t']) => Flaw::Blank,
            _ if meant == key && is_quoted(value.trim()) => Flaw::Quotes,
            _ => return None,
        };
        let start = raw.len() - value.trim_start().len();
        let end = start + value.trim().len();
        // The whole line is wrong but for quotes; in pieces that stand apart, its key.
        let begin = raw.len() - raw.trim_start().len();
        let wrong = if flaw == Flaw::Quotes { start..end } else { begin..end };
        let part = self.text.slice(wrong.clone());
        let in_one = part.pieces().windows(2).all(|it| it[0].source.end + 1 >= it[1].source.start);
        let line = Line {
            value: self.text.slice(start..end),
            place: self.text.place(if in_one { wrong } else { begin..name.len() }),
            path: self.path,
            command: self.command,
        };
        Some(Ignored { line, flaw })
    }

    fn filter_key(&self, key: &str) -> Option<Line<'t>> {
        self.split().filter(|(name, _)| name.as_str() == key).map(|(_, line)| line)
    }

    /// Key and line: the blanks at the start of the line are no part of the key.
    fn split(&self) -> Option<(Text<'t>, Line<'t>)> {
        let raw = self.text.as_str();
        let (name, value) = raw.split_once('=')?;
        let key_start = name.len() - name.trim_start().len();
        let start = raw.len() - value.trim_start().len();
        let end = start + value.trim().len();
        let place = if start < end { start..end } else { key_start..name.len() };
        let line = Line {
            value: self.text.slice(start..end),
            place: self.text.place(place),
            path: self.path,
            command: self.command,
        };
        Some((self.text.slice(key_start..name.len()), line))
    }
}

/// Whether a value stands in quotes, which the agent does not take off.
pub(super) fn is_quoted(value: &str) -> bool {
    ['"', '\''].iter().any(|it| value.len() > 1 && value.starts_with(*it) && value.ends_with(*it))
}
