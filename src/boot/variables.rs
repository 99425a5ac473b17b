//! Variables of the shell: what they hold, lists, and what `set -u` makes of one that nothing sets.

use std::ops::Range;
use std::rc::Rc;

use shuck_ast::{
    BourneParameterExpansion, SubscriptKind, SubscriptSelector, VarRef, Word as WordNode, WordPart,
    WordPartNode,
};

use super::machine::Machine;
use super::state::{Alive, State, Status, StopBy, Value};
use super::words::{place, unknown};
use crate::resolve::{Symbol, Text};
use crate::text::Span;

impl<'t> Machine<'_, '_, 't> {
    /// What `$name` becomes at some bytes of the script.
    pub(super) fn value(
        &mut self,
        script: &Rc<Text<'t>>,
        bytes: Range<usize>,
        name: &str,
        state: &mut State<'t>,
    ) -> Text<'t> {
        self.require(script, bytes.clone(), name, state);
        self.named(name, state).unwrap_or_else(|| of_environment(script, bytes, name, state))
    }

    /// What `${name}`, `${name[3]}` and `${name[@]}` become.
    pub(super) fn access(
        &mut self,
        script: &Rc<Text<'t>>,
        bytes: Range<usize>,
        of: &VarRef,
        state: &mut State<'t>,
    ) -> Text<'t> {
        let name = of.name.as_str();
        let Some(subscript) = &of.subscript else { return self.value(script, bytes, name, state) };
        let found = match (&subscript.kind, state.variables.get(name)) {
            (SubscriptKind::Selector(_), Some(Value::List(list))) => Some(in_a_row(list)),
            (SubscriptKind::Ordinary, Some(Value::List(list))) => {
                let idx = subscript.text.slice(script.as_str()).parse::<usize>();
                idx.ok().map(|it| list.get(it).cloned().unwrap_or_default())
            }
            _ => None,
        };
        found.unwrap_or_else(|| unknown(script, bytes))
    }

    /// The text of a variable. One that is called like something of the template and set nowhere is a mistake for
    /// `${Name}`: no environment has it, so it is empty.
    fn named(&self, name: &str, state: &State<'t>) -> Option<Text<'t>> {
        let value = variable(state, name);
        if value.is_some() || state.anything || state.sourced || name.starts_with(char::is_lowercase) {
            return value;
        }
        // Programs keep to upper case.
        let shouts = !name.chars().any(char::is_lowercase);
        let template = self.scenario.template();
        let there = template.resource(name).is_some() || template.parameters.get(name).is_some();
        (there && !shouts).then(Text::default)
    }

    /// A variable that nothing sets is empty; under `set -u` the script ends at it.
    fn require(&mut self, script: &Rc<Text<'t>>, bytes: Range<usize>, name: &str, state: &mut State<'t>) {
        let unset = state.runs()
            && self.nesting == 1
            && !state.anything
            && !state.sourced
            && !state.variables.contains_key(name)
            && !is_of_environment(name)
            && !is_set_somewhere(script.as_str(), name);
        if unset && !state.nounset {
            let near = place(script, bytes).map_or(Span::at(0), |it| it.span);
            let text = Text::symbol(Symbol::Unset(name.to_owned()), near);
            state.variables.insert(name.to_owned(), Value::Text(text));
        } else if unset {
            state.status = Status::Known(1);
            self.stop(script, bytes, StopBy::Unset, state);
            state.alive = Alive::Failed;
        }
    }

    /// The same for all variables of a here-document.
    pub(super) fn require_all(&mut self, script: &Rc<Text<'t>>, body: Range<usize>, state: &mut State<'t>) {
        let text = Rc::clone(script);
        let Some(raw) = text.as_str().get(body.clone()) else { return };
        for (at, _) in raw.match_indices('$').filter(|it| !raw[..it.0].ends_with('\\')) {
            let rest = &raw[at + 1..];
            let braced = rest.starts_with('{');
            let rest = rest.strip_prefix('{').unwrap_or(rest);
            let name = &rest[..rest.find(|it| !is_of_name(it)).unwrap_or(rest.len())];
            if !braced || rest[name.len()..].starts_with('}') {
                let len = 1 + name.len() + if braced { 2 } else { 0 };
                self.require(script, body.start + at..body.start + at + len, name, state);
            }
        }
    }
}

/// Text of a variable that the script does not set.
fn of_environment<'t>(script: &Text<'t>, bytes: Range<usize>, name: &str, state: &State<'t>) -> Text<'t> {
    // `$?`, `$1` and their like are the shell's own.
    if state.variables.contains_key(name)
        || !name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
    {
        return unknown(script, bytes);
    }
    let span = place(script, bytes).map_or(Span::at(0), |it| it.span);
    Text::symbol(Symbol::Environment(name.to_owned()), span)
}

