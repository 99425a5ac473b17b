//! `ecslint model`: a template with its values resolved, for tools of other people.

use super::args::Model;
use super::error::{Error, Shown};
use super::output::Output;
use super::read::Source;
use super::{Exit, check};
use crate::lint::resolved::resolved;
use crate::report::json;
use crate::text::{Lines, decode};

/// Prints the model of a template.
pub(super) fn run(args: &Model, output: &mut Output) -> Result<Exit, Error> {
    let path = args.template.as_path();
    let source = Source::named(path);
    if path.is_dir() {
        return Err(Error::Folder { path: Shown::new(path) });
    }
    let bytes = source.read()?;
    let options = check::options_for(&args.values, &source)?;
    let (Ok(text), Some(model)) = (decode(&bytes), resolved(&bytes, &options)) else {
        return Err(Error::NoTemplate { path: Shown::new(path) });
    };
    output.write(&json::model::model(&source.name(), &model, &Lines::new(text)))?;
    Ok(Exit::Clean)
}
