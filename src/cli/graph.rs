//! `ecslint graph`: what a template builds, as a picture.

use super::Exit;
use super::args::{Graph, PictureFormat};
use super::check;
use super::error::{Error, Shown};
use super::new_file::NewFile;
use super::output::Output;
use super::read::Source;
use crate::lint::{self, picture::picture};
use crate::report::picture::{mermaid::mermaid, svg};
use crate::text::{Lines, decode};

/// Draws a template.
pub(super) fn run(args: &Graph, output: &mut Output) -> Result<Exit, Error> {
    let path = &args.template;
    if path.is_dir() {
        return Err(Error::Folder { path: Shown::new(path) });
    }
    let source = Source::named(path);
    let bytes = source.read()?;
    let options = check::options_for(&args.values, &source)?;
    let outcome = lint::check(&bytes, &options);
    let (Ok(text), Some(picture)) = (decode(&bytes), picture(&bytes, &options, &outcome)) else {
        return Err(Error::NoTemplate { path: Shown::new(path) });
    };
    if picture.things.is_empty() {
        return Err(Error::NoFleet { path: Shown::new(path) });
    }
    let lines = Lines::new(text);
    let drawn = match args.format {
        PictureFormat::Svg => svg::svg(&picture, &lines, svg::Frame::File),
        PictureFormat::Mermaid => mermaid(&picture, &lines),
    };
    match &args.output {
        None => output.write(&drawn)?,
        Some(path) => {
            let mut file = NewFile::create(path)?;
            if let Source::File(template) = &source
                && file.replaces(template)
            {
                return Err(Error::OutputIsInput { path: file.shown() });
            }
            file.write(&drawn)?;
            file.finish()?;
        }
    }
    Ok(Exit::Clean)
}
