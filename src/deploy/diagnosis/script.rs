//! The user data of the fleet: from a line of a console back to the words of the template.

use super::Place;
use crate::boot::{Boot, Does, Form, StopBy};
use crate::resolve::{self, Text};
use crate::text::Span;

/// The user data as the instance gets it, and what it does.
pub(super) struct Script<'t> {
    text: Text<'t>,
    form: Form,
    /// The key `UserData`.
    pub(super) key: Span,
    /// What sends signals.
    pub(super) signals: Vec<Signal>,
    /// What installs packages: package and command.
    installs: Vec<(String, Span)>,
    /// Where `ECS_CLUSTER` is set.
    pub(super) cluster: Option<Span>,
    /// It ends at the first command that fails.
    pub(super) errexit: bool,
}

/// A command that sends a signal.
#[derive(Clone, Debug)]
pub(super) struct Signal {
    /// Its name.
    pub(super) command: Span,
    /// What it tells of: the value of `--resource`.
    pub(super) resource: Option<Span>,
    /// `--stack`
    pub(super) stack: Option<Span>,
    /// `--region`
    pub(super) region: Option<Span>,
    by_url: bool,
    /// The command whose status it reports: its name and where it stands.
    pub(super) reports: Option<(String, Span)>,
}

/// The words in the script rather than those of a parameter or mapping that they come from.
fn words(place: resolve::Place) -> Span {
    place.used.unwrap_or(place.span)
}

fn whole(text: Option<&Text<'_>>) -> Option<Span> {
    text.and_then(Text::whole_place).map(words)
}

impl<'t> Script<'t> {
    /// The script of a boot; `key` is where `UserData` stands.
    pub(super) fn new(text: Text<'t>, boot: &Boot<'t>, key: Span) -> Script<'t> {
        let signals = boot.signals.iter().filter_map(|it| {
            Some(Signal {
                command: words(it.command?),
                resource: whole(it.resource.as_ref()),
                stack: whole(it.stack.as_ref()),
                region: whole(it.region.as_ref()),
                by_url: it.url.is_some(),
                reports: it.reports.as_ref().and_then(|(name, place)| Some((name.clone(), words((*place)?)))),
            })
        });
        let installs = boot.steps.iter().filter_map(|it| match &it.does {
            Does::Installs { package } => Some((package.clone(), words(it.place?))),
            _ => None,
        });
        let lines = boot.lines();
        let set = lines.iter().find(|(key, _)| key.as_str() == "ECS_CLUSTER").and_then(|(_, it)| it.place);
        Script {
            form: boot.form,
            key,
            signals: signals.collect(),
            installs: installs.collect(),
            cluster: set.map(words),
            errexit: boot.signals.iter().any(|it| it.errexit)
                || boot.stops.iter().any(|it| it.by == StopBy::Failure)
                || boot.steps.iter().any(|it| it.does == Does::MayEnd),
            text,
        }
    }

    /// Whether a signal goes to the address of a wait condition.
    pub(super) fn signals_by_url(&self) -> bool {
        self.signals.iter().any(|it| it.by_url)
    }

    /// The command that installs a package whose name begins so.
    pub(super) fn installs(&self, package: &str) -> Option<Span> {
        self.installs.iter().find(|it| it.0.starts_with(package)).map(|it| it.1)
    }

    /// The words of line `number` (from 1) of part `part` (from 1) that `word` names, else its whole command.
    ///
    /// cloud-init writes each part to a file of its own. Where there are several, the line is looked for behind each
    /// first line of a script; what does not have the word there is another one.
    pub(super) fn line(&self, part: usize, number: usize, word: Option<&str>) -> Option<Span> {
        let lines: Vec<_> = self.lines().collect();
        let starts: Vec<usize> = match self.form {
            Form::Shell | Form::Boothook if part <= 1 => vec![0],
            _ => lines.iter().enumerate().filter(|(_, it)| it.1.starts_with("#!")).map(|it| it.0).collect(),
        };
        let at = starts.iter().filter_map(|it| lines.get(it + number.checked_sub(1)?));
        let mut fitting = at.filter(|it| word.is_none_or(|word| it.1.contains(word)));
        let (start, line) = *fitting.next()?;
        // Without a word, one line is as good as another.
        if word.is_none() && fitting.next().is_some() {
            return None;
        }
        self.words_of(start, line, word)
    }

    /// The first command that runs one of these programs, by name or path, and is no comment.
    pub(super) fn runs(&self, programs: &[&str]) -> Option<Span> {
        let is_one = |word: &str| {
            let word = word.trim_start_matches(['(', '`', '$', '\'', '"', '{']);
            programs.contains(&word.rsplit('/').next().unwrap_or(word))
        };
        self.lines().filter(|it| !it.1.trim_start().starts_with('#')).find_map(|(start, line)| {
            let word = line.split_whitespace().find(|it| is_one(it))?;
            let at = word.as_ptr() as usize - line.as_ptr() as usize;
            let end = line[at..].find(['|', ';', '&']).map_or(line.len(), |it| at + it);
            self.place(start + at, start + at + line[at..end].trim_end().len())
        })
    }

    /// The first line that has this in it and is no comment: the words themselves.
    pub(super) fn word(&self, word: &str) -> Option<Span> {
        let mut lines = self.lines().filter(|it| !it.1.trim_start().starts_with('#'));
        lines.find(|it| it.1.contains(word)).and_then(|(start, line)| self.words_of(start, line, Some(word)))
    }

    /// The key, with what is to be said of it.
    pub(super) fn whole(&self, label: &str) -> Vec<Place> {
        vec![Place::new(self.key, label)]
    }

    /// The lines with the byte at which each begins.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut start = 0;
        self.text.as_str().split_inclusive('\n').map(move |it| {
            let at = start;
            start += it.len();
            (at, it.trim_end_matches(['\n', '\r']))
        })
    }

    fn words_of(&self, start: usize, line: &str, word: Option<&str>) -> Option<Span> {
        let range = match word.filter(|it| !it.is_empty()).and_then(|it| Some((line.find(it)?, it.len()))) {
            Some((at, len)) => at..at + len,
            None => line.len() - line.trim_start().len()..line.trim_end().len(),
        };
        self.place(start + range.start, start + range.end)
    }

    fn place(&self, start: usize, end: usize) -> Option<Span> {
        (start < end).then(|| self.text.place(start..end)).flatten().map(words)
    }
}
