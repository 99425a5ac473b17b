//! What other programs show of the command line: completions of shells, pages for `man`.

use clap::CommandFactory as _;
use clap_mangen::Man;

use super::args::{self, Args, Completions};
use super::error::Error;
use super::output::Output;
use super::{Exit, near};
use crate::report::sanitize;

/// Prints the completions of a shell.
pub(super) fn completions(args: &Completions, output: &mut Output) -> Result<Exit, Error> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "ecslint", &mut bytes);
    output.write(&String::from_utf8_lossy(&bytes))?;
    Ok(Exit::Clean)
}

/// Prints the page of ecslint, or of one of its commands.
pub(super) fn man(args: &args::Man, output: &mut Output) -> Result<Exit, Error> {
    let mut command = Args::command();
    // What is said of all commands is known once it is built.
    command.build();
    if let Some(name) = &args.command {
        let Some(found) = command.find_subcommand(name) else {
            let names = command.get_subcommands().map(|it| it.get_name().to_owned());
            let nearest = near::nearest(name, names);
            return Err(Error::UnknownCommand { name: sanitize::short(name, 100), nearest });
        };
        command = found.clone().display_name(format!("ecslint-{name}"));
    }
    // Without a date the version would stand in its place: an empty word is left out. It is no part of the program.
    let man =
        Man::new(command).date(" ").source(concat!("ecslint ", env!("CARGO_PKG_VERSION"))).manual("ecslint");
    let mut bytes = Vec::new();
    // Writing to memory does not fail.
    man.render(&mut bytes).map_err(Error::Output)?;
    output.write(&String::from_utf8_lossy(&bytes))?;
    Ok(Exit::Clean)
}
