//! What the instance does between power-on and the start of the ECS agent, told from the text alone.
//!
//! User data is rendered to exact text with symbols in it, parsed by a real shell parser, and run on an abstract
//! machine that executes nothing: it follows what is written to files, which signals are sent, and what the status
//! is that a signal reports. Every word keeps its place in the template.
//!
//! Invariants: no process, no file, no network; bounded by [`MAX_WORK`], above which everything is unknown; a
//! program that is not known may do anything, so that nothing is concluded from what the script does not do.

mod answers;
mod base64;
mod bottlerocket;
mod branches;
mod broken;
mod cfn_init;
mod cloud_config;
mod commands;
mod compound;
mod conditions;
mod ends;
mod expand;
mod files;
mod glue;
mod machine;
mod mime;
mod placeholder;
mod questions;
mod reason;
mod settings;
mod signal;
mod software;
mod state;
mod steps;
mod streams;
mod user_data;
mod variables;
mod verdict;
mod windows;
mod words;

#[cfg(test)]
mod tests;

pub use base64::decode as from_base64;
pub use files::{Chunk, FileState, Flaw, Ignored, Lost};
pub use questions::Question;
pub use reason::WhyUnset;
pub use settings::{BadSetting, LOGGING_DRIVERS, WhyBad};
pub use signal::{Astray, ExitCode, Helper, OptionProblem, Signal};
pub use software::{HELPERS, HELPERS_FOLDER, MissingHelper, WhyMissing};
pub use state::{Stop, StopBy};
pub use steps::{Does, Step};
pub use user_data::{Defect, DefectKind, Form};
pub use verdict::{Joining, Signalling, joins, signals};

use std::collections::BTreeMap;

use crate::model::{Answer, Image, Source};
use crate::resolve::{Found, Place, Scenario, Text};
use crate::template::{Expr, expr};
use crate::text::Span;

/// How much work one boot may be: a command is one step, and copies cost by their size.
pub const MAX_WORK: usize = 20_000;

/// The longest value of a variable and the longest file that is followed, in bytes.
pub const MAX_VALUE: usize = 64 << 10;

/// How deep scripts may run scripts.
pub const MAX_NESTING: usize = 12;

/// What the agent reads on Linux ([container agent configuration](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html)).
pub const AGENT_CONFIG: &str = "/etc/ecs/ecs.config";

/// What the image brings; the agent's launcher reads it first.
const IMAGE_CONFIG: &str = "/var/lib/ecs/ecs.config";

/// The same as JSON, which counts where that one says nothing.
const AGENT_JSON: &str = "/etc/ecs/ecs.config.json";

/// The boot of one launch source in one scenario.
#[derive(Clone, Debug, Default)]
pub struct Boot<'t> {
    /// How cloud-init or the image understands the user data.
    pub form: Form,
    /// Where `UserData` stands, else the launch source.
    pub span: Option<Span>,
    /// The user data as the instance gets it.
    pub text: Option<Text<'t>>,
    /// The files that were written, by path.
    pub files: BTreeMap<String, FileState<'t>>,
    /// The signals that are sent, in order.
    pub signals: Vec<Signal<'t>>,
    /// Commands that a join glued together.
    pub glued: Vec<Glued>,
    /// Why the user data is refused or never run.
    pub defects: Vec<Defect>,
    /// Where user data begins that is in the language of another system.
    pub language: Option<Place>,
    /// What bash would refuse, in the words of the parser.
    pub syntax_errors: Vec<(Option<Place>, String)>,
    /// Where the script ends for certain before its last line.
    pub stops: Vec<Stop>,
    /// All that it does, in order.
    pub steps: Vec<Step>,
    /// Helpers that are called and are not there.
    pub missing: Vec<MissingHelper>,
    /// Where `cfn-init` ends before it does anything, and why.
    pub init_failure: Option<(Place, String)>,
    /// What it asks the metadata service.
    pub questions: Vec<Question>,
    /// Some file of the system was read in, which may set any variable.
    pub sourced: bool,
    /// How many bytes EC2 gets, where the user data is written out in base64.
    pub packed: Option<usize>,
    /// Whether the instance has the ECS agent in the end.
    pub agent: Answer,
    /// The command that waits for the agent, which waits for the end of the user data.
    pub deadlock: Option<Place>,
    /// The agent is kept from starting in the end.
    pub stopped: bool,
    /// Something ran that may do anything: what is not decided is unknown.
    pub anything: bool,
    /// The bound was reached.
    pub bounded: bool,
}

/// Two commands that became one, since their pieces meet without a line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glued {
    /// The last line of the first piece: a line break belongs behind it.
    pub before: Span,
    /// The first word of the second.
    pub after: Span,
    /// Whether the joining or the signal breaks by it.
    pub breaks: bool,
}

