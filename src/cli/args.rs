//! What can be typed. The help of `check` fits one screen.

mod begin;
mod files;
mod stacks;

pub(super) use begin::{Completions, Flags, Init, Man, Network};
pub(super) use files::Files;
pub(super) use stacks::{Access, Deploy, Destroy, OnFailure, ProgressMode, Stacked};

use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::near;
use crate::catalog::regions;
use crate::diagnostic::Severity;
use crate::policy;
use crate::rule::Rule;
use crate::rules::RULES;

#[derive(Debug, Parser)]
#[command(
    name = "ecslint",
    bin_name = "ecslint",
    version,
    about = "Checks CloudFormation templates of ECS clusters on EC2: will the instances join?",
    after_help = EXAMPLES,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  ecslint check                              all templates of this folder
  ecslint check cluster.yml                  one template
  ecslint check cluster.yml -P UseSpot=true  with the value of a parameter
  ecslint check --diff                       what --fix would mend; the files stay
  cat cluster.yml | ecslint check - --format json
  ecslint check --format github --output sarif=report.sarif
  ecslint explain ECS102                     what a code means, and what to do
  ecslint cost cluster.yml --region eu-west-1
  ecslint explain --boot cluster.yml         what the instances will do when they boot
  ecslint config                             what .ecslint.yaml and the flags say
  ecslint policy test                        whether your own policies find what they say
  ecslint model cluster.yml | conftest test --parser json -

Exit codes: 0 nothing found, 1 findings at or above --fail-on, 2 ecslint could not do its job.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check templates
    Check(Check),
    /// Show the configuration that counts, and where each value comes from
    Config(ConfigArgs),
    /// Show what the instances of a template cost, and what runs beside them
    Cost(Cost),
    /// Deploy a template, and stay until its instances have joined
    Deploy(Box<Deploy>),
    /// Show how a stack and its fleets are now
    Status(Stacked),
    /// Say why a stack failed, by whomever it was deployed
    Diagnose(Stacked),
    /// Remove a stack, its instances first
    Destroy(Destroy),
    /// Show the page of a rule, or what instances do when they boot
    Explain(Explain),
    /// Draw what a template builds, and where its instances can get
    Graph(Graph),
    /// Print what a template says, its values resolved, as JSON for other tools
    Model(Model),
    /// Run the examples of the project's own policies
    Policy(Policy),
    /// List all rules, and the project's own policies
    Rules(Rules),
    /// Write a template to begin with; asks, or takes flags
    Init(Init),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print a page for man
    Man(Man),
}

/// What is mended.
#[derive(Clone, Copy, Debug, Default, ClapArgs)]
#[command(group = ArgGroup::new("fixing").args(["fix", "diff"]).multiple(true))]
pub(super) struct Fixing {
    /// Mend what is safe to mend, then check
    #[arg(long)]
    pub(super) fix: bool,

    /// Only show what --fix would change; exit code 1 if it would
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub(super) diff: bool,

    /// With --fix or --diff: also mend what changes the deployment
    #[arg(long, requires = "fixing")]
    pub(super) unsafe_fixes: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) files: Files,

    #[command(flatten)]
    pub(super) values: Values,

    #[command(flatten)]
    pub(super) choice: Choice,

    /// Not what this file knows from before; what is gone since is said
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Take all that is found now as known
    #[arg(long, value_name = "FILE")]
    pub(super) write_baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(super) fixing: Fixing,

    /// Where prices come from: table, live (the aws CLI)
    #[arg(long, value_enum, default_value_t = PricesFrom::Table, hide_possible_values = true)]
    pub(super) prices: PricesFrom,

    /// Format of the report: human, concise, json, sarif, junit, github, gitlab, markdown, html
    #[arg(long, value_enum, default_value_t = ReportFormat::Human, hide_possible_values = true)]
    pub(super) format: ReportFormat,

    /// Also write a report to a file; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output)]
    pub(super) output: Vec<(ReportFormat, PathBuf)>,

    /// Also write a page with pictures and costs
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,

    /// Check again whenever a file changes
    #[arg(long, conflicts_with_all = ["list_files", "stdin_filename", "write_baseline"])]
    pub(super) watch: bool,

    /// Colours: auto, always, never
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto, hide_possible_values = true)]
    pub(super) color: Color,

    /// Findings only: no fleets, no notes, no summary
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Also say which files are passed over, and the time it took
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// A template and how it is drawn.
#[derive(Debug, ClapArgs)]
pub(super) struct Graph {
    /// The template, or - for standard input
    pub(super) template: PathBuf,

