//! The questions, for who sits at a terminal. Enter takes what stands in brackets.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use super::choice::{self, BadChoice};
use crate::cli::args::{Flags, Network};

/// Whether somebody can be asked.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for everything; `None` where the answers end too early.
pub(super) fn flags() -> Option<Flags> {
    let gpu = ask("Instances with an NVIDIA GPU?", "no", yes_or_no)?;
    let usual = if gpu { "g4dn.xlarge" } else { "t3.micro" };
    let instance_type = ask("Instance type", usual, |text| {
        let found = choice::instance_type(text)?;
        if gpu && !choice::has_nvidia(&found) {
            return Err(BadChoice::NoGpu { name: found.name });
        }
        Ok(found)
    })?;
    let instances = ask("How many instances to start with", "1", choice::instances)?;
    let network = ask("A network of its own (new), or one you have (existing)", "new", network)?;
    let key_name = ask("Key pair to log in with through port 22; none: Session Manager", "none", key_name)?;
    let ssh_from = match key_name {
        Some(_) => Some(ask("Addresses that reach port 22, as 203.0.113.7/32", "", choice::ssh_from)?),
        None => None,
    };
    let service = ask("A service of one small task, to see the cluster work?", "no", yes_or_no)?;
    Some(Flags {
        gpu,
        instance_type: Some(instance_type),
        instances: Some(instances),
        network: Some(network),
        key_name,
        ssh_from,
        service,
    })
}

/// Asks until the answer is one.
fn ask<T>(question: &str, usual: &str, read: impl Fn(&str) -> Result<T, BadChoice>) -> Option<T> {
    let mut stderr = io::stderr().lock();
    loop {
        let brackets = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
        // Who cannot read the question cannot answer it either.
        let _ = write!(stderr, "{question}{brackets}: ").and_then(|()| stderr.flush());
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line).ok()? == 0 {
            let _ = writeln!(stderr);
            return None;
        }
        let answer = if line.trim().is_empty() { usual } else { line.trim() };
        match read(answer) {
            Ok(it) => return Some(it),
            Err(error) => {
                let _ = writeln!(stderr, "  {error}");
            }
        }
    }
}

fn yes_or_no(text: &str) -> Result<bool, BadChoice> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err(BadChoice::YesOrNo),
    }
}

fn network(text: &str) -> Result<Network, BadChoice> {
    match text.to_ascii_lowercase().as_str() {
        "new" => Ok(Network::New),
        "existing" => Ok(Network::Existing),
        _ => Err(BadChoice::Network),
    }
}

fn key_name(text: &str) -> Result<Option<String>, BadChoice> {
    if text == "none" { Ok(None) } else { choice::key_name(text).map(Some) }
}
