//! `cfn-init`: the metadata `AWS::CloudFormation::Init` of the resource that it names.

use super::files::Chunk;
use super::machine::Machine;
use super::state::{State, Value};
use super::words::{Word, shell_word};
use crate::resolve::{Found, Symbol, Text, Value as Resolved};
use crate::syntax::{Kind, Node};
use crate::template::{Expr, expr};

/// Config sets may name each other; not for ever.
const MAX_SETS: usize = 200;

/// `cfn-init` may run commands that run `cfn-init`; not for ever.
const MAX_INIT_DEPTH: usize = 3;

impl<'t> Machine<'_, '_, 't> {
    /// Runs `cfn-init` with these arguments.
    pub(super) fn cfn_init(&mut self, args: &[Word<'t>], state: &mut State<'t>) {
        let value = |names: [&str; 2]| -> Option<Word<'t>> {
            let mut args = args.iter();
            while let Some(arg) = args.next() {
                let raw = arg.text.as_str();
                if names.contains(&raw) {
                    return args.next().cloned();
                }
                if let Some((name, value)) = raw.split_once('=')
                    && names.contains(&name)
                {
                    let text = arg.text.slice(raw.len() - value.len()..raw.len());
                    return Some(Word { text, ..arg.clone() });
                }
            }
            None
        };
        let resource = value(["--resource", "-r"]);
        let resource = resource.as_ref().and_then(|it| it.known());
        let stack = value(["--stack", "-s"]);
        let own = stack.is_some_and(|it| {
            let stack = it.text.only_symbol();
            matches!(stack, Some(Symbol::Pseudo("AWS::StackName" | "AWS::StackId")))
        });
        let Some(resource) = resource.and_then(|it| self.scenario.template().resource(it)) else {
            // A resource that this stack does not have: it ends with an error and has done nothing.
            state.anything |= !own || resource.is_none();
            return;
        };
        let metadata = match self.scenario.find(resource.node, &["Metadata", "AWS::CloudFormation::Init"]) {
            Found::Node(node) => node,
            Found::Absent => return,
            Found::Unknown => {
                state.anything = true;
                return;
            }
        };
        let sets = value(["--configsets", "-c"]);
        let sets = match &sets {
            Some(word) => match word.known() {
                Some(names) => names.split(',').map(|it| it.trim().to_owned()).collect(),
                None => {
                    state.anything = true;
                    return;
                }
            },
            None => vec!["default".to_owned()],
        };
        if self.init_depth >= MAX_INIT_DEPTH {
            state.anything = true;
            return;
        }
        self.init_depth += 1;
        for config in self.configs(metadata, &sets, state) {
            self.config(config, state);
        }
        self.init_depth -= 1;
    }

    /// The configs of some config sets, in order. Without any sets the only config is `config`.
    fn configs(&self, metadata: Node<'t>, sets: &[String], state: &mut State<'t>) -> Vec<Node<'t>> {
        let all = match self.scenario.find(metadata, &["configSets"]) {
            Found::Node(all) => all,
            Found::Absent => return metadata.get("config").into_iter().collect(),
            Found::Unknown => {
                state.anything = true;
                return Vec::new();
            }
        };
        let mut res = Vec::new();
        // A name is that of a set when `{ConfigSet: name}` or the command line says so; the last one is next.
        let mut waiting: Vec<(bool, String)> = sets.iter().rev().map(|it| (true, it.clone())).collect();
        let mut steps = 0;
        while let Some((is_set, name)) = waiting.pop() {
            steps += 1;
            if steps > MAX_SETS {
                state.anything = true;
                break;
            }
            if !is_set {
                res.extend(metadata.get(&name));
                continue;
            }
            let Some(list) = all.get(&name) else { continue };
            let items: Vec<Node<'t>> =
                if list.kind() == Kind::Sequence { list.items().collect() } else { vec![list] };
            for item in items.into_iter().rev().take(MAX_SETS) {
                match item.get("ConfigSet") {
                    Some(set) if set.kind() == Kind::Scalar => waiting.push((true, set.text().to_owned())),
                    // The name is worked out.
                    Some(_) => state.anything = true,
                    None => waiting.push((false, item.text().to_owned())),
                }
            }
        }
        res
    }

    /// One config: packages, files, commands, services, in this order.
    fn config(&mut self, config: Node<'t>, state: &mut State<'t>) {
        let parts = ["files", "commands"].map(|it| self.scenario.find(config, &[it]));
        state.anything |= parts.contains(&Found::Unknown);
        if let Found::Node(files) = parts[0] {
            for (key, file) in files.entries() {
                self.file(key, file, state);
            }
        }
        if let Found::Node(commands) = parts[1] {
            let mut sorted: Vec<_> = commands.entries().collect();
            sorted.sort_by_key(|(key, _)| key.text());
            for (_, command) in sorted {
                self.init_command(command, state);
            }
        }
    }

    fn file(&mut self, key: Node<'t>, file: Node<'t>, state: &mut State<'t>) {
        let path = Text::of(key);
        let place = path.whole_place();
        let word = Word { text: path, status: None, quoted: true, place };
        let text = match self.scenario.find(file, &["content"]) {
            Found::Node(node) => match self.scenario.value(node) {
                Resolved::Text(text) => text,
                // A mapping is written as JSON.
                _ => Text::symbol(Symbol::Unknown, node.span()),
            },
            _ => Text::symbol(Symbol::Unknown, key.span()),
        };
        let Some(name) = word.known() else { return };
        let certain = state.certain();
        let chunk = Chunk { text, certain, path: place, command: place };
        state.files.entry(name.to_owned()).or_default().write(chunk, false);
    }

    /// A command of a config: text for a shell, or a list of words.
    fn init_command(&mut self, command: Node<'t>, state: &mut State<'t>) {
        let Found::Node(node) = self.scenario.find(command, &["command"]) else {
            state.anything |= self.scenario.find(command, &["command"]) == Found::Unknown;
            return;
        };
        let text = match self.scenario.value(node) {
            Resolved::Text(text) => text,
            Resolved::List(words) => {
                let mut res = Text::default();
                for word in words {
                    let Resolved::Text(word) = word else {
                        state.anything = true;
                        return;
                    };
                    if !res.is_empty() {
                        res.push(&Text::decoded(" ", node.span()));
                    }
                    res.push(&shell_word(&word));
                }
                res
            }
            _ => {
                state.anything = true;
                return;
            }
        };
        let mut inner = self.fork(state);
        inner.variables.clear();
        inner.folder = match self.scenario.find(command, &["cwd"]) {
            Found::Node(node) => self.scenario.text(node).and_then(|it| it.known().map(str::to_owned)),
            Found::Absent => Some("/".to_owned()),
            Found::Unknown => None,
        };
        if let Found::Node(variables) = self.scenario.find(command, &["env"])
            && let Expr::Map(variables) = expr(variables)
        {
            for (key, value) in variables.entries() {
                let text = self.scenario.text(value);
                let text = text.unwrap_or_else(|| Text::symbol(Symbol::Unknown, value.span()));
                inner.variables.insert(key.text().to_owned(), Value::Text(text));
            }
        }
        self.script(&text, &mut inner);
        inner.variables = state.variables.clone();
        inner.folder = state.folder.clone();
        inner.status = state.status.clone();
        // A test decides on the running machine whether the command runs.
        let tested = self.scenario.find(command, &["test"]) != Found::Absent;
        if tested {
            let merged = std::mem::replace(state, State::new()).merge(inner);
            *state = merged;
        } else {
            *state = inner;
        }
    }
}
