//! What commands do to the state.
//!
//! A command of the tables does what they say; a program that is not in them may do anything.

use std::rc::Rc;

use super::machine::Machine;
use super::signal;
use super::state::{Alive, State, Status, Value};
use super::words::Word;
use crate::model::{Answer, ImageFamily};
use crate::resolve::{Symbol, Text};
use crate::text::Span;

/// Programs of base systems and of the ECS images that touch no file of the agent.
const HARMLESS: &[&str] = &[
    "[",
    "adduser",
    "alternatives",
    "amazon-linux-extras",
    "apk",
    "apt",
    "apt-get",
    "arch",
    "awk",
    "base64",
    "basename",
    "blkid",
    "blockdev",
    "cd",
    "chattr",
    "chgrp",
    "chkconfig",
    "chmod",
    "chown",
    "clear",
    "cloud-init",
    "cp",
    "crontab",
    "curl",
    "cut",
    "date",
    "dd",
    "declare",
    "df",
    "diff",
    "dig",
    "dirname",
    "disown",
    "dmesg",
    "dnf",
    "docker",
    "docker-storage-setup",
    "dos2unix",
    "dpkg",
    "du",
    "easy_install",
    "easy_install-3",
    "egrep",
    "eval",
    "expr",
    "false",
    "fdisk",
    "fgrep",
    "file",
    "find",
    "findmnt",
    "free",
    "fsck",
    "getenforce",
    "getent",
    "git",
    "gpasswd",
    "gpg",
    "grep",
    "groupadd",
    "growpart",
    "gunzip",
    "gzip",
    "halt",
    "hash",
    "head",
    "host",
    "hostname",
    "hostnamectl",
    "id",
    "initctl",
    "insmod",
    "install",
    "ip",
    "ip6tables",
    "iptables",
    "iptables-save",
    "jobs",
    "jq",
    "kill",
    "killall",
    "ldconfig",
    "let",
    "ln",
    "local",
    "locale-gen",
    "logger",
    "logrotate",
    "ls",
    "lsblk",
    "lsmod",
    "lvcreate",
    "lvextend",
    "lvs",
    "make",
    "md5sum",
    "mkdir",
    "mkfs",
    "mkfs.ext4",
    "mkfs.xfs",
    "mknod",
    "mkswap",
    "mktemp",
    "modprobe",
    "mount",
    "mountpoint",
    "mv",
    "nc",
    "netstat",
    "nohup",
    "nslookup",
    "ntpdate",
    "nvidia-smi",
    "openssl",
    "parted",
    "partprobe",
    "passwd",
    "pgrep",
    "ping",
    "pip",
    "pip2",
    "pip3",
    "pkill",
    "popd",
    "printenv",
    "ps",
    "pushd",
    "pvcreate",
    "pwd",
    "read",
    "readlink",
    "readonly",
    "realpath",
    "reboot",
    "rename",
    "renice",
    "resize2fs",
    "restart",
    "rev",
    "rm",
    "rmdir",
    "rpm",
    "rsync",
    "sed",
    "seq",
    "service",
    "set",
    "setenforce",
    "sha256sum",
    "shift",
    "shopt",
    "shutdown",
    "sleep",
    "snap",
    "sort",
    "split",
    "ss",
    "stat",
    "start",
    "stop",
    "stty",
    "sum",
    "swapoff",
    "swapon",
    "sync",
    "sysctl",
    "systemctl",
    "tac",
    "tail",
    "tar",
    "test",
    "timedatectl",
    "touch",
    "tr",
    "true",
    "truncate",
    "tune2fs",
    "type",
    "tzselect",
    "udevadm",
    "ulimit",
    "umask",
    "umount",
    "uname",
    "uniq",
    "unlink",
    "unset",
    "unzip",
    "update-ca-trust",
    "update-alternatives",
    "update-rc.d",
    "uptime",
    "useradd",
    "usermod",
    "uuidgen",
    "vgcreate",
    "vgs",
    "visudo",
    "vmstat",
    "wait",
    "wc",
    "wget",
    "which",
    "whoami",
    "xfs_growfs",
    "xz",
    "yes",
    "yum",
    "yum-config-manager",
    "zip",
    "zypper",
    "ec2-metadata",
    "aws",
    "amazon-cloudwatch-agent-ctl",
    "cfn-hup",
    "cfn-get-metadata",
    "auditctl",
    "loginctl",
    "journalctl",
    "rngd",
    "sshd",
    "ssh-keygen",
    "ethtool",
    "numactl",
    "nvme",
    "mdadm",
    "lshw",
    "lspci",
    "lscpu",
    "nproc",
    "screen",
    "tmux",
    "cmp",
    "column",
    "comm",
    "factor",
    "fold",
    "groups",
    "hexdump",
    "od",
    "join",
    "paste",
    "nice",
    "ionice",
    "flock",
    "pidof",
    "top",
    "trap",
    "export",
    "alias",
    "builtin",
    "complete",
    "enable",
    "getopts",
    "hostid",
    "last",
    "exportfs",
    "nfsstat",
    "rpcinfo",
    "showmount",
    "crond",
    "at",
    "atd",
    "ntpd",
    "chronyc",
    "chronyd",
    "bc",
    "column",
    "logname",
    "link",
];

