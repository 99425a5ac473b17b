//! Reads the lists of edits.
//!
//! A list is text; its cases are separated by empty lines, and lines with `#` are comments:
//!
//! ```text
//! error ECS101: what is done
//! - text that stands once in the template
//! + text in its place
//! ^ words that the finding covers
//! ```
//!
//! Several lines of one mark are one text of several lines. Without `+` the lines that hold the text go. A case may
//! have several edits: a `-` behind a `+` begins the next one, `&` stands between them otherwise. Where the words
//! stand more than once, their neighbours are written too and the words themselves are put in `«»`.
//! `* 300 line` says a line of the script three hundred times. `also ECS005` names another error that is true as
//! well, `region eu-west-3` where it is deployed, `budget 100` what may be spent, `house ssh-networks 10.0.0.0/8` what is allowed. A fault that is not found yet begins with `missed` instead of a severity. A rewrite begins with
//! `same: what is done`, or with `unsure:` where the words need not be understood.

use std::fs;
use std::ops::Range;
use std::path::Path;

use ecslint::diagnostic::Severity;
use ecslint::lint::Options;
use ecslint::text::Span;

/// A template and its edits.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) cases: Vec<Case>,
}

/// What an edit does.
pub(super) enum Kind {
    /// Breaks the template; without a severity where the rule does not see it yet.
    Fault { code: String, severity: Option<Severity> },
    /// Says the same.
    Same,
    /// Says the same in words that need not be understood: nothing is found, and the verdict may be unknown.
    Unsure,
}

/// Some edits that belong together.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Other errors that are true.
    pub(super) also: Vec<String>,
    /// What the user says besides the template.
    pub(super) given: Options,
    /// What goes and what comes.
    edits: Vec<(String, Option<String>)>,
    words: String,
}

