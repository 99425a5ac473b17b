//! `ecslint cost`: what a template costs.

use super::args::{Cost, FormatName, PricesFrom};
use super::error::{Error, Shown};
use super::live::Live;
use super::output::{Output, note};
use super::read::Source;
use super::{Exit, check, clock};
use crate::lint::bill::{Bill, bill};
use crate::report::{human, json};

/// Prints the bill of a template.
pub(super) fn run(args: &Cost, output: &mut Output) -> Result<Exit, Error> {
    let bill = read(args);
    if args.format == FormatName::Json {
        output.write(&json::bill::bill(bill.as_ref().ok()))?;
    }
    let bill = bill?;
    if let Some(date) = bill.outdated(&clock::date(clock::now())) {
        note(format_args!("some prices are of {date}, more than a year ago: `--prices live` asks AWS"));
    }
    if args.format == FormatName::Human {
        output.write(&human::bill::bill(&bill))?;
    }
    Ok(Exit::Clean)
}

fn read(args: &Cost) -> Result<Bill, Error> {
    let path = args.template.as_path();
    let source = Source::named(path);
    if path.is_dir() {
        return Err(Error::Folder { path: Shown::new(path) });
    }
    let bytes = source.read()?;
    let mut options = check::options_for(&args.values, &source)?;
    if args.prices == PricesFrom::Live
        && let Some(before) = bill(&bytes, &options)
    {
        let live = Live::new();
        live.learn(&mut options, &before.types);
        live.finish();
    }
    let bill = bill(&bytes, &options).ok_or_else(|| Error::NoTemplate { path: Shown::new(path) })?;
    if bill.fleets.is_empty() && bill.left_out.is_empty() {
        return Err(Error::NoFleet { path: Shown::new(path) });
    }
    Ok(bill)
}