    #[command(flatten)]
    pub(super) values: Values,

    /// svg, or mermaid for Markdown
    #[arg(long, value_enum, default_value_t = PictureFormat::Svg, hide_possible_values = true)]
    pub(super) format: PictureFormat,

    /// Write it to a file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// How a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PictureFormat {
    Svg,
    Mermaid,
}

/// What is to be told.
#[derive(Debug, ClapArgs)]
pub(super) struct Choice {
    /// Only these rules: codes or their beginnings, as ECS102,ECS2
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = code)]
    pub(super) select: Vec<String>,

    /// Not these rules
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = code)]
    pub(super) ignore: Vec<String>,

    #[arg(
        long,
        value_name = "LEVEL",
        value_enum,
        hide_possible_values = true,
        help = "Least severity for exit code 1: error, warning (default), info, never"
    )]
    pub(super) fail_on: Option<FailOn>,
}

/// What is known of the deployment.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct Values {
    /// Value of a parameter; wins over its Default and over --parameters
    #[arg(short = 'P', long = "parameter", value_name = "KEY=VALUE", value_parser = pair)]
    pub(super) parameter: Vec<(String, String)>,

    /// Values of parameters: JSON of the aws CLI, or lines KEY=VALUE
    #[arg(long, value_name = "FILE")]
    pub(super) parameters: Vec<PathBuf>,

    /// Region that the stack is for
    #[arg(long, value_parser = region)]
    pub(super) region: Option<String>,

    /// Configuration; default: the nearest .ecslint.yaml above the template
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ConfigArgs {
    /// The template or folder that it counts for
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) path: PathBuf,

    /// Print the JSON Schema of the configuration, for editors
    #[arg(long)]
    pub(super) schema: bool,

    #[command(flatten)]
    pub(super) values: Values,

    #[command(flatten)]
    pub(super) choice: Choice,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Cost {
    /// The template; - for standard input
    #[arg(value_name = "TEMPLATE")]
    pub(super) template: PathBuf,

    #[command(flatten)]
    pub(super) values: Values,

    /// Where prices come from: table, live (the aws CLI)
    #[arg(long, value_enum, default_value_t = PricesFrom::Table, hide_possible_values = true)]
    pub(super) prices: PricesFrom,

    /// Format of the bill: human, json
    #[arg(long, value_enum, default_value_t = FormatName::Human, hide_possible_values = true)]
    pub(super) format: FormatName,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Explain {
    /// Code of a rule or policy, or name of a rule; with --boot the logical id of a fleet, where not all are meant
    #[arg(value_name = "CODE", required_unless_present = "boot")]
    pub(super) name: Option<String>,

    /// Show the predicted boot of the instances of a template; - for standard input
    #[arg(long, value_name = "TEMPLATE")]
    pub(super) boot: Option<PathBuf>,

    #[command(flatten)]
    pub(super) values: Values,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Model {
    /// The template; - for standard input
    #[arg(value_name = "TEMPLATE")]
    pub(super) template: PathBuf,

    #[command(flatten)]
    pub(super) values: Values,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Policy {
    #[command(subcommand)]
    pub(super) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// Check that policies find what their examples say: nothing in good ones, something in bad ones
    Test(PolicyTest),
}

#[derive(Debug, ClapArgs)]
pub(super) struct PolicyTest {
    /// Files or folders with policies, or configurations; default: the nearest .ecslint.yaml
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// Configuration; default: the nearest .ecslint.yaml above this folder
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(super) config: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Rules {
    /// Format of the list: human, json
    #[arg(long, value_enum, default_value_t = FormatName::Human, hide_possible_values = true)]
    pub(super) format: FormatName,

    /// Configuration with policies; default: the nearest .ecslint.yaml above this folder
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// The least severity that counts.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatName {
    Human,
    Json,
}

/// The formats of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    Human,
    Concise,
    Json,
    Sarif,
    Junit,
    Github,
    Gitlab,
    Markdown,
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PricesFrom {
    Table,
    Live,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// Why an argument cannot be used; clap says which.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadValue {
    #[error("write it as KEY=VALUE")]
    NoPair,
    #[error("write it as CODE=REASON: the reason is shown with the deployment")]
    NoReason,
    #[error("a time is written like `45m`, `90s` or `1h30m`")]
    NoTime,
    #[error("the name of a stack has letters, digits and hyphens, at most 128, and begins with a letter")]
    NoStack,
    #[error("the ARN of a role is written like `arn:aws:iam::123456789012:role/deployer`")]
    NoRole,
    #[error("the name of a bucket has small letters, digits, hyphens and dots, 3 to 63")]
    NoBucket,
    #[error("a region is written like `us-east-1`")]
    NoRegion,
    #[error("no rule has this code; {}", did_you_mean(.nearest.as_deref()))]
    UnknownCode { nearest: Option<String> },
    #[error("write it as FORMAT=FILE, such as sarif=report.sarif")]
    NoOutput,
    #[error("no format has this name; {}", formats_or(.nearest.as_deref()))]
    UnknownFormat { nearest: Option<String> },
    #[error("standard output is what --format is for")]
    OutputIsStdout,
}

fn did_you_mean(nearest: Option<&str>) -> String {
    match nearest {
        Some(code) => format!("did you mean `{code}`?"),
        None => "`ecslint rules` lists them".to_owned(),
    }
}

fn formats_or(nearest: Option<&str>) -> String {
    match nearest {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("there are: {}", format_names().collect::<Vec<_>>().join(", ")),
    }
}

fn format_names() -> impl Iterator<Item = String> {
    let value = |it: &ReportFormat| it.to_possible_value();
    ReportFormat::value_variants().iter().filter_map(value).map(|it| it.get_name().to_owned())
}

/// A format and a file.
fn output(text: &str) -> Result<(ReportFormat, PathBuf), BadValue> {
    let (name, path) = text.split_once('=').ok_or(BadValue::NoOutput)?;
    let Ok(format) = ReportFormat::from_str(name, true) else {
        return Err(BadValue::UnknownFormat { nearest: near::nearest(name, format_names()) });
    };
    match path {
        "" => Err(BadValue::NoOutput),
        "-" => Err(BadValue::OutputIsStdout),
        _ => Ok((format, PathBuf::from(path))),
    }
}

fn pair(text: &str) -> Result<(String, String), BadValue> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.to_owned())),
        _ => Err(BadValue::NoPair),
    }
}