/// All templates with their lists.
pub(super) fn sheets() -> Vec<Sheet> {
    let folder = crate::fuzz::root().join("tests/it/faults");
    let mut res = Vec::new();
    for entry in fs::read_dir(&folder).expect("tests/it/faults") {
        let path = entry.expect("an entry").path();
        if !path.extension().is_some_and(|it| it == "yaml" || it == "json") {
            continue;
        }
        let read =
            |path: &Path| fs::read_to_string(path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
        // A long list is in several files: `NAME.txt`, `NAME.WHAT.txt`.
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let beside = fs::read_dir(&folder).expect("tests/it/faults").map(|it| it.expect("an entry").path());
        let is_list = |it: &Path| {
            let name = it.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.ends_with(".txt") && name.starts_with(&format!("{stem}."))
        };
        let mut lists: Vec<_> = beside.filter(|it| is_list(it)).collect();
        lists.sort();
        let lists: Vec<_> = lists.iter().map(|it| read(it)).collect();
        let cases = lists.iter().flat_map(|it| it.split("\n\n")).filter_map(Case::read).collect();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        res.push(Sheet { name, source: read(&path), cases });
    }
    res.sort_by(|left, right| left.name.cmp(&right.name));
    res
}

impl Case {
    fn read(text: &str) -> Option<Case> {
        let mut lines = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
        let (head, name) = lines.next()?.split_once(": ").unwrap_or_else(|| panic!("no head in\n{text}"));
        let kind = match head.split_once(' ') {
            None if head == "same" => Kind::Same,
            None if head == "unsure" => Kind::Unsure,
            Some((severity, code)) => {
                let severity = match severity {
                    "missed" => None,
                    "error" => Some(Severity::Error),
                    "warning" => Some(Severity::Warning),
                    "info" => Some(Severity::Info),
                    _ => panic!("no severity in\n{text}"),
                };
                Kind::Fault { code: code.to_owned(), severity }
            }
            None => panic!("no kind in\n{text}"),
        };
        let mut res = Case {
            name: name.to_owned(),
            kind,
            also: Vec::new(),
            given: Options::default(),
            edits: Vec::new(),
            words: String::new(),
        };
        let mut before = ' ';
        for line in lines {
            let mark = line.chars().next().unwrap_or(' ');
            let rest = line.get(2..).unwrap_or_default();
            match mark {
                '-' if before == '-' => extend(&mut res.edits.last_mut().expect("an edit").0, rest),
                '-' => res.edits.push((rest.to_owned(), None)),
                '&' => {}
                '+' => {
                    let (_, new) =
                        res.edits.last_mut().unwrap_or_else(|| panic!("`+` before `-` in\n{text}"));
                    match new {
                        Some(new) => extend(new, rest),
                        None => *new = Some(rest.to_owned()),
                    }
                }
                '*' => {
                    let (n, line) = rest.split_once(' ').unwrap_or_else(|| panic!("no number in\n{text}"));
                    let new = res.edits.last_mut().and_then(|it| it.1.as_mut());
                    let new = new.unwrap_or_else(|| panic!("`*` before `+` in\n{text}"));
                    for _ in 0..n.parse().unwrap_or_else(|it| panic!("{it} in\n{text}")) {
                        extend(new, &format!("            {line}"));
                    }
                }
                '^' if res.words.is_empty() => res.words.push_str(rest),
                '^' => extend(&mut res.words, rest),
                'a' => res.also.extend(line.split_whitespace().skip(1).map(str::to_owned)),
                'r' => res.given.region = line.split_whitespace().nth(1).map(str::to_owned),
                'h' => house(&mut res.given, line),
                'b' => res.given.budget = line.split_whitespace().nth(1).and_then(|it| it.parse().ok()),
                _ => panic!("what is `{line}` in\n{text}"),
            }
            before = mark;
        }
        assert!(!res.edits.is_empty(), "no edit in\n{text}");
        Some(res)
    }

    /// The template after the edits.
    pub(super) fn apply(&self, source: &str) -> Result<String, String> {
        let mut res = source.to_owned();
        for (old, new) in &self.edits {
            let at = once(&res, old)?;
            match new {
                Some(new) => res.replace_range(at, new),
                None => {
                    let start = res[..at.start].rfind('\n').map_or(0, |it| it + 1);
                    let end = res[at.end..].find('\n').map_or(res.len(), |it| at.end + it + 1);
                    res.replace_range(start..end, "");
                }
            }
        }
        Ok(res)
    }

    /// Where the words stand that the finding has to cover.
    pub(super) fn words(&self, source: &str) -> Result<Span, String> {
        if self.words.is_empty() {
            return Err("the list names no words".to_owned());
        }
        let Some((before, rest)) = self.words.split_once('«') else {
            let at = once(source, &self.words)?;
            return Ok(Span::new(at.start, at.end));
        };
        let (words, behind) = rest.split_once('»').ok_or("`«` without `»`")?;
        let at = once(source, &format!("{before}{words}{behind}"))?;
        Ok(Span::new(at.start + before.len(), at.end - behind.len()))
    }
}

/// `house KEY LIST`, as in the configuration.
fn house(given: &mut Options, line: &str) {
    let mut words = line.split_whitespace().skip(1);
    let (key, list) = (words.next().unwrap_or_default(), words.next().unwrap_or_default().split(','));
    match key {
        "ssh-networks" => given.house.ssh_networks = list.map(|it| it.parse().expect("a network")).collect(),
        "instance-types" => given.house.instance_types = list.map(str::to_owned).collect(),
        "required-tags" => given.house.required_tags = list.map(str::to_owned).collect(),
        _ => panic!("what is `{line}`"),
    }
}

fn extend(text: &mut String, line: &str) {
    text.push('\n');
    text.push_str(line);
}

/// Where the only copy of `text` is.
fn once(source: &str, text: &str) -> Result<Range<usize>, String> {
    let n_copies = source.matches(text).count();
    let at = source.find(text).filter(|_| n_copies == 1);
    at.map(|it| it..it + text.len()).ok_or_else(|| format!("{n_copies} copies of {text:?}"))
}