/// Programs that run another command, which stands behind their options.
const WRAPPERS: &[&str] =
    &["sudo", "env", "nohup", "timeout", "time", "command", "exec", "nice", "ionice", "stdbuf", "setsid"];

impl<'t> Machine<'_, '_, 't> {
    /// Runs a command: `words` are its name and arguments. Gives what it prints.
    pub(super) fn run(
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
                    _ => self.printed(name),
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
                trap(args, state);
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
            wrapper if WRAPPERS.contains(&wrapper) => self.wrapped(script, wrapper, args, state, stdin, name),
            "xargs" => self.anything(name, state),
            "cfn-signal" => {
                let mut signal = signal::cfn_signal(place, args);
                signal.certain = state.certain();
                state.signals.push(signal);
                state.status = of;
                silent
            }
            "aws" if is_signal_resource(args) => {
                let mut signal = signal::signal_resource(place, args);
                signal.certain = state.certain();
                state.signals.push(signal);
                state.status = of;
                silent
            }
            "cfn-init" => {
                self.cfn_init(args, state);
                state.status = of;
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
            "rm" | "mv" | "cp" | "sed" | "truncate" | "ln" | "install" | "touch" => {
                self.touch(&base, words, state, place);
                state.status = of;
                silent
            }
            "curl" | "wget" | "aws" | "tar" | "unzip" => {
                download(words, state);
                state.status = of;
                self.printed(name)
            }
            "export" | "local" | "readonly" | "declare" => {
                state.status = Status::Known(0);
                silent
            }
            harmless if HARMLESS.contains(&harmless) && is_of_the_system(&known) => {
                state.status = of;
                self.printed(name)
            }
            _ => {
                let res = self.anything(name, state);
                state.status = of;
                res
            }
        }
    }

