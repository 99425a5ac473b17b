//! The options of `cfn-signal` and `aws cloudformation signal-resource`.

use super::words::Word;
use crate::resolve::{Place, Symbol, Text};

/// Who sends the signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Helper {
    /// `cfn-signal`
    CfnSignal,
    /// `aws cloudformation signal-resource`
    AwsCli,
}

/// What `-e` gets.
#[derive(Clone, Debug, PartialEq)]
pub enum ExitCode<'t> {
    /// No such option, or a number written out.
    Constant(i32),
    /// The status of this command.
    Of {
        /// The command's name.
        command: String,
        /// Where it stands.
        place: Option<Place>,
    },
    /// Only deployment can tell.
    Unknown(Option<Text<'t>>),
}

/// A signal that the boot sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal<'t> {
    /// Who sends it.
    pub helper: Helper,
    /// Where the command's name stands.
    pub command: Option<Place>,
    /// `--resource`
    pub resource: Option<Text<'t>>,
    /// `--stack`
    pub stack: Option<Text<'t>>,
    /// `--region`
    pub region: Option<Text<'t>>,
    /// The URL of a wait condition.
    pub url: Option<Text<'t>>,
    /// `--id`: signals with the same one count once. Without it that is the id of the instance.
    pub id: Option<Text<'t>>,
    /// What it reports.
    pub exit_code: ExitCode<'t>,
    /// Whether every path of the boot sends it.
    pub certain: bool,
    /// What is wrong with the options.
    pub problems: Vec<(OptionProblem, Option<Place>)>,
    /// Some argument is a variable that may hold any options.
    pub unclear: bool,
    /// The helper is not there, so that nothing is sent.
    pub absent: bool,
    /// A trap sends it.
    pub trapped: bool,
    /// The script ends at the first command that fails (`set -e`).
    pub errexit: bool,
    /// It stands behind a question, or a failure before has ended another path.
    pub guarded: bool,
    /// Where it is written what it reports: the value of `-e` or `--success`.
    pub exit_place: Option<Place>,
    /// `-e` gets `$?`, here or through a variable.
    pub of_status: bool,
    /// The command whose status `-e` gets, and where it stands.
    pub reports: Option<(String, Option<Place>)>,
}

/// Why a signal does not reach the stack that starts the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Astray {
    /// `--stack` names something else.
    Stack,
    /// `--region` names another region, or none at all.
    Region,
}

/// What `cfn-signal` says about its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionProblem {
    /// An option that it does not have, or the beginning of several: it sends nothing.
    Unknown,
    /// `-s`, `--success` with something else than `true` or `false`: it is not `--stack`. It sends nothing.
    BadSuccess,
    /// `-e` with something that is no number: it sends nothing.
    BadExitCode,
    /// `-r` is the reason of a failure, not `--resource`.
    ReasonForResource,
    /// Neither a resource nor a URL: it sends nothing.
    NoTarget,
    /// A resource without its stack: it sends nothing.
    NoStack,
    /// A resource and a URL: it sends nothing.
    TwoTargets,
}

impl OptionProblem {
    /// Whether nothing is sent.
    #[must_use]
    pub fn is_fatal(self) -> bool {
        self != OptionProblem::ReasonForResource
    }

    /// Whether every version of `cfn-signal` is known to take it so.
    #[must_use]
    pub fn is_proved(self) -> bool {
        matches!(self, OptionProblem::Unknown | OptionProblem::BadSuccess | OptionProblem::ReasonForResource)
    }
}

impl Signal<'_> {
    /// Whether it is the very same signal on another path. What is not known of it is the same there.
    pub(super) fn is_copy_of(&self, other: &Signal<'_>) -> bool {
        let text = |left: &Option<Text<'_>>, right: &Option<Text<'_>>| match (left, right) {
            (Some(left), Some(right)) => left.is_copy_of(right),
            (left, right) => left.is_none() && right.is_none(),
        };
        let exit_code = match (&self.exit_code, &other.exit_code) {
            (ExitCode::Unknown(left), ExitCode::Unknown(right)) => text(left, right),
            (left, right) => left == right,
        };
        self.command == other.command
            && self.certain == other.certain
            && exit_code
            && text(&self.resource, &other.resource)
            && text(&self.stack, &other.stack)
            && text(&self.url, &other.url)
            && text(&self.id, &other.id)
    }

    /// Whether it gets as far as sending something, options being what they are.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        !self.absent && (self.unclear || !self.problems.iter().any(|(problem, _)| problem.is_fatal()))
    }
}

