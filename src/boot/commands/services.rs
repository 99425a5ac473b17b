//! Packages, services and the agent.

use crate::boot::files::Chunk;
use crate::boot::machine::Machine;
use crate::boot::software::{MissingHelper, Start};
use crate::boot::state::{Alive, State};
use crate::boot::steps::Does;
use crate::boot::words::Word;
use crate::boot::{AGENT_CONFIG, software};
use crate::model::{Answer, ImageFamily};
use crate::resolve::{Place, Symbol, Text};
use crate::text::Span;

/// More helpers that are not there are not remembered.
const MAX_MISSING: usize = 8;

impl<'t> Machine<'_, '_, 't> {
    /// Whether a helper that is called is not there, which is noted.
    pub(super) fn is_missing(&self, path: &str, place: Option<Place>, state: &mut State<'t>) -> bool {
        let Some(why) = software::missing(path, self.image, state) else { return false };
        let program = path.rsplit('/').next().unwrap_or(path).to_owned();
        let missing = MissingHelper { program, place, why };
        if state.missing.len() < MAX_MISSING && !state.missing.contains(&missing) {
            state.missing.push(missing);
        }
        true
    }

    /// Whether the boot installs the helpers in a way that may fail, on an image that lacks them.
    pub(super) fn may_be_missing(&self, state: &State<'t>) -> bool {
        let stock = self.image.ecs == Answer::Yes && self.image.family.is_some();
        stock && !state.anything && software::installs_in_doubt(state)
    }

    /// Starts services. The agent of Amazon Linux waits for the end of the user data
    /// ([installing the agent](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-install.html)):
    /// a command that waits for the agent never comes back.
    pub(in crate::boot) fn start(&self, start: Start, place: Option<Place>, state: &mut State<'t>) {
        let systemd =
            matches!(self.image.family, Some(ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023));
        let blocks = start.blocks && !state.detached;
        for service in start.services {
            let waits = service == "ecs" && blocks && systemd && !state.own_unit;
            state.stopped &= service != "ecs";
            state.step(place, Does::Starts { service, blocks });
            if waits && software::agent(self.image, state) == Answer::Yes {
                state.deadlock = place;
                state.alive = Alive::Failed;
                return;
            }
        }
    }

    /// `docker run ... amazon/amazon-ecs-agent`: the agent without its package. What it gets by `--env` counts.
    pub(super) fn agent_container(&mut self, args: &[Word<'t>], place: Option<Place>, state: &mut State<'t>) {
        state.step(place, Does::Installs { package: "amazon-ecs-agent".to_owned() });
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let raw = arg.text.as_str();
            let file = match raw {
                "--env-file" => args.next().cloned(),
                _ => raw
                    .strip_prefix("--env-file=")
                    .map(|it| Word { text: arg.text.slice(raw.len() - it.len()..raw.len()), ..arg.clone() }),
            };
            if let Some(file) = file {
                let text = self.read(&file, state);
                let chunk = Chunk {
                    text,
                    certain: state.certain(),
                    optional: false,
                    path: file.place,
                    command: place,
                };
                state.write_file(AGENT_CONFIG, chunk, true);
                continue;
            }
            let line = match raw {
                "-e" | "--env" => args.next().map(|it| it.text.clone()),
                _ => raw.strip_prefix("--env=").map(|it| arg.text.slice(raw.len() - it.len()..raw.len())),
            };
            let Some(mut line) = line else { continue };
            line.push(&Text::decoded("\n", Span::at(0)));
            let chunk =
                Chunk { text: line, certain: state.certain(), optional: false, path: place, command: place };
            state.write_file(AGENT_CONFIG, chunk, true);
        }
    }

    /// The handle of a wait condition among the arguments of `curl`, which tells it by a PUT to its address.
    pub(super) fn handle(&self, args: &[Word<'t>]) -> Option<Text<'t>> {
        let is_handle = |it: &&Word<'t>| match it.text.only_symbol() {
            Some(Symbol::Resource(id)) => {
                let resource = self.scenario.template().resource(id);
                resource.is_some_and(|it| it.type_name() == "AWS::CloudFormation::WaitConditionHandle")
            }
            _ => false,
        };
        args.iter().find(is_handle).map(|it| it.text.clone())
    }

    pub(super) fn has_no_upstart(&self) -> bool {
        matches!(
            self.image.family,
            Some(ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023 | ImageFamily::Ubuntu)
        )
    }
}

/// Notes what a command does to packages.
pub(super) fn change_packages<'t>(base: &str, args: &[Word<'t>], state: &mut State<'t>) {
    let Some(change) = software::change(base, args) else { return };
    // What is asked for is not done for certain.
    let left = state.left;
    if !change.sure {
        state.unsure();
    }
    for word in change.packages {
        let package = word.text.as_str().to_owned();
        let does = if change.removes { Does::Removes { package } } else { Does::Installs { package } };
        state.step(word.place, does);
    }
    state.left = left;
}
