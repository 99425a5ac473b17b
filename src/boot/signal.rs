//! The options of `cfn-signal` and `aws cloudformation signal-resource`.

use super::words::Word;
use crate::resolve::{Place, Text};

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
    /// What it reports.
    pub exit_code: ExitCode<'t>,
    /// Whether every path of the boot sends it.
    pub certain: bool,
    /// Some argument is a variable that may hold any options.
    pub unclear: bool,
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
        exit_code: ExitCode::Constant(0),
        certain: true,
        unclear: false,
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let raw = arg.text.as_str();
        if arg.text.only_symbol().is_some() && !arg.quoted {
            // A wait condition's handle, or options in a variable.
            res.url = Some(arg.text.clone());
            res.unclear |= arg.is_unknown();
            continue;
        }
        let (name, inline) = match raw.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(raw.len() - value.len())),
            _ if raw.len() > 2 && raw.starts_with('-') && !raw.starts_with("--") => (&raw[..2], Some(2)),
            _ => (raw, None),
        };
        let Some(option) = option(name) else {
            if !raw.starts_with('-') {
                res.url = Some(arg.text.clone());
            }
            continue;
        };
        let value = match inline {
            Some(start) => Some(Word { text: arg.text.slice(start..raw.len()), ..arg.clone() }),
            None => args.next().cloned(),
        };
        let Some(value) = value else { break };
        match option {
            "--resource" => res.resource = Some(value.text),
            "--stack" => res.stack = Some(value.text),
            "--region" => res.region = Some(value.text),
            "--url" => res.url = Some(value.text),
            "--exit-code" => res.exit_code = value.exit_code(),
            "--success" if value.text.as_str() == "false" => res.exit_code = ExitCode::Constant(1),
            _ => {}
        }
    }
    res
}

/// Reads the arguments behind `aws cloudformation signal-resource`.
pub(super) fn signal_resource<'t>(command: Option<Place>, args: &[Word<'t>]) -> Signal<'t> {
    let mut res = cfn_signal(command, &[]);
    res.helper = Helper::AwsCli;
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
