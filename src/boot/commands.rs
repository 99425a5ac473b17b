//! What commands do to the state.
//!
//! A command of the tables does what they say; a program that is not in them may do anything.

mod print;
mod sed;
mod tables;

use std::rc::Rc;

use self::print::{echo, joined, printf};
use self::tables::{is_harmless, is_of_the_system, is_wrapper};

use super::AGENT_CONFIG;
use super::branches::join;
use super::conditions::Truth;
use super::files::Chunk;
use super::machine::{Machine, printed, truth_status};
use super::signal::{self, Signal};
use super::software::{self, MissingHelper, Start};
use super::state::{Alive, State, Status, Value};
use super::steps::Does;
use super::words::Word;
use crate::model::{Answer, ImageFamily};
use crate::resolve::{Place, Symbol, Text};
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
                printf(args, name)
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
                // What it reads is not followed.
                for word in args {
                    if let Some(name) = word.known().filter(|it| is_name(it)) {
                        state.variables.insert(name.to_owned(), Value::Text(printed(word)));
                    }
                }
                state.status = of;
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
                        // Files of the system only set variables.
                        let system =
                            path.known().is_some_and(|it| it.starts_with("/etc/") || it.contains("profile"));
                        state.anything |= !system;
                        state.sourced = true;
                        state.status = of;
                        return silent;
                    }
                    self.inline(&text, state, stdin)
                }
                None => silent,
            },
            "bash" | "sh" | "dash" | "ash" | "zsh" => self.shell(args, state, stdin, name),
            "su" | "runuser" => {
                let command = args.iter().position(|it| matches!(it.text.as_str(), "-c" | "--command"));
                match command.and_then(|it| args.get(it + 1)) {
                    Some(script) => self.script(&script.text, state),
                    None => self.anything(name, state),
                }
            }
            "exec" if args.is_empty() => {
                state.status = Status::Known(0);
                silent
            }
            wrapper if is_wrapper(wrapper) => self.wrapped(script, wrapper, args, state, stdin, name),
            "xargs" => self.anything(name, state),
            "cfn-signal" => {
                let mut signal = signal::cfn_signal(place, args);
                signal.absent = self.is_missing(&known, place, state);
                let refused = signal.problems.iter().any(|(it, _)| it.is_fatal());
                state.status = match (signal.absent, refused && !signal.unclear) {
                    (true, _) => Status::Known(127),
                    (_, true) => Status::Known(2),
                    _ => of,
                };
                push_signal(signal, state);
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
                let fails = existing && !parents && self.image.ecs == Answer::Yes;
                state.status = if fails { Status::Known(1) } else { of };
                silent
            }
            "start" if self.has_no_upstart() => {
                state.status = Status::Known(127);
                silent
            }
            "rm" | "mv" | "cp" | "rsync" | "sed" | "truncate" | "ln" | "install" | "touch" => {
                self.touch(&base, words, state, place);
                state.status = of;
                // As a filter it prints what it was given, edited.
                if base == "sed" { printed(name) } else { silent }
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
            "curl" | "wget" | "aws" | "tar" | "unzip" => {
                download(words, state);
                state.status = of;
                printed(name)
            }
            "export" | "local" | "readonly" | "declare" => {
                state.status = Status::Known(0);
                silent
            }
            harmless if is_harmless(harmless) && is_of_the_system(&known) => {
                state.status = of;
                for package in software::installs(harmless, args).into_iter().flatten() {
                    state.step(package.place, Does::Installs { package: package.text.as_str().to_owned() });
                }
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

    /// Whether a helper that is called is not there, which is noted.
    fn is_missing(&self, path: &str, place: Option<Place>, state: &mut State<'t>) -> bool {
        let Some(why) = software::missing(path, self.image, state) else { return false };
        let program = path.rsplit('/').next().unwrap_or(path).to_owned();
        let missing = MissingHelper { program, place, why };
        if !state.missing.contains(&missing) {
            state.missing.push(missing);
        }
        true
    }

    /// Starts services. The agent of Amazon Linux waits for the end of the user data
    /// ([installing the agent](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-install.html)):
    /// a command that waits for the agent never comes back.
    pub(super) fn start(&self, start: Start, place: Option<Place>, state: &mut State<'t>) {
        let systemd =
            matches!(self.image.family, Some(ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023));
        let blocks = start.blocks && !state.detached;
        for service in start.services {
            let waits = service == "ecs" && blocks && systemd;
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
    fn agent_container(&mut self, args: &[Word<'t>], place: Option<Place>, state: &mut State<'t>) {
        state.step(place, Does::Installs { package: "amazon-ecs-agent".to_owned() });
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let raw = arg.text.as_str();
            let line = match raw {
                "-e" | "--env" => args.next().map(|it| it.text.clone()),
                _ => raw.strip_prefix("--env=").map(|it| arg.text.slice(raw.len() - it.len()..raw.len())),
            };
            let Some(mut line) = line else { continue };
            line.push(&Text::decoded("\n", Span::at(0)));
            let chunk = Chunk { text: line, certain: state.certain(), path: place, command: place };
            state.write_file(AGENT_CONFIG, chunk, true);
        }
    }

    /// `dd of=FILE`, which writes what it reads.
    fn dd(&mut self, args: &[Word<'t>], state: &mut State<'t>, stdin: &Text<'t>, place: Option<Place>) {
        let file = |name: &str| {
            args.iter()
                .find(|it| it.text.as_str().starts_with(name))
                .map(|it| Word { text: it.text.slice(name.len()..it.text.len()), ..it.clone() })
        };
        let Some(to) = file("of=") else { return };
        match file("if=") {
            Some(_) => state.doubt(&to),
            None => self.write(&to, stdin.clone(), false, place, state),
        }
    }

    /// A program that is in no table.
    fn program(&mut self, name: &Word<'t>, status: Status, state: &mut State<'t>) -> Text<'t> {
        let res = self.anything(name, state);
        state.status = status;
        res
    }

    /// `trap BODY SIGNALS`.
    fn trap_command(&mut self, args: &[Word<'t>], state: &mut State<'t>) {
        let mut args = args.iter().filter(|it| it.text.as_str() != "--");
        let Some(body) = args.next() else { return };
        state.status = Status::Known(0);
        for name in args {
            let name = name.text.as_str().trim_start_matches("SIG").to_uppercase();
            let name = if name == "0" { "EXIT".to_owned() } else { name };
            if matches!(body.text.as_str(), "-" | "") {
                state.traps.remove(&name);
                continue;
            }
            if name == "ERR" {
                // Any command from here on may fail: what is done then is done on some path.
                let mut failing = self.fork(state);
                failing.status = Status::Unknown;
                self.inline(&body.text, &mut failing, &Text::default());
                failing.alive = Alive::Failed;
                join(state, failing);
            }
            state.traps.insert(name, (body.text.clone(), true));
        }
    }

    /// Whether `grep` finds something, where the texts decide it.
    fn grep(&self, args: &[Word<'t>], state: &State<'t>, stdin: &Text<'t>) -> Truth {
        let plain: Vec<_> = args.iter().filter(|it| !it.text.as_str().starts_with('-')).collect();
        if let (Some(Symbol::Packages), [pattern]) = (stdin.only_symbol(), plain.as_slice()) {
            return self.lists(pattern, state);
        }
        let flags: String = args.iter().map(|it| it.text.as_str()).filter(|it| it.starts_with('-')).collect();
        let text = match plain.as_slice() {
            [_] => stdin.clone(),
            [_, file] => self.read(file, state),
            _ => return Truth::Unknown,
        };
        let (Some(pattern), Some(text)) = (plain[0].known(), text.known()) else { return Truth::Unknown };
        let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
        let literal = pattern.bytes().all(|it| it.is_ascii_alphanumeric() || b"_=/-: ".contains(&it));
        if flags.contains(['v', 'e', 'f', 'c', 'L']) {
            return Truth::Unknown;
        }
        if !text.contains(pattern) && (literal || text.is_empty()) && !flags.contains('i') {
            return Truth::No;
        }
        let plain_pattern = plain[0].known() == Some(pattern) && literal && !flags.contains(['w', 'x']);
        if plain_pattern && text.contains(pattern) { Truth::Yes } else { Truth::Unknown }
    }

    /// Whether a package is among those that the instance has.
    fn lists(&self, pattern: &Word<'t>, state: &State<'t>) -> Truth {
        if pattern.known() != Some(software::HELPERS) {
            return Truth::Unknown;
        }
        match software::listed(self.image, state) {
            Answer::Yes => Truth::Yes,
            Answer::Unknown => Truth::Unknown,
            Answer::No => Truth::No,
        }
    }

    fn call(
        &mut self,
        function: &super::state::Function<'t>,
        args: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let args = Some(args.iter().map(|it| it.text.clone()).collect());
        let before = std::mem::replace(&mut state.args, args);
        let out = self.body(function, state, stdin);
        state.args = before;
        out
    }

    /// A script that the boot has written, run by its path; `None` when it is none of those.
    fn written(&mut self, path: &Word<'t>, args: &[Word<'t>], state: &mut State<'t>) -> Option<Text<'t>> {
        let name = state.path_of(path)?;
        state.files.get(&name)?;
        let text = self.read(path, state);
        if !is_shell(text.as_str()) {
            return None;
        }
        let args = args.iter().map(|it| it.text.clone()).collect();
        Some(self.script_with(&text, Some(args), state))
    }

    /// `bash`, `bash -c TEXT`, `bash FILE`, `bash <<EOF`.
    fn shell(
        &mut self,
        args: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
        name: &Word<'t>,
    ) -> Text<'t> {
        let errexit = state.errexit;
        let options: Vec<_> = args.iter().take_while(|it| it.text.as_str().starts_with('-')).collect();
        let has = |flag: char| {
            options.iter().any(|it| !it.text.as_str().starts_with("--") && it.text.as_str().contains(flag))
        };
        let rest = &args[options.len()..];
        // Behind the script stands its name, then its arguments.
        let skipped = if has('c') { 2 } else { 1 };
        let script_args = rest.iter().skip(skipped).map(|it| it.text.clone()).collect();
        let text = if has('c') {
            match rest.first() {
                Some(text) => text.text.clone(),
                None => return self.anything(name, state),
            }
        } else if let Some(path) = rest.first() {
            self.read(path, state)
        } else {
            stdin.clone()
        };
        if text.only_symbol().is_some() || text.is_empty() {
            return self.anything(name, state);
        }
        let prefix = if has('e') { "set -e\n" } else { "" };
        let mut whole = Text::decoded(prefix, Span::at(0));
        whole.push(&text);
        let out = self.script_with(&whole, Some(script_args), state);
        state.errexit = errexit;
        out
    }

    /// `sudo -u root CMD`, `env A=b CMD`, `timeout 5 CMD` ...
    fn wrapped(
        &mut self,
        script: &Rc<Text<'t>>,
        wrapper: &str,
        args: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
        name: &Word<'t>,
    ) -> Text<'t> {
        let mut rest = args;
        while let Some((first, after)) = rest.split_first() {
            let raw = first.text.as_str();
            let with_value = matches!(
                (wrapper, raw),
                ("sudo", "-u" | "-g" | "-h" | "-p" | "-C")
                    | ("timeout", "-s" | "-k")
                    | ("nice" | "ionice", "-n" | "-c")
                    | ("env", "-u")
            );
            let assigns = !raw.starts_with('-') && raw.split_once('=').is_some_and(|it| is_name(it.0));
            if with_value {
                rest = after.split_first().map_or(after, |it| it.1);
            } else if raw.starts_with('-') {
                rest = after;
            } else if assigns && matches!(wrapper, "env" | "sudo") {
                let start = raw.find('=').map_or(0, |it| it + 1);
                let value = Value::Text(first.text.slice(start..raw.len()));
                state.variables.insert(raw[..start - 1].to_owned(), value);
                rest = after;
            } else {
                break;
            }
        }
        // `cloud-init-per once NAME CMD`
        if wrapper == "cloud-init-per" {
            rest = rest.get(2..).unwrap_or_default();
        }
        if wrapper == "timeout" {
            rest = rest.split_first().map_or(rest, |it| it.1);
        }
        if rest.is_empty() {
            state.status = Status::Of { command: wrapper.to_owned(), place: name.place };
            // `sudo -i`, `sudo su`: a shell that reads what comes.
            return match wrapper {
                "sudo" => self.anything(name, state),
                "env" => printed(name),
                _ => Text::default(),
            };
        }
        // Each wrapper takes its room on the stack.
        self.depth += 1;
        // `timeout` comes back whatever happens.
        let detached = state.detached;
        state.detached |= wrapper == "timeout";
        let out = if self.too_deep(state) { Text::default() } else { self.run(script, rest, state, stdin) };
        state.detached = detached;
        self.depth -= 1;
        if wrapper == "exec" && state.runs() {
            state.alive = Alive::Ended;
        }
        out
    }

    /// Programs that change files in place or copy them.
    fn touch(&mut self, base: &str, words: &[Word<'t>], state: &mut State<'t>, place: Option<Place>) {
        let args: Vec<_> = words[1..].iter().filter(|it| !it.text.as_str().starts_with('-')).collect();
        match (base, args.as_slice()) {
            ("touch", _) => {}
            ("ln", [from, _]) if from.known().is_some_and(|it| it.trim_end_matches('/') == "/etc/ecs") => {
                // The folder has another name from here on.
                state.anything = true;
            }
            ("cp" | "mv" | "install" | "ln", [from, to]) => {
                let text = self.read(from, state);
                let mut target = (*to).clone();
                let folder = target.known().filter(|it| it.ends_with('/') || *it == "/etc/ecs" || *it == ".");
                if let (Some(folder), Some(from)) = (folder, from.known()) {
                    let file = from.rsplit('/').next().unwrap_or(from);
                    let path = format!("{}/{file}", folder.trim_end_matches('/'));
                    target.text = Text::decoded(&path, target.place.map_or(Span::at(0), |it| it.span));
                }
                let unknown = text.only_symbol().is_some();
                self.write(&target, text, false, place, state);
                if unknown {
                    state.doubt(to);
                }
            }
            ("cp" | "mv" | "install" | "ln", [.., to]) => state.doubt(to),
            ("sed", _) => {
                let in_place = words.iter().any(|it| {
                    it.text.as_str().starts_with("-i") || it.text.as_str().starts_with("--in-place")
                });
                if in_place {
                    self.edit(words, state, place);
                }
            }
            ("rm", paths) => {
                for path in paths {
                    let Some(name) = state.path_of(path) else { continue };
                    if state.certain() {
                        state.files.remove(&name);
                    } else {
                        state.doubt(path);
                    }
                }
            }
            _ => {
                for path in args {
                    state.doubt(path);
                }
            }
        }
    }

    fn has_no_upstart(&self) -> bool {
        matches!(
            self.image.family,
            Some(ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023 | ImageFamily::Ubuntu)
        )
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

/// Notes a signal.
fn push_signal<'t>(signal: Signal<'t>, state: &mut State<'t>) {
    let target = signal.resource.as_ref().or(signal.url.as_ref()).map(Text::display).unwrap_or_default();
    state.step(signal.command, Does::Signals { target });
    let (certain, trapped, errexit) = (state.certain(), state.trapped, state.errexit);
    state.signals.push(Signal { certain, trapped, errexit, ..signal });
}

/// `rpm -qa`
fn queries_all(args: &[Word<'_>]) -> bool {
    let flags: Vec<&str> = args.iter().map(|it| it.text.as_str()).collect();
    let has = |letter: char| flags.iter().any(|it| it.contains(letter));
    flags.iter().all(|it| it.starts_with('-')) && (has('a') && has('q') || flags == ["--query", "--all"])
}

/// Whether a file is a script for a shell.
fn is_shell(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    !first.starts_with("#!") || first.split(['/', ' ']).any(|it| matches!(it, "sh" | "bash" | "dash"))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

fn is_signal_resource(args: &[Word<'_>]) -> bool {
    let at = |name: &str| args.iter().position(|it| it.text.as_str() == name);
    matches!((at("cloudformation"), at("signal-resource")), (Some(service), Some(call)) if service < call)
}

fn set<'t>(args: &[Word<'t>], state: &mut State<'t>) {
    let mut named = None;
    for (idx, word) in args.iter().enumerate() {
        let raw = word.text.as_str();
        if let Some(on) = named.take() {
            if raw == "errexit" {
                state.errexit = on;
            }
            continue;
        }
        // `set -- a b`
        if raw == "--" {
            let rest = args.iter().skip(idx + 1);
            let known = rest.clone().all(|it| it.quoted || it.is_one_word());
            state.args = known.then(|| rest.map(|it| it.text.clone()).collect());
            break;
        }
        let on = raw.starts_with('-');
        if !on && !raw.starts_with('+') {
            break;
        }
        if raw[1..].contains('e') {
            state.errexit = on;
        }
        named = raw[1..].ends_with('o').then_some(on);
    }
    state.status = Status::Known(0);
}

/// What a download writes is not known; to a file of the agent it may be all that it needs.
fn download<'t>(words: &[Word<'t>], state: &mut State<'t>) {
    for word in &words[1..] {
        // `--output=FILE`
        let raw = word.text.as_str();
        let start = raw.rfind('=').map_or(0, |it| it + 1);
        state.doubt(&Word { text: word.text.slice(start..raw.len()), ..word.clone() });
    }
    // An archive brings whole folders.
    let unpacks = matches!(words[0].text.as_str(), "tar" | "unzip");
    let above = |it: &Word<'_>| matches!(it.known(), Some("/" | "/etc" | "/etc/"));
    if state.folder.as_deref() == Some("/etc/ecs") || (unpacks && words.iter().any(above)) {
        let here = Text::decoded(AGENT_CONFIG, Span::at(0));
        state.doubt(&Word { text: here, ..words[0].clone() });
    }
}
