//! Scripts that scripts run: functions, files, shells, and programs that run another one.

use std::rc::Rc;

use super::is_name;
use crate::boot::machine::Machine;
use crate::boot::software;
use crate::boot::state::{Alive, Function, State, Status, Value};
use crate::boot::words::Word;
use crate::model::ImageFamily;
use crate::resolve::Text;
use crate::text::Span;

impl<'t> Machine<'_, '_, 't> {
    pub(super) fn call(
        &mut self,
        function: &Function<'t>,
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
    pub(super) fn written(
        &mut self,
        path: &Word<'t>,
        args: &[Word<'t>],
        state: &mut State<'t>,
    ) -> Option<Text<'t>> {
        let name = state.path_of(path)?;
        state.files.get(&name)?;
        let text = self.read(path, state);
        if !is_shell(text.as_str()) {
            return None;
        }
        let args = args.iter().map(|it| it.text.clone()).collect();
        // One that nobody made executable is not run.
        let left = state.left;
        if !state.executable.contains(&name) {
            state.unsure();
        }
        let out = self.script_with(&text, Some(args), state);
        state.left = left;
        Some(out)
    }

    /// `bash`, `bash -c TEXT`, `bash FILE`, `bash <<EOF`.
    pub(super) fn shell(
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

    /// What `/etc/os-release` sets on images that are known.
    pub(super) fn set_os_release(&self, path: &Word<'t>, state: &mut State<'t>) {
        if !matches!(path.known(), Some("/etc/os-release" | "/usr/lib/os-release")) {
            return;
        }
        let (id, version) = match self.image.family {
            Some(ImageFamily::AmazonLinux2) => ("amzn", "2"),
            Some(ImageFamily::AmazonLinux2023) => ("amzn", "2023"),
            _ => return,
        };
        let near = path.place.map_or(Span::at(0), |it| it.span);
        for (name, value) in [("ID", id), ("VERSION_ID", version)] {
            state.variables.insert(name.to_owned(), Value::Text(Text::decoded(value, near)));
        }
    }

    /// `sudo -u root CMD`, `env A=b CMD`, `timeout 5 CMD` ...
    pub(super) fn wrapped(
        &mut self,
        script: &Rc<Text<'t>>,
        wrapper: &str,
        args: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
        name: &Word<'t>,
    ) -> Text<'t> {
        // `command -v NAME` asks, and runs nothing.
        let asks = |it: &&Word<'t>| matches!(it.text.as_str(), "-v" | "-V");
        if wrapper == "command" && args.first().is_some_and(|it| asks(&it)) {
            let unknown = || Status::Of { command: "command -v".to_owned(), place: name.place };
            state.status = software::asked(args, self.image, state).unwrap_or_else(unknown);
            return crate::boot::machine::printed(name);
        }
        let (mut rest, mut set, mut other_user) = (args, Vec::new(), false);
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
            // Another user may not write where the agent reads.
            other_user |= raw == "-u"
                && wrapper == "sudo"
                && after.first().is_some_and(|it| it.known() != Some("root"));
            if with_value {
                rest = after.split_first().map_or(after, |it| it.1);
            } else if raw.starts_with('-') {
                rest = after;
            } else if assigns && matches!(wrapper, "env" | "sudo") {
                let start = raw.find('=').map_or(0, |it| it + 1);
                let value = Value::Text(first.text.slice(start..raw.len()));
                set.push((raw[..start - 1].to_owned(), value));
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
                "env" => crate::boot::machine::printed(name),
                _ => Text::default(),
            };
        }
        // Each wrapper takes its room on the stack.
        self.depth += 1;
        // `timeout` comes back whatever happens.
        let detached = state.detached;
        let detaches =
            wrapper == "setsid" && args.iter().any(|it| matches!(it.text.as_str(), "-f" | "--fork"));
        state.detached |= wrapper == "timeout" || detaches;
        let left = state.left;
        if other_user {
            state.unsure();
        }
        // What is set for the command is gone behind it.
        let before: Vec<_> =
            set.iter().map(|(key, _)| (key.clone(), state.variables.get(key).cloned())).collect();
        state.variables.extend(set);
        let out = if self.too_deep(state) { Text::default() } else { self.run(script, rest, state, stdin) };
        restore(before, state);
        state.left = left;
        state.detached = detached;
        self.depth -= 1;
        if wrapper == "exec" && state.runs() {
            // Another program is in the place of the shell: its traps are gone.
            state.traps.clear();
            state.alive = Alive::Ended;
        }
        out
    }
}

/// Puts variables back that were set for one command.
pub(in crate::boot) fn restore<'t>(before: Vec<(String, Option<Value<'t>>)>, state: &mut State<'t>) {
    for (key, value) in before {
        match value {
            Some(value) => state.variables.insert(key, value),
            None => state.variables.remove(&key),
        };
    }
}

/// Whether a file is a script for a shell.
pub(in crate::boot) fn is_shell(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let shell = |it: &str| matches!(it, "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh");
    !first.starts_with("#!") || first.split(['/', ' ', '\r']).any(shell)
}
