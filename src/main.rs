//! The binary: arguments in, exit code out. All else is [`ecslint::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    ecslint::cli::run(std::env::args_os()).into()
}
