//! Why nothing sets the cluster: one answer, for the verdict and for the rules, so that one fault is told once.

use super::files::is_quoted;
use super::{BadSetting, Boot, Defect, DefectKind, Flaw, Ignored, Line, Lost, Setting};
use crate::catalog::agent;
use crate::resolve::{Place, SYMBOL, Symbol, Text};
use crate::template::Template;

/// No configuration has more lines.
const MAX_LINES: usize = 200;

/// The key that decides.
const CLUSTER: &str = "ECS_CLUSTER";

/// Why the agent finds no usable `ECS_CLUSTER`.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyUnset<'t> {
    /// The user data is in the language of another system.
    Language(Option<Place>),
    /// The user data is refused or not run.
    Defect(Defect),
    /// Bash refuses the script.
    Syntax(Option<Place>),
    /// A command waits for the agent, which waits for the user data.
    Deadlock(Place),
    /// The image has no agent.
    NoAgent,
    /// `cfn-init` is called and not there.
    Helper(Option<Place>),
    /// `cfn-init` ends before it does anything.
    Init(Place, String),
    /// The value is a placeholder that nothing fills in.
    Placeholder(Place),
    /// The line is there, in a form that the agent reads otherwise.
    Ignored(Ignored<'t>),
    /// The key is misspelt.
    NearMiss(Line<'t>, String),
    /// A later write has replaced the file.
    Lost(Lost<'t>),
    /// The script ends before.
    Stop(Option<Place>),
    /// The line is there, in a file that the agent does not read.
    Stray(String, Line<'t>),
    /// A setting stops the agent.
    Setting(BadSetting),
    /// The line has no value.
    Empty(Line<'t>),
    /// Nothing of the kind.
    Nothing,
}

impl WhyUnset<'_> {
    /// Whether the agent runs and finds no name, so that it joins `default`.
    #[must_use]
    pub fn leaves_default(&self) -> bool {
        match self {
            WhyUnset::Ignored(ignored) => ignored.flaw != Flaw::Quotes,
            WhyUnset::Deadlock(_) | WhyUnset::NoAgent | WhyUnset::Setting(_) | WhyUnset::Placeholder(_) => {
                false
            }
            _ => true,
        }
    }

    /// The reason in words, for the verdict.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            WhyUnset::Language(_) => "the user data is in the language of another system",
            WhyUnset::Defect(defect) => match defect.kind {
                DefectKind::NotBase64 => "the user data is not base64",
                DefectKind::NoHeader => "cloud-init knows no user data that begins like this",
                DefectKind::BlankBeforeShebang => "a blank stands before `#!`, so that nothing is run",
                DefectKind::Folded => "the whole script stands in the line of `#!`",
                DefectKind::BrokenMime => "the MIME message has no boundary",
            },
            WhyUnset::Syntax(_) => "bash refuses the script",
            WhyUnset::Deadlock(_) => {
                "a command waits for the agent, which starts only when the user data is done"
            }
            WhyUnset::NoAgent => "the image has no ECS agent, and the boot installs none",
            WhyUnset::Helper(_) => "cfn-init is not there, so that nothing of its metadata is done",
            WhyUnset::Init(_, why) => return format!("{why}, and cfn-init does nothing"),
            WhyUnset::Placeholder(_) => "the value of ECS_CLUSTER is a placeholder that nothing fills in",
            WhyUnset::Ignored(ignored) => match ignored.flaw {
                Flaw::Export => "the agent reads `export ECS_CLUSTER` as another key",
                Flaw::Blank => "the agent takes the blank before `=` for a part of the key",
                Flaw::Quotes => "the agent keeps the quotes around the value of ECS_CLUSTER",
            },
            WhyUnset::NearMiss(_, key) => return format!("sets `{key}`, which the agent does not know"),
            WhyUnset::Lost(_) => "a later write replaces the file that had ECS_CLUSTER",
            WhyUnset::Stop(_) => "the script ends before it sets ECS_CLUSTER",
            WhyUnset::Stray(path, _) => {
                return format!("writes ECS_CLUSTER to {path}, which the agent does not read");
            }
            WhyUnset::Setting(bad) => return format!("the agent does not start with this `{}`", bad.name),
            WhyUnset::Empty(_) => "the value of ECS_CLUSTER is empty, so it joins `default`",
            WhyUnset::Nothing => "nothing sets ECS_CLUSTER, so it joins `default`",
        }
        .to_owned()
    }

    /// The words in the template that show it.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            WhyUnset::Language(place)
            | WhyUnset::Syntax(place)
            | WhyUnset::Helper(place)
            | WhyUnset::Stop(place) => *place,
            WhyUnset::Defect(defect) => defect.place,
            WhyUnset::Deadlock(place) | WhyUnset::Placeholder(place) | WhyUnset::Init(place, _) => {
                Some(*place)
            }
            WhyUnset::Ignored(ignored) => ignored.line.place,
            WhyUnset::NearMiss(line, _) | WhyUnset::Empty(line) => line.place,
            WhyUnset::Setting(bad) => Some(bad.place),
            WhyUnset::Lost(lost) => lost.by,
            WhyUnset::Stray(_, line) => line.path,
            WhyUnset::NoAgent | WhyUnset::Nothing => None,
        }
    }
}

