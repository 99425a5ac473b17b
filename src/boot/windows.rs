//! User data of Windows: PowerShell and batch files.
//!
//! Only a few commands matter: `Initialize-ECSAgent`, what sets a variable of the machine, and the helpers of
//! CloudFormation. Cmdlets that are known to do something else are passed over; everything else may do anything
//! ([bootstrapping Windows container instances](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bootstrap_windows_container_instance.html)).

mod lex;

use std::collections::BTreeMap;

use self::lex::{Statement, bodies, powershell};
use super::AGENT_CONFIG;
use super::files::Chunk;
use super::machine::Machine;
use super::signal::{self, ExitCode, Signal};
use super::state::State;
use super::steps::Does;
use super::words::Word;
use crate::resolve::{Symbol, Text};
use crate::text::Span;

/// Cmdlets and commands that neither join nor signal, in small letters; also what begins like this.
const HARMLESS: [&str; 22] = [
    "add-",
    "disable-",
    "enable-",
    "echo",
    "exit",
    "expand-archive",
    "get-",
    "import-module",
    "install-windowsfeature",
    "invoke-webrequest",
    "md",
    "mkdir",
    "netsh",
    "new-",
    "out-",
    "remove-",
    "rem",
    "set-",
    "start-sleep",
    "stop-",
    "tzutil",
    "write-",
];

/// Runs the scripts of user data.
pub(super) fn run<'t>(machine: &mut Machine<'_, '_, 't>, text: &Text<'t>, state: &mut State<'t>) {
    let raw = text.as_str();
    let scripts = bodies(raw, "powershell");
    let batches = bodies(raw, "script");
    if scripts.is_empty() && batches.is_empty() {
        state.anything = true;
        return;
    }
    // Batch files run first.
    for body in batches {
        let mut start = body.start;
        for line in raw[body].split_inclusive('\n') {
            let unknown = |_: &str| None;
            let statement = |it: &Statement<'t>| command(machine, it, state, &mut BTreeMap::new());
            powershell(text, start..start + line.len(), statement, &unknown);
            start += line.len();
        }
    }
    for body in scripts {
        let variables = std::cell::RefCell::new(BTreeMap::new());
        let value = |name: &str| -> Option<Text<'t>> { variables.borrow().get(name).cloned() };
        let statement = |it: &Statement<'t>| command(machine, it, state, &mut variables.borrow_mut());
        powershell(text, body, statement, &value);
    }
}

type Variables<'t> = BTreeMap<String, Text<'t>>;

fn command<'t>(
    machine: &mut Machine<'_, '_, 't>,
    statement: &Statement<'t>,
    state: &mut State<'t>,
    variables: &mut Variables<'t>,
) {
    let words = statement.words.as_slice();
    // `& "C:\Program Files\..."` calls what follows.
    let words = if words.first().is_some_and(|it| it.text.as_str() == "&") { &words[1..] } else { words };
    let Some((first, args)) = words.split_first() else { return };
    let lower = first.text.as_str().to_ascii_lowercase();
    let base = lower.rsplit(['\\', '/']).next().unwrap_or(&lower).trim_end_matches(".exe").to_owned();
    let left = state.left;
    if !statement.certain {
        state.unsure();
    }
    match base.as_str() {
        "initialize-ecsagent" => initialize(first, args, state),
        "cfn-signal" => {
            let mut signal = signal::cfn_signal(first.place, args);
            // `$lastexitcode` and `%ERRORLEVEL%` are numbers.
            if signal.exit_place.is_some() && !matches!(signal.exit_code, ExitCode::Constant(_)) {
                signal.exit_code = ExitCode::Unknown(None);
                signal.problems.retain(|(it, _)| *it != signal::OptionProblem::BadExitCode);
            }
            let target =
                signal.resource.as_ref().or(signal.url.as_ref()).map(Text::display).unwrap_or_default();
            state.step(first.place, Does::Signals { target });
            let certain = state.certain();
            state.signals.push(Signal { certain, ..signal });
        }
        "cfn-init" => {
            machine.cfn_init(args, first.place, state);
            // Its commands are of a shell that is not followed.
            state.anything = true;
        }
        _ if lower.starts_with("[environment]::setenvironmentvariable")
            || lower.starts_with("[system.environment]::setenvironmentvariable") =>
        {
            set_variable(first, state);
        }
        _ if lower.starts_with('$') => assign(words, state, variables),
        name if HARMLESS.iter().any(|it| name.starts_with(it)) => {}
        "else" | "try" | "catch" | "finally" => {}
        _ => {
            state.anything = true;
            state.step(first.place, Does::MayDoAnything { program: first.text.display() });
        }
    }
    state.left = left;
}

