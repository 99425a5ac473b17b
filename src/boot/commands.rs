//! What commands do to the state.
//!
//! A command of the tables does what they say; a program that is not in them may do anything.

mod ask;
mod builtins;
mod files;
mod print;
mod read;
pub(super) mod scripts;
mod sed;
mod services;
mod tables;
mod xargs;

use std::rc::Rc;

use self::builtins::set;
use self::files::download;
use self::print::{echo, joined, numbers, printf};
use self::services::change_packages;
use self::tables::{is_harmless, is_of_the_system, is_wrapper};

use super::machine::{Machine, printed, truth_status};
use super::signal::{self, ExitCode, Signal};
use super::software::{self};
use super::state::{Alive, State, Status, Value};
use super::steps::Does;
use super::words::Word;
use crate::model::Answer;
use crate::resolve::{Symbol, Text};
use crate::text::Span;

impl<'t> Machine<'_, '_, 't> {
    /// Runs a command: `words` are its name and arguments. Gives what it prints.
    pub(super) fn run(
        &mut self,
        script: &Rc<Text<'t>>,
        words: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let out = self.dispatch(script, words, state, stdin);
        self.passes_on(stdin, &out);
        state.last = words.first().map(|it| (it.text.display(), it.place));
        out
    }

    fn dispatch(
        &mut self,
        script: &Rc<Text<'t>>,
        words: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let Some((name, args)) = words.split_first() else { return Text::default() };
        let place = name.place;
        let Some(known) = name.known().map(str::to_owned) else {
            // A variable may name any program.
            return self.anything(name, state);
        };
        if let Some(function) = state.functions.get(&known).cloned() {
            return self.call(&function, args, state, stdin);
        }
        // Whoever touches the unit may have changed what it waits for.
        state.own_unit |= words.iter().any(|it| it.text.as_str().contains("/ecs.service"));
        let base = known.rsplit('/').next().unwrap_or(&known).trim_end_matches(".exe").to_owned();
        let silent = Text::default();
        let of = Status::Of { command: base.clone(), place };
        match base.as_str() {
            "echo" => {
                state.status = Status::Known(0);
                echo(args, name)
            }
            "printf" => {
                state.status = Status::Known(0);
                match args {
                    [option, variable, rest @ ..] if option.text.as_str() == "-v" => {
                        let text = printf(rest, name);
                        state.variables.insert(variable.text.as_str().to_owned(), Value::Text(text));
                        silent
                    }
                    _ => printf(args, name),
                }
            }
            ":" | "true" => {
                state.status = Status::Known(0);
                silent
            }
            "false" => {
                state.status = Status::Known(1);
                silent
            }
            "cat" => {
                state.status = of;
                let files: Vec<_> = args.iter().filter(|it| !it.text.as_str().starts_with('-')).collect();
                match files.as_slice() {
                    [] => stdin.clone(),
                    [file] => self.read(file, state),
                    _ => printed(name),
                }
            }
            "tee" => {
                state.status = of;
                let append =
                    args.iter().any(|it| matches!(it.text.as_str(), "-a" | "--append" | "-ai" | "-ia"));
                for path in args.iter().filter(|it| !it.text.as_str().starts_with('-')) {
                    self.write(path, stdin.clone(), append, place, state);
                }
                stdin.clone()
            }
            "[" | "test" => {
                let words = match args.split_last() {
                    Some((last, rest)) if base == "[" && last.text.as_str() == "]" => rest,
                    _ => args,
                };
                state.status = truth_status(self.test(words, state), &base, place);
                silent
            }
            "grep" | "egrep" | "fgrep" => {
                state.status = truth_status(self.grep(args, state, stdin), &base, place);
                printed(name)
            }
            "cd" | "pushd" => {
                state.folder = match args {
                    [] => Some("/root".to_owned()),
                    [folder] => state.path_of(folder),
                    _ => None,
                };
                state.status = Status::Of { command: base, place };
                silent
            }
            "shift" => {
                let rest = state.args.as_ref().map(|it| it.iter().skip(1).cloned().collect());
                state.args = rest.filter(|_| args.is_empty());
                state.status = Status::Known(0);
                silent
            }
            "read" => {
                if self.read_line(args, state, stdin).is_none() {
                    state.status = of;
                }
                silent
            }
            "set" => {
                set(args, state);
                silent
            }
            "unset" => {
                for word in args {
                    if let Some(name) = word.known() {
                        let empty = Text::default();
                        state.variables.insert(name.to_owned(), Value::Text(empty));
                    }
                }
                state.status = Status::Known(0);
                silent
            }
            "trap" => {
                self.trap_command(args, state);
                silent
            }
            "eval" => {
                let text = joined(args);
                self.inline(&text, state, stdin)
            }
            "." | "source" => match args.first() {
                Some(path) => {
                    let text = self.read(path, state);
                    if text.only_symbol().is_some() {
                        self.set_os_release(path, state);
                        // Files of the system only set variables.
                        let system =
                            path.known().is_some_and(|it| it.starts_with("/etc/") || it.contains("profile"));
                        state.anything |= !system;
                        state.sourced = true;
                        state.status = of;
                        return silent;
                    }
                    let in_function = std::mem::replace(&mut state.in_function, true);
                    let out = self.inline(&text, state, stdin);
                    state.in_function = in_function;
                    out
                }
                None => silent,
            },
            "bash" | "sh" | "dash" | "ash" | "zsh" => self.shell(args, state, stdin, name),
            "su" | "runuser" => {
                let command = args.iter().position(|it| matches!(it.text.as_str(), "-c" | "--command"));
                match command.and_then(|it| args.get(it + 1)) {
                    Some(script) if is_root(args) => self.script(&script.text, state),
                    // Another user may not write where the agent reads.
                    Some(_) | None => self.anything(name, state),
                }
            }
            "exec" if args.is_empty() => {
                state.status = Status::Known(0);
                silent
            }
            wrapper if is_wrapper(wrapper) => self.wrapped(script, wrapper, args, state, stdin, name),
            "xargs" => self.xargs(script, args, state, stdin, name),
            "cfn-signal" => {
                let mut signal = signal::cfn_signal(place, args);
                signal.absent = self.is_missing(&known, place, state);
                let refused = signal.problems.iter().any(|(it, _)| it.is_fatal());
                state.status = match (signal.absent, refused && !signal.unclear) {
                    (true, _) => Status::Known(127),
                    (_, true) => Status::Known(2),
                    _ => of,
                };
                // Where only the instance can tell whether the helper is there, so it is with the signal.
                let left = state.left;
                if !signal.absent && self.may_be_missing(state) {
                    state.unsure();
                }
                push_signal(signal, state);
                state.left = left;
                silent
            }
            "aws" if is_signal_resource(args) => {
                push_signal(signal::signal_resource(place, args), state);
                state.status = of;
                silent
            }
            "cfn-init" => {
                if self.is_missing(&known, place, state) {
                    state.status = Status::Known(127);
                } else {
                    state.status = self.cfn_init(args, place, state).unwrap_or(of);
                }
                silent
            }
            "mkdir" => {
                let existing = args
                    .iter()
                    .any(|it| matches!(it.text.known().map(|it| it.trim_end_matches('/')), Some("/etc/ecs")));
                let parents = args.iter().any(|it| {
                    let raw = it.text.as_str();
                    raw == "--parents"
                        || (raw.starts_with('-') && !raw.starts_with("--") && raw.contains('p'))
                });
                // The folder is on every ECS image.
                let gone = state.files.get("/etc/ecs").is_some_and(|it| it.gone);
                if existing && gone {
                    state.files.remove("/etc/ecs");
                }
                let fails = existing && !gone && !parents && self.image.ecs == Answer::Yes;
                state.status = if fails { Status::Known(1) } else { of };
                silent
            }
            "start" | "stop" | "restart" if self.has_no_upstart() => {
                state.status = Status::Known(127);
                silent
            }
            "rm" | "mv" | "cp" | "rsync" | "sed" | "truncate" | "ln" | "install" | "touch" => {
                self.touch(&base, words, state, place);
                state.status = of;
                // As a filter it prints what it was given, edited.
                if base == "sed" { printed(name) } else { silent }
            }
            "seq" => {
                state.status = Status::Known(0);
                numbers(args, name).unwrap_or_else(|| printed(name))
            }
            "mktemp" => {
                self.n_temporary += 1;
                state.status = Status::Known(0);
                let path = format!("/tmp/tmp.{}", self.n_temporary);
                Text::decoded(&path, place.map_or(Span::at(0), |it| it.span))
            }
            "chmod" => {
                // Whatever mode it is: most make it executable.
                let paths: Vec<_> = args.iter().filter_map(|it| state.path_of(it)).collect();
                state.executable.extend(paths);
                state.status = of;
                silent
            }
            "dd" => {
                self.dd(args, state, stdin, place);
                state.status = of;
                silent
            }
            "shutdown" | "halt" | "poweroff" if !args.iter().any(|it| it.text.as_str() == "-r") => {
                state.stopped = true;
                state.status = of;
                silent
            }
            // A folder by another name, or another file in its place.
            "mount" if args.iter().any(|it| it.text.as_str().starts_with("/etc/ecs")) => {
                self.anything(name, state)
            }
            "docker" if args.iter().any(|it| it.text.as_str().contains("/etc/ecs")) => {
                self.anything(name, state)
            }
            "crontab" | "at" | "batch" if is_of_the_boot(stdin.as_str()) => self.anything(name, state),
            "rpm" if queries_all(args) => {
                state.status = of;
                Text::symbol(Symbol::Packages, name.place.map_or(Span::at(0), |it| it.span))
            }
            "docker" if args.iter().any(|it| it.text.as_str().contains("amazon-ecs-agent")) => {
                self.agent_container(args, place, state);
                state.status = of;
                printed(name)
            }
            // What `-exec` runs is not followed.
            "find" if args.iter().any(|it| it.text.as_str().starts_with("-exec")) => {
                self.anything(name, state)
            }
            "curl" | "wget" if self.handle(args).is_some() => {
                let url = self.handle(args);
                push_signal(Signal { url, ..signal::by_hand(place) }, state);
                state.status = of;
                printed(name)
            }
            "curl" | "wget" | "aws" | "tar" | "unzip" => {
                self.ask(name, args);
                download(words, state);
                state.status = of;
                printed(name)
            }
            "export" | "local" | "readonly" | "declare" => {
                state.status = Status::Known(0);
                silent
            }
            manager if software::lacks_manager(manager, self.image) => {
                state.status = Status::Known(127);
                silent
            }
            "systemctl" if args.first().is_some_and(|it| it.text.as_str().starts_with("is-")) => {
                state.status = Status::Of { command: "systemctl is-".to_owned(), place };
                silent
            }
            "rpm" | "dpkg"
                if args.first().is_some_and(|it| matches!(it.text.as_str(), "-q" | "-s" | "--query")) =>
            {
                let unknown = || Status::Of { command: "rpm -q".to_owned(), place };
                state.status = software::asked(args, self.image, state).unwrap_or_else(unknown);
                printed(name)
            }
            "which" | "type" | "hash" => {
                state.status = software::asked(args, self.image, state).unwrap_or(of);
                printed(name)
            }
            harmless if is_harmless(harmless) && is_of_the_system(&known) => {
                state.status = of;
                change_packages(harmless, args, state);
                if let Some(start) = software::starts(&known, harmless, args) {
                    self.start(start, place, state);
                }
                state.stopped |= software::stops_agent(harmless, args);
                printed(name)
            }
            _ if known.contains('/') => match self.written(name, args, state) {
                Some(out) => out,
                None => self.program(name, of, state),
            },
            _ => self.program(name, of, state),
        }
    }