    fn call(
        &mut self,
        function: &super::state::Function<'t>,
        args: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
    ) -> Text<'t> {
        let before: Vec<_> = (0..10).map(|it| state.variables.get(&it.to_string()).cloned()).collect();
        for (idx, arg) in args.iter().enumerate().take(9) {
            state.variables.insert((idx + 1).to_string(), Value::Text(arg.text.clone()));
        }
        let out = self.body(function, state, stdin);
        for (idx, value) in before.into_iter().enumerate() {
            match value {
                Some(value) => state.variables.insert(idx.to_string(), value),
                None => state.variables.remove(&idx.to_string()),
            };
        }
        out
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
        let out = self.script(&whole, state);
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
        if wrapper == "timeout" {
            rest = rest.split_first().map_or(rest, |it| it.1);
        }
        if rest.is_empty() {
            state.status = Status::Of { command: wrapper.to_owned(), place: name.place };
            // `sudo -i`, `sudo su`: a shell that reads what comes.
            return if wrapper == "sudo" { self.anything(name, state) } else { Text::default() };
        }
        let out = self.run(script, rest, state, stdin);
        if wrapper == "exec" && state.runs() {
            state.alive = Alive::Ended;
        }
        out
    }

    /// Programs that change files in place or copy them.
    fn touch(
        &mut self,
        base: &str,
        words: &[Word<'t>],
        state: &mut State<'t>,
        place: Option<crate::resolve::Place>,
    ) {
        let args: Vec<_> = words[1..].iter().filter(|it| !it.text.as_str().starts_with('-')).collect();
        match (base, args.as_slice()) {
            ("touch", _) => {}
            ("cp" | "mv" | "install" | "ln", [from, to]) => {
                let text = self.read(from, state);
                let mut target = (*to).clone();
                let folder = target.known().filter(|it| it.ends_with('/') || *it == "/etc/ecs");
                if let (Some(folder), Some(from)) = (folder, from.known()) {
                    let file = from.rsplit('/').next().unwrap_or(from);
                    let path = format!("{}/{file}", folder.trim_end_matches('/'));
                    target.text = Text::decoded(&path, target.place.map_or(Span::at(0), |it| it.span));
                }
                self.write(&target, text, false, place, state);
            }
            ("sed", _) => {
                let in_place = words.iter().any(|it| {
                    it.text.as_str().starts_with("-i") || it.text.as_str().starts_with("--in-place")
                });
                if in_place {
                    self.edit(&args, state, place);
                }
            }
            ("rm", paths) => {
                for path in paths {
                    if let Some(path) = path.known()
                        && state.certain()
                    {
                        state.files.remove(path);
                    }
                }
            }
            _ => {
                for path in args {
                    if let Some(file) = path.known().and_then(|it| state.files.get_mut(it)) {
                        file.unknown = true;
                    }
                }
            }
        }
    }

    /// `sed -i SCRIPT FILE`: a replacement by `ECS_CLUSTER=...` sets it; anything else leaves the file unknown.
    fn edit(&mut self, args: &[&Word<'t>], state: &mut State<'t>, place: Option<crate::resolve::Place>) {
        let Some((script, files)) = args.split_first() else { return };
        for path in files {
            let Some(name) = path.known() else {
                state.anything = true;
                continue;
            };
            let known = state.files.contains_key(name) || name == super::AGENT_CONFIG;
            if !known {
                continue;
            }
            let speaks = script.text.as_str().contains("ECS_") || script.known().is_none();
            let file = state.files.entry(name.to_owned()).or_default();
            file.unknown |= speaks;
            let _ = place;
        }
    }

    fn has_no_upstart(&self) -> bool {
        matches!(
            self.image.family,
            Some(ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023 | ImageFamily::Ubuntu)
        )
    }

    fn printed(&self, name: &Word<'t>) -> Text<'t> {
        Text::symbol(Symbol::Unknown, name.place.map_or(Span::at(0), |it| it.span))
    }

    /// A program that may do anything.
    fn anything(&self, name: &Word<'t>, state: &mut State<'t>) -> Text<'t> {
        state.anything = true;
        state.status = Status::Of { command: name.text.display(), place: name.place };
        self.printed(name)
    }
}

/// A plain name, or one below the folders of the system.
fn is_of_the_system(path: &str) -> bool {
    const FOLDERS: [&str; 5] = ["/bin/", "/sbin/", "/usr/", "/opt/aws/", "/etc/init.d/"];
    !path.contains('/') || FOLDERS.iter().any(|it| path.starts_with(it))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

fn is_signal_resource(args: &[Word<'_>]) -> bool {
    let at = |name: &str| args.iter().position(|it| it.text.as_str() == name);
    matches!((at("cloudformation"), at("signal-resource")), (Some(service), Some(call)) if service < call)
}

fn joined<'t>(words: &[Word<'t>]) -> Text<'t> {
    let mut res = Text::default();
    for (idx, word) in words.iter().enumerate() {
        if idx > 0 {
            res.push(&Text::decoded(
                " ",
                word.place.map_or(Span::at(0), |it| Span::at(it.span.start as usize)),
            ));
        }
        res.push(&word.text);
    }
    res
}

fn line_break<'t>(near: &Word<'t>) -> Text<'t> {
    Text::decoded("\n", near.place.map_or(Span::at(0), |it| it.span))
}

