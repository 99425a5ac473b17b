//! What can be typed to begin with ecslint: `init`, `completions`, `man`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use clap_complete::Shell;

use crate::catalog::instances::InstanceType;
use crate::cli::init::choice;

#[derive(Debug, ClapArgs)]
#[command(after_help = INIT_EXAMPLES)]
pub(in crate::cli) struct Init {
    /// Where the template goes; - for standard output
    #[arg(value_name = "FILE", default_value = "cluster.yml")]
    pub(in crate::cli) file: PathBuf,

    #[command(flatten)]
    pub(in crate::cli) flags: Flags,

    /// Do not ask: what no flag says is the default
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,

    /// Replace the file if there is one
    #[arg(long)]
    pub(in crate::cli) force: bool,
}

/// What the template is to have. Who types one of these is asked nothing.
#[derive(Debug, Default, ClapArgs)]
pub(in crate::cli) struct Flags {
    /// Instances with an NVIDIA GPU, and the image with its driver
    #[arg(long)]
    pub(in crate::cli) gpu: bool,

    /// Default: t3.micro, which every free plan has; with --gpu g4dn.xlarge
    #[arg(long, value_name = "TYPE", value_parser = choice::instance_type)]
    pub(in crate::cli) instance_type: Option<InstanceType>,

    /// How many instances to start with; default: 1
    #[arg(long, value_name = "N", value_parser = choice::instances)]
    pub(in crate::cli) instances: Option<u32>,

    #[arg(
        long,
        value_name = "WHICH",
        value_enum,
        hide_possible_values = true,
        help = "A VPC of its own, or one that is named at deployment: new (default), existing"
    )]
    pub(in crate::cli) network: Option<Network>,

    /// Key pair to log in with, through port 22; else only Session Manager
    #[arg(long, value_name = "NAME", requires = "ssh_from", value_parser = choice::key_name)]
    pub(in crate::cli) key_name: Option<String>,

    /// The addresses that reach port 22
    #[arg(long, value_name = "CIDR", requires = "key_name", value_parser = choice::ssh_from)]
    pub(in crate::cli) ssh_from: Option<String>,

    /// Also a service of one small task with logs, to see the cluster work
    #[arg(long)]
    pub(in crate::cli) service: bool,
}

const INIT_EXAMPLES: &str = "\
Examples:
  ecslint init                          asks, on a terminal
  ecslint init --gpu --service gpu.yml
  ecslint init --key-name me --ssh-from 203.0.113.7/32";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Network {
    New,
    Existing,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(in crate::cli) struct Completions {
    /// bash, elvish, fish, powershell, zsh
    #[arg(value_name = "SHELL", value_enum, hide_possible_values = true)]
    pub(in crate::cli) shell: Shell,
}

const COMPLETIONS_EXAMPLES: &str = "\
Where they go:
  ecslint completions bash > ~/.local/share/bash-completion/completions/ecslint
  ecslint completions zsh > _ecslint            in a folder of $fpath
  ecslint completions fish > ~/.config/fish/completions/ecslint.fish
  ecslint completions powershell >> $PROFILE";

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Man {
    /// A command; default: ecslint itself
    #[arg(value_name = "COMMAND")]
    pub(in crate::cli) command: Option<String>,
}
