//! What can be typed about stacks: `deploy`, `status`, `diagnose`, `destroy`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueEnum};

use super::{BadValue, FailOn, Values, pair, region, whole_code};

#[derive(Debug, ClapArgs)]
#[command(after_help = DEPLOY_CODES)]
pub(in crate::cli) struct Deploy {
    /// The template; default: the only one in this folder
    #[arg(value_name = "TEMPLATE")]
    pub(in crate::cli) template: Option<PathBuf>,

    /// Name of the stack; default: from the file's name
    #[arg(long, value_name = "NAME", value_parser = stack)]
    pub(in crate::cli) stack: Option<String>,

    #[command(flatten)]
    pub(in crate::cli) values: Values,

    /// Read the value of this parameter, a secret, from standard input
    #[arg(long, value_name = "KEY")]
    pub(in crate::cli) param_stdin: Option<String>,

    /// Tag for the stack and all it makes
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(in crate::cli) tag: Vec<(String, String)>,

    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOn::Error, hide_possible_values = true,
        help = "Least severity that stops it: error, warning, info, never")]
    pub(in crate::cli) fail_on: FailOn,

    /// Deploy in spite of a finding, and say why
    #[arg(long, value_name = "CODE=REASON", value_parser = reason)]
    pub(in crate::cli) allow: Vec<(String, String)>,

    /// Show what would change; exit code 10 if anything
    #[arg(long)]
    pub(in crate::cli) plan_only: bool,

    /// Print the calls, send nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,

    /// Print the policy that the caller needs, send nothing
    #[arg(long)]
    pub(in crate::cli) print_iam_policy: bool,

    /// Do not ask
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,

    /// Show all rows of the plan
    #[arg(long)]
    pub(in crate::cli) full: bool,

    /// First delete what is left of a failed stack
    #[arg(long)]
    pub(in crate::cli) replace_failed: bool,

    /// What happens to a stack that fails: rollback, keep, delete
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnFailure::Rollback, hide_possible_values = true)]
    pub(in crate::cli) on_failure: OnFailure,

    /// Role that CloudFormation takes
    #[arg(long, value_name = "ARN", value_parser = role)]
    pub(in crate::cli) role_arn: Option<String>,

    /// Bucket for a template of more than 51,200 bytes
    #[arg(long, value_name = "NAME", value_parser = bucket)]
    pub(in crate::cli) s3_bucket: Option<String>,

    /// How long the stack is watched
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "45m")]
    pub(in crate::cli) timeout: Duration,

    /// How long instances may take to join once the stack is up
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "5m")]
    pub(in crate::cli) ecs_timeout: Duration,

    /// Do not wait for instances to join
    #[arg(long)]
    pub(in crate::cli) no_wait_ecs: bool,

    /// Begin, and do not watch
    #[arg(long)]
    pub(in crate::cli) detach: bool,

    /// Watch an operation that was begun before
    #[arg(long)]
    pub(in crate::cli) resume: bool,

    #[command(flatten)]
    pub(in crate::cli) access: Access,
}

const DEPLOY_CODES: &str = "\
Exit codes: 0 done, or nothing to change; 1 findings stop it; 2 usage; 3 failed and taken back; 4 failed, needs a \
hand; 5 aws CLI, credentials, region or rights; 6 up, but instances did not join; 7 not agreed to; 8 refused by \
CloudFormation; 10 --plan-only and something changes; 75 contact lost; 129, 130, 143 detached by a signal.";

/// How AWS is reached, and how it is shown.
#[derive(Clone, Debug, ClapArgs)]
pub(in crate::cli) struct Access {
    /// Profile of the aws CLI
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) profile: Option<String>,

    /// The aws CLI; default: that on PATH
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) aws: Option<PathBuf>,

    /// How progress is shown: auto, tty, plain, json, none
    #[arg(long, value_name = "HOW", value_enum, default_value_t = ProgressMode::Auto, hide_possible_values = true)]
    pub(in crate::cli) progress: ProgressMode,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Stacked {
    /// The stack, by its name or id; default: that of the only template in this folder
    #[arg(value_name = "STACK", value_parser = stack)]
    pub(in crate::cli) stack: Option<String>,

    /// The template; default: the one that the stack was made from
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) template: Option<PathBuf>,

    /// Region of the stack
    #[arg(long, value_parser = region)]
    pub(in crate::cli) region: Option<String>,

    #[command(flatten)]
    pub(in crate::cli) access: Access,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Destroy {
    /// The stack, by its name or id
    #[arg(value_name = "STACK", value_parser = stack)]
    pub(in crate::cli) stack: String,

    /// Leave this resource where it is, by logical id
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) retain: Vec<String>,

    /// Do not ask
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,

    /// Role that CloudFormation takes
    #[arg(long, value_name = "ARN", value_parser = role)]
    pub(in crate::cli) role_arn: Option<String>,

    /// How long it is watched
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "45m")]
    pub(in crate::cli) timeout: Duration,

    /// Region of the stack
    #[arg(long, value_parser = region)]
    pub(in crate::cli) region: Option<String>,

    #[command(flatten)]
    pub(in crate::cli) access: Access,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ProgressMode {
    Auto,
    Tty,
    Plain,
    Json,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OnFailure {
    Rollback,
    Keep,
    Delete,
}

/// A code and why it is allowed.
fn reason(text: &str) -> Result<(String, String), BadValue> {
    match text.split_once('=') {
        Some((code, reason)) if !reason.trim().is_empty() => {
            Ok((whole_code(code)?, reason.trim().to_owned()))
        }
        _ => Err(BadValue::NoReason),
    }
}

/// A time of at most a day.
fn time(text: &str) -> Result<Duration, BadValue> {
    let time: jiff::SignedDuration = text.parse().map_err(|_| BadValue::NoTime)?;
    let time = Duration::try_from(time).map_err(|_| BadValue::NoTime)?;
    if time <= Duration::from_secs(86_400) { Ok(time) } else { Err(BadValue::NoTime) }
}

/// The name of a stack, or its ARN (CreateStack, StackName, in the CloudFormation API reference).
fn stack(text: &str) -> Result<String, BadValue> {
    let is_name = text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.len() <= 128
        && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '-');
    if is_name || text.starts_with("arn:") { Ok(text.to_owned()) } else { Err(BadValue::NoStack) }
}

/// The ARN of a role (CreateChangeSet, RoleARN, in the CloudFormation API reference).
fn role(text: &str) -> Result<String, BadValue> {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let [arn, _, service, _, account, resource] = parts[..] else { return Err(BadValue::NoRole) };
    let is_account = account.len() == 12 && account.bytes().all(|it| it.is_ascii_digit());
    let is_role = arn == "arn" && service == "iam" && is_account && resource.starts_with("role/");
    if is_role && text.len() <= 2048 { Ok(text.to_owned()) } else { Err(BadValue::NoRole) }
}

/// The name of a bucket ("General purpose bucket naming rules" in the S3 user guide).
fn bucket(text: &str) -> Result<String, BadValue> {
    let is_letter = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    let ends_well = |it: Option<&u8>| it.is_some_and(|it| is_letter(*it));
    let bytes = text.as_bytes();
    let is_name = (3..=63).contains(&bytes.len())
        && bytes.iter().all(|it| is_letter(*it) || matches!(it, b'-' | b'.'))
        && ends_well(bytes.first())
        && ends_well(bytes.last());
    if is_name { Ok(text.to_owned()) } else { Err(BadValue::NoBucket) }
}
