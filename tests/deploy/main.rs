//! Deployments against a scripted aws CLI: each scenario is a test by name. Needs nothing but Rust.

mod scenarios;
mod scripted;
mod stage;

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

#[expect(clippy::disallowed_methods, reason = "the same program is the aws CLI of its tests")]
fn main() -> ExitCode {
    if let Ok(folder) = std::env::var("SCRIPTED_AWS") {
        return ExitCode::from(scripted::play(Path::new(&folder)));
    }
    let args = Arguments::from_args();
    let trial = |(name, run): &(&'static str, fn())| {
        let run = *run;
        Trial::test(*name, move || {
            run();
            Ok(())
        })
    };
    libtest_mimic::run(&args, scenarios::ALL.iter().map(trial).collect()).exit_code()
}