/// Whether bash or what starts it may have set a variable: the variables of bash (its manual, "Shell Variables") and
/// what services and cloud-init are started with. Also what is no name: `$1`, `$@`.
fn is_of_environment(name: &str) -> bool {
    const NAMES: [&str; 44] = [
        "_",
        "COLUMNS",
        "COMP_WORDBREAKS",
        "COPROC",
        "DIRSTACK",
        "EPOCHREALTIME",
        "EPOCHSECONDS",
        "EUID",
        "FUNCNAME",
        "GROUPS",
        "HISTCMD",
        "HOME",
        "HOSTNAME",
        "HOSTTYPE",
        "IFS",
        "INSTANCE_ID",
        "INVOCATION_ID",
        "JOURNAL_STREAM",
        "LANG",
        "LANGUAGE",
        "LINENO",
        "LINES",
        "LOGNAME",
        "MACHTYPE",
        "MAIL",
        "OLDPWD",
        "OPTARG",
        "OPTERR",
        "OPTIND",
        "OSTYPE",
        "PATH",
        "PIPESTATUS",
        "PPID",
        "PS4",
        "PWD",
        "RANDOM",
        "REPLY",
        "SECONDS",
        "SHELL",
        "SHELLOPTS",
        "SHLVL",
        "SRANDOM",
        "TERM",
        "TMPDIR",
    ];
    const PREFIXES: [&str; 9] =
        ["AWS_", "BASH", "CLOUD_INIT", "DEBIAN_", "ECS_", "LC_", "SYSTEMD_", "UID", "USER"];
    !name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        || NAMES.contains(&name)
        || PREFIXES.iter().any(|it| name.starts_with(it))
        || name.to_ascii_lowercase().ends_with("_proxy")
}

/// Whether a script has a name in any way but `$name` and `${name}`: something may set it there.
fn is_set_somewhere(script: &str, name: &str) -> bool {
    script.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&script[..at], &script[at + name.len()..]);
        let is_whole = !before.ends_with(is_of_name) && !behind.starts_with(is_of_name);
        let is_asked = before.ends_with('$') || (before.ends_with("${") && behind.starts_with('}'));
        is_whole && !is_asked
    })
}

fn is_of_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// The text of a variable; `None` when it is not known: what the script does not set may be in the environment.
pub(super) fn variable<'t>(state: &State<'t>, name: &str) -> Option<Text<'t>> {
    match name {
        "@" | "*" => return state.args.as_ref().map(|it| in_a_row(it)),
        "?" => return state.status.text(),
        "#" => {
            let count = state.args.as_ref()?.len();
            return Some(Text::decoded(&count.to_string(), Span::at(0)));
        }
        _ => {}
    }
    if let Ok(idx) = name.parse::<usize>() {
        let args = state.args.as_ref()?;
        return idx.checked_sub(1).map(|it| args.get(it).cloned().unwrap_or_default());
    }
    match state.variables.get(name)? {
        Value::Text(text) => Some(text.clone()),
        Value::Status(report) => report.status.text(),
        Value::List(list) => Some(list.first().cloned().unwrap_or_default()),
    }
}

/// The list, where a word is `"$@"` or `"${name[@]}"` and nothing else: each stays a word.
pub(super) fn listed<'t>(node: &WordNode, state: &State<'t>) -> Option<Rc<[Text<'t>]>> {
    let [WordPartNode { kind: WordPart::DoubleQuoted { parts, .. }, .. }] = node.parts.as_slice() else {
        return None;
    };
    match parts.as_slice() {
        [WordPartNode { kind: WordPart::Variable(name), .. }] => {
            state.args.clone().filter(|_| name.as_str() == "@")
        }
        [WordPartNode { kind: WordPart::Parameter(expansion), .. }] => {
            let Some(BourneParameterExpansion::Access { reference }) = expansion.bourne() else {
                return None;
            };
            let of_all = SubscriptKind::Selector(SubscriptSelector::At);
            match state.variables.get(reference.name.as_str())? {
                Value::List(list) if reference.subscript.as_ref()?.kind == of_all => Some(Rc::clone(list)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A list as one text, with blanks between.
fn in_a_row<'t>(list: &[Text<'t>]) -> Text<'t> {
    let mut res = Text::default();
    for (idx, text) in list.iter().enumerate() {
        if idx > 0 {
            res.push(&Text::decoded(" ", Span::at(0)));
        }
        res.push(text);
    }
    res
}