/// What the agent finds for a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting<'t> {
    /// No line of it, for certain.
    Unset,
    /// This value, for certain.
    Set(Line<'t>),
    /// Only deployment can tell.
    Unknown,
}

/// A line `KEY=value` of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'t> {
    /// The value, without blanks around it.
    pub value: Text<'t>,
    /// Where the value is written; where the key is when the value is empty.
    pub place: Option<Place>,
    /// Where the file is named.
    pub path: Option<Place>,
    /// Where the command or entry stands that writes it.
    pub command: Option<Place>,
}

impl<'t> Boot<'t> {
    /// Predicts the boot of a launch source.
    #[must_use]
    pub fn of(scenario: &Scenario<'_, 't>, source: &Source<'t>, image: Image) -> Boot<'t> {
        let mut res = Boot { span: Some(source.key), agent: image.ecs, ..Boot::default() };
        let node = match source.find(scenario, &["UserData"]) {
            Found::Node(node) => node,
            Found::Absent => return res,
            Found::Unknown => return Boot { anything: true, ..res },
        };
        res.span = Some(node.span());
        let Some(text) = scenario.text(node) else { return Boot { anything: true, ..res } };
        let text = if matches!(expr(node), Expr::Base64(_)) {
            text
        } else {
            // Written out: base64 already, or plain text, which EC2 refuses.
            let decoded = text.known().and_then(base64::decode);
            match decoded {
                Some(decoded) => {
                    let letters = text.as_str().bytes().filter(|it| !it.is_ascii_whitespace() && *it != b'=');
                    res.packed = Some(letters.count() * 3 / 4);
                    Text::decoded(&decoded, node.span())
                }
                None => return Boot { text: Some(text.clone()), ..res.not_encoded(&text) },
            }
        };
        user_data::run(scenario, &mut res, &text, image);
        res.glued = glue::find(&text, &res);
        res.text = Some(text);
        res
    }

    /// User data that is no base64: plain text for certain where it looks like that.
    fn not_encoded(self, text: &Text<'t>) -> Boot<'t> {
        let raw = text.as_str();
        let plain = raw.contains(['#', '\n', ' ']) && raw.trim_start().starts_with(['#', '<', '[']);
        let blanks = raw.len() - raw.trim_start().len();
        let first = broken::first_line(raw, blanks..raw.len());
        let defect = Defect { kind: DefectKind::NotBase64, place: text.place(first) };
        Boot { anything: !plain, defects: if plain { vec![defect] } else { Vec::new() }, ..self }
    }

    /// What the agent finds for `key` in its configuration.
    #[must_use]
    pub fn setting(&self, key: &str) -> Setting<'t> {
        let of = |path: &str| self.files.get(path).map_or(Setting::Unset, |it| it.setting(key));
        // What the image's own file says counts where this one is silent.
        let found = match of(AGENT_CONFIG) {
            Setting::Unset => of(IMAGE_CONFIG),
            found => found,
        };
        match found {
            Setting::Unset if self.anything || self.bounded || self.files.contains_key(AGENT_JSON) => {
                Setting::Unknown
            }
            found => found,
        }
    }

    /// The line that sets `key` on one path of the script and not on another, where nothing else is open.
    #[must_use]
    pub fn sometimes(&self, key: &str) -> Option<Line<'t>> {
        if self.anything || self.bounded || self.setting(key) != Setting::Unknown {
            return None;
        }
        self.files.get(AGENT_CONFIG)?.sometimes(key)
    }

    /// Lines that were meant to set `key`, and that the agent reads otherwise.
    #[must_use]
    pub fn ignored(&self, key: &str) -> Vec<Ignored<'t>> {
        self.files.get(AGENT_CONFIG).map(|it| it.ignored(key)).unwrap_or_default()
    }

    /// Lines of `key` that a later write to the same file has lost.
    #[must_use]
    pub fn lost(&self, key: &str) -> Vec<Lost<'t>> {
        let Some(file) = self.files.get(AGENT_CONFIG) else { return Vec::new() };
        if self.setting(key) == Setting::Unset { file.lost(key) } else { Vec::new() }
    }

    /// All lines of the agent's configuration that every path writes: key and line. Their place is that of the value.
    #[must_use]
    pub fn lines(&self) -> Vec<(Text<'t>, Line<'t>)> {
        self.files.get(AGENT_CONFIG).map(FileState::lines).unwrap_or_default()
    }

    /// Lines of `key` in files that the agent does not read.
    #[must_use]
    pub fn strays(&self, key: &str) -> Vec<(&str, Line<'t>)> {
        let others =
            self.files.iter().filter(|(path, _)| ![AGENT_CONFIG, IMAGE_CONFIG].contains(&path.as_str()));
        let set = |file: &FileState<'t>| match file.setting(key) {
            Setting::Set(line) => Some(line),
            _ => None,
        };
        others.filter_map(|(path, file)| Some((path.as_str(), set(file)?))).collect()
    }
}