/// The text when it has the form of a region.
pub(super) fn region(text: &str) -> Result<String, BadValue> {
    if regions::has_form(text) { Ok(text.to_owned()) } else { Err(BadValue::NoRegion) }
}

/// A code, or the beginning of one.
fn code(text: &str) -> Result<String, BadValue> {
    let code = text.trim().to_ascii_uppercase();
    let is_rule = !code.is_empty() && RULES.iter().any(|it| it.code.starts_with(&code));
    // Which policies there are, says the configuration.
    if is_rule || policy::is_code(&code, false) { Ok(code) } else { Err(unknown_code(&code)) }
}

/// The code of a rule, or of what may be a policy, in whatever case it was typed.
pub(super) fn whole_code(text: &str) -> Result<String, BadValue> {
    let code = text.trim().to_ascii_uppercase();
    let is_rule = RULES.iter().any(|it| it.code == code);
    if is_rule || policy::is_code(&code, true) { Ok(code) } else { Err(unknown_code(&code)) }
}

/// The rule of this code or name, in whatever case it was typed; `None` for what may be a policy.
pub(super) fn rule(text: &str) -> Result<Option<&'static Rule>, BadValue> {
    let text = text.trim();
    let is_it = |it: &&&Rule| it.code.eq_ignore_ascii_case(text) || it.name.eq_ignore_ascii_case(text);
    match RULES.iter().find(is_it) {
        Some(rule) => Ok(Some(rule)),
        None => whole_code(text).map(|_| None),
    }
}

pub(super) fn unknown_code(code: &str) -> BadValue {
    // Somebody may have typed the name.
    let codes = RULES.iter().flat_map(|it| [it.code.to_owned(), it.name.to_owned()]);
    BadValue::UnknownCode { nearest: near::nearest(code, codes) }
}