/// The options that take a value, by their long names (`cfn-signal --help` of aws-cfn-bootstrap).
const WITH_VALUE: [&str; 15] = [
    "--success",
    "--id",
    "--exit-code",
    "--reason",
    "--data",
    "--stack",
    "--resource",
    "--url",
    "--region",
    "--credential-file",
    "--role",
    "--access-key",
    "--secret-key",
    "--http-proxy",
    "--https-proxy",
];

/// The short names.
const SHORT: [(&str, &str); 6] = [
    ("-s", "--success"),
    ("-i", "--id"),
    ("-e", "--exit-code"),
    ("-r", "--reason"),
    ("-d", "--data"),
    ("-f", "--credential-file"),
];

/// Reads the arguments of `cfn-signal` as Python's optparse does: `--opt value`, `--opt=value`, `-e1`, and
/// beginnings of long names that are not ambiguous.
pub(super) fn cfn_signal<'t>(command: Option<Place>, args: &[Word<'t>]) -> Signal<'t> {
    let mut res = Signal {
        helper: Helper::CfnSignal,
        command,
        resource: None,
        stack: None,
        region: None,
        url: None,
        id: None,
        exit_code: ExitCode::Constant(0),
        certain: true,
        problems: Vec::new(),
        unclear: false,
        absent: false,
        trapped: false,
        errexit: false,
        guarded: false,
        exit_place: None,
        of_status: false,
        reports: None,
    };
    let (mut reason, mut by_option) = (None, false);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let raw = arg.text.as_str();
        if arg.is_unknown() || (arg.text.only_symbol().is_some() && !arg.quoted) {
            // A wait condition's handle, or options in a variable: `"$@"` may be any number of words.
            res.url = Some(arg.text.clone());
            res.unclear |= arg.is_unknown();
            continue;
        }
        let (name, inline) = match raw.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(raw.len() - value.len())),
            // A letter beyond ASCII is no option.
            _ => match raw.get(..2) {
                Some(short) if raw.len() > 2 && raw.starts_with('-') && short != "--" => (short, Some(2)),
                _ => (raw, None),
            },
        };
        if name == "-u" {
            // The guide has it for `--url`, the program that can be read has not: only the instance can tell.
            res.unclear = true;
            args.next();
            continue;
        }
        let Some(option) = option(name) else {
            if !raw.starts_with('-') {
                res.url = Some(arg.text.clone());
            } else if arg.known().is_some()
                && !matches!(name, "-v" | "-h" | "--help" | "--verbose" | "--version")
            {
                res.problems.push((OptionProblem::Unknown, arg.place));
            }
            continue;
        };
        let value = match inline {
            Some(start) => Some(Word { text: arg.text.slice(start..raw.len()), ..arg.clone() }),
            None => args.next().cloned(),
        };
        let Some(value) = value else { break };
        let known = value.known();
        // Nothing at all, perhaps: then it takes the next word for its value.
        let unset = matches!(value.text.only_symbol(), Some(Symbol::Environment(_) | Symbol::Unset(_)));
        res.unclear |= unset && matches!(option, "--exit-code" | "--stack" | "--region" | "--resource");
        match option {
            "--success" if is_no_answer(&value.text) => {
                res.problems.push((OptionProblem::BadSuccess, value.place));
            }
            "--exit-code" if value.status.is_none() && known.is_some_and(|it| !is_integer(it)) => {
                res.problems.push((OptionProblem::BadExitCode, value.place));
            }
            "--reason" if name == "-r" => reason = value.place,
            _ => {}
        }
        match option {
            "--resource" => res.resource = Some(value.text),
            "--stack" => res.stack = Some(value.text),
            "--region" => res.region = Some(value.text),
            // The guide has it for the address of a wait condition, and for that of the service.
            "--url" => {
                by_option = true;
                res.url = Some(value.text);
            }
            "--id" => res.id = Some(value.text),
            "--exit-code" => {
                res.of_status = value.status.is_some();
                res.reports = value.status.as_ref().and_then(|it| it.of.clone());
                res.exit_place = value.place;
                res.exit_code = value.exit_code();
            }
            "--success" => {
                res.exit_place = res.exit_place.or(value.place);
                match value.text.known() {
                    Some("false") => res.exit_code = ExitCode::Constant(1),
                    Some(_) => {}
                    None => res.exit_code = ExitCode::Unknown(None),
                }
            }
            _ => {}
        }
    }
    res.unclear |= by_option && res.resource.is_some();
    let missing = match (&res.resource, &res.url) {
        (None, None) => Some(OptionProblem::NoTarget),
        (Some(_), Some(_)) => Some(OptionProblem::TwoTargets),
        (Some(_), None) if res.stack.is_none() => Some(OptionProblem::NoStack),
        _ => None,
    };
    if !res.unclear {
        if missing == Some(OptionProblem::NoTarget) && reason.is_some() {
            res.problems.push((OptionProblem::ReasonForResource, reason));
        }
        res.problems.extend(missing.map(|it| (it, command)));
    }
    res
}