    /// A program that is in no table.
    fn program(&mut self, name: &Word<'t>, status: Status, state: &mut State<'t>) -> Text<'t> {
        let res = self.anything(name, state);
        state.status = status;
        res
    }

    /// A program that may do anything.
    fn anything(&self, name: &Word<'t>, state: &mut State<'t>) -> Text<'t> {
        state.anything = true;
        state.step(name.place, Does::MayDoAnything { program: name.text.display() });
        state.status = Status::Of { command: name.text.display(), place: name.place };
        printed(name)
    }
}

/// Whether a text that another program will run joins or signals.
pub(super) fn is_of_the_boot(text: &str) -> bool {
    text.contains("cfn-signal") || text.contains("signal-resource") || text.contains("ECS_CLUSTER")
}

/// Whether `su` stays with root.
fn is_root(args: &[Word<'_>]) -> bool {
    let mut users = args.iter().take_while(|it| !matches!(it.text.as_str(), "-c" | "--command"));
    users.all(|it| it.text.as_str().starts_with('-') || it.known() == Some("root"))
}

/// Notes a signal.
fn push_signal<'t>(mut signal: Signal<'t>, state: &mut State<'t>) {
    let target = signal.resource.as_ref().or(signal.url.as_ref()).map(Text::display).unwrap_or_default();
    state.step(signal.command, Does::Signals { target });
    // Where the paths that have ended have told something, this one tells the rest.
    let told = state.alive == Alive::Maybe && !state.untold && state.left.is_none();
    let other = |it: &&Signal<'_>| it.resource == signal.resource && it.url == signal.url;
    if told && state.signals.iter().find(other).is_some_and(|it| it.exit_code != signal.exit_code) {
        signal.exit_code = ExitCode::Unknown(None);
    }
    let (certain, trapped, errexit) = (state.certain() || told, state.trapped, state.errexit);
    let guarded = state.guarded || state.handled || state.detached;
    state.signals.push(Signal { certain, trapped, errexit, guarded, ..signal });
}

/// `rpm -qa`
fn queries_all(args: &[Word<'_>]) -> bool {
    let flags: Vec<&str> = args.iter().map(|it| it.text.as_str()).collect();
    let has = |letter: char| flags.iter().any(|it| it.contains(letter));
    flags.iter().all(|it| it.starts_with('-')) && (has('a') && has('q') || flags == ["--query", "--all"])
}

fn is_signal_resource(args: &[Word<'_>]) -> bool {
    let at = |name: &str| args.iter().position(|it| it.text.as_str() == name);
    matches!((at("cloudformation"), at("signal-resource")), (Some(service), Some(call)) if service < call)
}

/// Whether a word may be the name of a variable.
fn is_name(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
}
