//! `ecslint deploy --print-iam-policy`: the policy to standard output, what it cannot promise to standard error.

use super::prepare;
use super::session::Stop;
use crate::cli::args::Deploy;
use crate::cli::error::Shown;
use crate::cli::output::{self, Output};
use crate::cli::read::Source;
use crate::cli::{Exit, check};
use crate::deploy::brief::Brief;
use crate::deploy::policy::{self, Caller, Least, MAX_CHARACTERS};
use crate::report::sanitize;

/// Prints the policy; nothing is sent.
pub(super) fn run(args: &Deploy, output: &mut Output) -> Result<Exit, Stop> {
    let path = prepare::template(args.template.as_deref())?;
    let stack = args.stack.clone().map_or_else(|| prepare::stack_name(&path), Ok)?;
    let source = Source::File(path.clone());
    let bytes = source.read()?;
    let options = check::options_for(&args.values, &source)?;
    let caller = Caller {
        stack: &stack,
        region: options.region.as_deref().or(options.price_region.as_deref()),
        bucket: args.s3_bucket.as_deref(),
        role: args.role_arn.as_deref(),
        tags: !args.tag.is_empty(),
        parameters: &options.parameters,
    };
    let (Some(brief), Some(least)) = (Brief::of(&bytes, &options.parameters), policy::least(&bytes, &caller))
    else {
        return Err(Stop::new(
            Exit::Findings,
            format!("{} is no CloudFormation template", Shown::new(&path)),
        )
        .next("name another file, or see what `ecslint check` says of this one"));
    };
    prepare::known(&brief, options.parameters.keys().chain(args.param_stdin.iter()))?;
    output.write(&least.text)?;
    output::say_lines(&notes(&least));
    Ok(Exit::Clean)
}

/// What the policy cannot promise.
fn notes(least: &Least) -> String {
    let mut res = String::new();
    if !least.uncovered.is_empty() {
        let types: Vec<_> = least.uncovered.iter().map(|it| sanitize::short(it, 100)).collect();
        res.push_str(&format!(
            "note: not in this policy, because no table tells what they need: {}; add what their services ask for\n",
            types.join(", ")
        ));
    }
    if least.open {
        res.push_str(
            "note: macros and nested stacks make resources that the template does not show: add what those need\n",
        );
    }
    if least.characters > MAX_CHARACTERS {
        res.push_str(&format!(
            "note: {} characters are more than a managed policy may have ({MAX_CHARACTERS}): share the statements out among several\n",
            least.characters
        ));
    }
    res
}