/// Whether a value is empty, also by variables that nothing sets.
fn is_empty(value: &Text<'_>) -> bool {
    let unset =
        || value.symbols().next().is_some() && value.symbols().all(|it| matches!(it, Symbol::Unset(_)));
    value.is_empty() || (unset() && value.as_str().chars().all(|it| it == SYMBOL))
}

impl<'t> Boot<'t> {
    /// Why the agent finds no usable `ECS_CLUSTER`; `None` when it finds one, or when only deployment can tell.
    #[must_use]
    pub fn why_unset(&self, template: &Template<'t>) -> Option<WhyUnset<'t>> {
        if let Some(place) = self.deadlock {
            return Some(WhyUnset::Deadlock(place));
        }
        if self.agent == crate::model::Answer::No {
            return Some(WhyUnset::NoAgent);
        }
        if let Some(bad) = self.bad_settings().into_iter().find(|it| it.is_fatal) {
            return Some(WhyUnset::Setting(bad));
        }
        match self.setting(CLUSTER) {
            Setting::Unknown => None,
            Setting::Set(line) => {
                let placeholder = self.placeholders(template).into_iter().find(|it| at_value(it, &line));
                let quoted = is_quoted(line.value.as_str());
                match placeholder {
                    Some((_, place)) => Some(WhyUnset::Placeholder(place)),
                    None if quoted => Some(WhyUnset::Ignored(Ignored { line, flaw: Flaw::Quotes })),
                    None => is_empty(&line.value).then_some(WhyUnset::Empty(line)),
                }
            }
            Setting::Unset => Some(self.why_no_line()),
        }
    }

    fn why_no_line(&self) -> WhyUnset<'t> {
        if let Some(place) = self.language {
            return WhyUnset::Language(Some(place));
        }
        if let Some(defect) = self.defects.first() {
            return WhyUnset::Defect(*defect);
        }
        if let Some((place, _)) = self.syntax_errors.first() {
            return WhyUnset::Syntax(*place);
        }
        if let Some(ignored) = self.ignored(CLUSTER).into_iter().next() {
            return WhyUnset::Ignored(ignored);
        }
        if let Some(lost) = self.lost(CLUSTER).into_iter().next() {
            return WhyUnset::Lost(lost);
        }
        if let Some(stop) = self.stops.iter().find(|it| it.hides_cluster) {
            return WhyUnset::Stop(stop.place);
        }
        if let Some(helper) = self.missing.iter().find(|it| it.program == "cfn-init") {
            return WhyUnset::Helper(helper.place);
        }
        if let Some((place, why)) = &self.init_failure {
            return WhyUnset::Init(*place, why.clone());
        }
        let near = |key: &Text<'t>| agent::near(key.as_str()).first() == Some(&CLUSTER);
        if let Some((key, line)) = self.lines().into_iter().take(MAX_LINES).find(|(key, _)| near(key)) {
            return WhyUnset::NearMiss(line, key.as_str().to_owned());
        }
        if let Some((path, line)) = self.strays(CLUSTER).into_iter().next() {
            return WhyUnset::Stray(path.to_owned(), line);
        }
        WhyUnset::Nothing
    }
}

/// Whether a placeholder stands in the value of a line.
fn at_value((_, place): &(String, Place), line: &Line<'_>) -> bool {
    let inside = |value: Place| place.span.start < value.span.end && value.span.start < place.span.end;
    // The shell has put nothing in its place: then it stands in the command.
    let words = if line.value.is_empty() { line.command } else { line.place };
    words.is_some_and(inside)
}