/// A PUT to the address of a wait condition; what it says is not followed.
pub(super) fn by_hand<'t>(command: Option<Place>) -> Signal<'t> {
    let mut res = cfn_signal(command, &[]);
    res.problems.clear();
    res.exit_code = ExitCode::Unknown(None);
    res
}

/// Reads the arguments behind `aws cloudformation signal-resource`.
pub(super) fn signal_resource<'t>(command: Option<Place>, args: &[Word<'t>]) -> Signal<'t> {
    let mut res = cfn_signal(command, &[]);
    res.helper = Helper::AwsCli;
    res.problems.clear();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let raw = arg.text.as_str();
        let (name, value) = match raw.split_once('=') {
            Some((name, value)) => (name, Some(arg.text.slice(raw.len() - value.len()..raw.len()))),
            None if raw.starts_with("--") => (raw, args.next().map(|it| it.text.clone())),
            None => continue,
        };
        match name {
            "--logical-resource-id" => res.resource = value,
            "--stack-name" => res.stack = value,
            "--region" => res.region = value,
            "--unique-id" => res.id = value,
            "--status" => {
                let known = value.as_ref().and_then(Text::known);
                res.exit_code = match known {
                    Some("SUCCESS") => ExitCode::Constant(0),
                    Some("FAILURE") => ExitCode::Constant(1),
                    _ => ExitCode::Unknown(value),
                };
            }
            _ => {}
        }
    }
    res
}

/// Whether a text is neither `true` nor `false` for certain.
fn is_no_answer(text: &Text<'_>) -> bool {
    match (text.only_symbol(), text.known()) {
        (Some(Symbol::Resource(_) | Symbol::Attribute { .. } | Symbol::Pseudo(_)), _) => true,
        (_, Some(known)) => !matches!(known, "true" | "false"),
        _ => false,
    }
}

/// What Python's `int` takes with any base prefix.
fn is_integer(raw: &str) -> bool {
    let digits = raw.trim().trim_start_matches(['-', '+']);
    match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => !hex.is_empty() && hex.bytes().all(|it| it.is_ascii_hexdigit()),
        None => !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()),
    }
}

fn option(name: &str) -> Option<&'static str> {
    if let Some((_, long)) = SHORT.iter().find(|(short, _)| *short == name) {
        return Some(long);
    }
    if let Some(long) = WITH_VALUE.iter().find(|it| **it == name) {
        return Some(long);
    }
    let mut fitting = WITH_VALUE.iter().filter(|it| name.len() > 2 && it.starts_with(name));
    match (fitting.next(), fitting.next()) {
        (Some(long), None) => Some(long),
        _ => None,
    }
}
