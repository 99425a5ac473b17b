//! `ecslint init`: writes a template to begin with, which is clean under its own check.
//!
//! `init/cluster.yml` is that template, with all that it may have. A line `#== WHEN` says for which choices the lines
//! down to the next such line are; a word between two `@` is a value.

mod ask;
pub(super) mod choice;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use super::Exit;
use super::args::{Flags, Init, Network};
use super::error::{Error, Shown};
use super::new_file::NewFile;
use super::output::{Output, note};
use crate::catalog::instances::InstanceType;
use choice::BadChoice;

const TEMPLATE: &str = include_str!("init/cluster.yml");

/// Writes a template as the flags or the answers want it.
pub(super) fn run(args: &Init, output: &mut Output) -> Result<Exit, Error> {
    let to_stdout = args.file == Path::new("-");
    // Nobody is asked seven questions for nothing; a link that leads nowhere is somebody's too.
    if !to_stdout && !args.force && fs::symlink_metadata(&args.file).is_ok() {
        return Err(Error::Exists { path: Shown::new(&args.file) });
    }
    let answers = if args.flags.say_nothing() && !args.yes && ask::can_ask() {
        Some(ask::flags().ok_or(Error::NoAnswer)?)
    } else {
        None
    };
    let text = template(answers.as_ref().unwrap_or(&args.flags))?;
    if to_stdout {
        output.write(&text)?;
        return Ok(Exit::Clean);
    }
    let mut file = NewFile::create(&args.file)?;
    let shown = file.shown();
    file.write(&text)?;
    file.finish()?;
    note(format_args!(
        "wrote {shown}; next: `ecslint check`, `ecslint cost`, `ecslint deploy` with this file"
    ));
    Ok(Exit::Clean)
}

impl Flags {
    /// Whether none was typed.
    fn say_nothing(&self) -> bool {
        let Flags { gpu, instance_type, instances, network, key_name, ssh_from, service } = self;
        let said = *gpu || *service || instance_type.is_some() || instances.is_some() || network.is_some();
        !said && key_name.is_none() && ssh_from.is_none()
    }

    /// The type of the instances.
    fn instance(&self) -> Result<InstanceType, BadChoice> {
        let instance = match self.instance_type {
            Some(it) => it,
            None => choice::instance_type(if self.gpu { "g4dn.xlarge" } else { "t3.micro" })?,
        };
        if self.gpu && !choice::has_nvidia(&instance) {
            return Err(BadChoice::NoGpu { name: instance.name });
        }
        Ok(instance)
    }

    /// Whether the lines below `#== WHEN` are wanted.
    fn want(&self, when: &str, has_gpu: bool) -> bool {
        let is_new = self.network != Some(Network::Existing);
        match when {
            "new" => is_new,
            "existing" => !is_new,
            "ssh" => self.key_name.is_some(),
            "no ssh" => self.key_name.is_none(),
            "service" => self.service,
            "service with gpu" => self.service && has_gpu,
            "service without gpu" => self.service && !has_gpu,
            _ => true,
        }
    }
}

/// The template for these choices.
fn template(flags: &Flags) -> Result<String, BadChoice> {
    let instance = flags.instance()?;
    let has_gpu = choice::has_nvidia(&instance);
    let mut text = String::new();
    let mut is_wanted = true;
    for line in TEMPLATE.lines() {
        match line.strip_prefix("#== ") {
            Some(when) => is_wanted = flags.want(when, has_gpu),
            None if is_wanted => text.extend([line, "\n"]),
            None => {}
        }
    }
    let instances = flags.instances.unwrap_or(1);
    let values = [
        ("@instance-type@", instance.name.to_owned()),
        ("@image@", choice::image(&instance)?),
        ("@instances@", instances.to_string()),
        ("@max-instances@", (instances + 1).to_string()),
        ("@ssh-from@", flags.ssh_from.clone().unwrap_or_default()),
        // The last, since only a name may hold such a word itself.
        ("@key-name@", quoted(flags.key_name.as_deref().unwrap_or_default())),
    ];
    Ok(values.iter().fold(text, |text, (word, value)| text.replace(word, value)))
}

/// A text as YAML reads it back, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