/// `Initialize-ECSAgent -Cluster NAME ...`: without a name the agent joins `default`.
fn initialize<'t>(command: &Word<'t>, args: &[Word<'t>], state: &mut State<'t>) {
    let unknown = || Text::symbol(Symbol::Unknown, command.place.map_or(Span::at(0), |it| it.span));
    let mut cluster = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let raw = arg.text.as_str();
        let lower = raw.to_ascii_lowercase();
        let (name, inline) = match lower.split_once(':') {
            Some((name, _)) => (name, Some(arg.text.slice(name.len() + 1..raw.len()))),
            None => (lower.as_str(), None),
        };
        if name.len() > 1 && "-cluster".starts_with(name) {
            cluster = Some(inline.or_else(|| args.next().map(|it| it.text.clone())).unwrap_or_else(unknown));
        } else if name.starts_with("-enable") || name.starts_with("-awsvpcblock") {
            // A switch.
        } else if name.starts_with('-') && inline.is_none() {
            args.next();
        } else if !name.starts_with('-') {
            // By its position, or by a table of options.
            cluster = Some(unknown());
        }
    }
    if let Some(cluster) = cluster {
        write(&cluster, command, state);
    }
}

/// `[Environment]::SetEnvironmentVariable("ECS_CLUSTER", "name", "Machine")`
fn set_variable<'t>(call: &Word<'t>, state: &mut State<'t>) {
    let raw = call.text.as_str();
    let Some(open) = raw.find('(') else { return };
    if !raw[open..].to_ascii_lowercase().contains("ecs_cluster") {
        return;
    }
    // The second argument.
    let rest = open + raw[open..].find(',').map_or(raw.len() - open, |it| it + 1);
    let start = rest + (raw[rest..].len() - raw[rest..].trim_start().len());
    let quote = raw[start..].chars().next().filter(|it| matches!(it, '"' | '\''));
    let value = quote.and_then(|quote| {
        let len = raw[start + 1..].find(quote)?;
        Some(call.text.slice(start + 1..start + 1 + len)).filter(|it| !it.as_str().contains('$'))
    });
    let unknown = || Text::symbol(Symbol::Unknown, call.place.map_or(Span::at(0), |it| it.span));
    write(&value.unwrap_or_else(unknown), call, state);
}

/// Notes the name of the cluster in the agent's configuration.
fn write<'t>(cluster: &Text<'t>, command: &Word<'t>, state: &mut State<'t>) {
    let near = command.place.map_or(Span::at(0), |it| it.span);
    let mut line = Text::decoded("ECS_CLUSTER=", near);
    line.push(cluster);
    line.push(&Text::decoded("\n", near));
    let chunk = Chunk {
        text: line,
        certain: state.certain(),
        optional: false,
        path: command.place,
        command: command.place,
    };
    state.write_file(AGENT_CONFIG, chunk, true);
}

/// `$name = "value"`: kept where it is one word; a variable of the process says nothing to the agent.
fn assign<'t>(words: &[Word<'t>], state: &mut State<'t>, variables: &mut Variables<'t>) {
    let [name, equals, rest @ ..] = words else { return };
    if equals.text.as_str() != "=" {
        state.anything = true;
        return;
    }
    let Some(place) = name.place else { return };
    let value = match rest {
        [value] if state.certain() => value.text.clone(),
        _ => Text::symbol(Symbol::Unknown, place.span),
    };
    // A program in brackets may do anything.
    let calls = rest
        .first()
        .is_some_and(|it| !it.quoted && it.text.as_str().chars().next().is_some_and(char::is_alphabetic));
    state.anything |=
        calls && !rest.first().is_some_and(|it| it.text.as_str().to_ascii_lowercase().starts_with("get-"));
    variables.insert(name_of(name), value);
}

/// A variable's name in small letters, without `$`.
fn name_of(word: &Word<'_>) -> String {
    word.text.as_str().trim_start_matches('$').to_ascii_lowercase()
}