fn echo<'t>(args: &[Word<'t>], name: &Word<'t>) -> Text<'t> {
    let mut args = args;
    let (mut breaks, mut escapes) = (true, false);
    while let Some((first, rest)) = args.split_first() {
        let raw = first.text.as_str();
        let flags =
            raw.strip_prefix('-').filter(|it| !it.is_empty() && it.bytes().all(|it| b"neE".contains(&it)));
        let Some(flags) = flags.filter(|_| !first.quoted) else { break };
        breaks &= !flags.contains('n');
        escapes |= flags.contains('e');
        args = rest;
    }
    let text = joined(args);
    let mut res = if escapes { escaped(&text) } else { text };
    if breaks {
        res.push(&line_break(name));
    }
    res
}

/// `printf FORMAT ARGS`: `%s` and escapes; other formats are unknown.
fn printf<'t>(args: &[Word<'t>], name: &Word<'t>) -> Text<'t> {
    let Some((format, values)) = args.split_first() else { return Text::default() };
    let format = escaped(&format.text);
    let raw = format.as_str();
    let mut res = Text::default();
    let mut values = values.iter();
    let mut done = 0;
    while let Some(at) = raw[done..].find('%').map(|it| done + it) {
        res.push(&format.slice(done..at));
        match raw.as_bytes().get(at + 1) {
            Some(b's' | b'b' | b'd') => {
                if let Some(value) = values.next() {
                    res.push(&value.text);
                }
            }
            Some(b'%') => res.push(&format.slice(at..at + 1)),
            _ => return Text::symbol(Symbol::Unknown, name.place.map_or(Span::at(0), |it| it.span)),
        }
        done = at + 2;
    }
    res.push(&format.slice(done..raw.len()));
    if values.next().is_some() {
        // The format is used again for the arguments that are left.
        return Text::symbol(Symbol::Unknown, name.place.map_or(Span::at(0), |it| it.span));
    }
    res
}

/// Undoes `\n` and `\t`.
fn escaped<'t>(text: &Text<'t>) -> Text<'t> {
    let raw = text.as_str();
    let mut res = Text::default();
    let mut done = 0;
    while let Some(at) = raw[done..].find('\\').map(|it| done + it) {
        res.push(&text.slice(done..at));
        let decoded = match raw.as_bytes().get(at + 1) {
            Some(b'n') => "\n",
            Some(b't') => "\t",
            Some(b'\\') => "\\",
            _ => {
                res.push(&text.slice(at..at + 1));
                done = at + 1;
                continue;
            }
        };
        let span = text.place(at..at + 2).map_or(Span::at(0), |it| it.span);
        res.push(&Text::decoded(decoded, span));
        done = at + 2;
    }
    res.push(&text.slice(done..raw.len()));
    res
}

fn set(args: &[Word<'_>], state: &mut State<'_>) {
    let mut names = false;
    for word in args {
        let raw = word.text.as_str();
        if names {
            names = false;
            state.errexit |= raw == "errexit";
            continue;
        }
        let on = raw.starts_with('-');
        if !on && !raw.starts_with('+') {
            break;
        }
        if raw[1..].contains('e') {
            state.errexit = on;
        }
        names = raw[1..].ends_with('o');
    }
    state.status = Status::Known(0);
}

fn trap<'t>(args: &[Word<'t>], state: &mut State<'t>) {
    let mut args = args.iter().filter(|it| it.text.as_str() != "--");
    let Some(body) = args.next() else { return };
    for name in args {
        let name = name.text.as_str().trim_start_matches("SIG").to_uppercase();
        let name = if name == "0" { "EXIT".to_owned() } else { name };
        if matches!(body.text.as_str(), "-" | "") {
            state.traps.remove(&name);
        } else {
            state.traps.insert(name, body.text.clone());
        }
    }
    state.status = Status::Known(0);
}

/// What a download writes is not known; to a file of the agent it may be all that it needs.
fn download<'t>(words: &[Word<'t>], state: &mut State<'t>) {
    for word in &words[1..] {
        let raw = word.text.as_str();
        let target = raw.rsplit('=').next().unwrap_or(raw);
        let known = !super::machine::is_symbolic(target);
        if known && (target.starts_with("/etc/ecs") || state.files.contains_key(target)) {
            let path = if target.trim_end_matches('/') == "/etc/ecs" { super::AGENT_CONFIG } else { target };
            state.files.entry(path.to_owned()).or_default().unknown = true;
        }
    }
}
