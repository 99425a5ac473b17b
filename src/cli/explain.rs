//! The rules, as pages and as a list.

use super::Exit;
use super::args::Explain;
use super::error::Error;
use super::output::Output;
use crate::rules::{self, RULES};

/// Prints the page of a rule.
pub(super) fn page(args: &Explain, output: &mut Output) -> Result<Exit, Error> {
    let rule = rules::find(&args.code).expect("internal error: the arguments have a known code");
    output.write(rule.page)?;
    Ok(Exit::Clean)
}

/// Prints one line for each rule.
pub(super) fn list(output: &mut Output) -> Result<Exit, Error> {
    let width = RULES.iter().map(|it| it.name.len()).max().unwrap_or(0);
    for rule in RULES {
        let severity = format!("{:?}", rule.severity).to_lowercase();
        output.write(&format!("{}  {severity:<7}  {:<width$}  {}\n", rule.code, rule.name, rule.summary))?;
    }
    Ok(Exit::Clean)
}
