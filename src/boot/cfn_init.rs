//! `cfn-init`: the metadata `AWS::CloudFormation::Init` of the resource that it names.

use super::AGENT_CONFIG;
use super::base64;
use super::files::Chunk;
use super::machine::Machine;
use super::software::Start;
use super::state::{Alive, State, Status, Stop, StopBy, Value};
use super::steps::Does;
use super::words::{Word, shell_word};
use crate::resolve::{Found, Place, Symbol, Text, Value as Resolved};
use crate::syntax::{Kind, Node};
use crate::template::{Expr, expr};

/// Config sets may name each other; not for ever.
const MAX_SETS: usize = 200;

/// `cfn-init` may run commands that run `cfn-init`; not for ever.
const MAX_INIT_DEPTH: usize = 3;

impl<'t> Machine<'_, '_, 't> {
    /// Runs `cfn-init` with these arguments. Gives its status where that is known.
    pub(super) fn cfn_init(
        &mut self,
        args: &[Word<'t>],
        place: Option<Place>,
        state: &mut State<'t>,
    ) -> Option<Status> {
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
        let target = resource.unwrap_or("...").to_owned();
        // Variables may hold any options.
        let clear = args.iter().all(|it| !it.is_unknown() && (it.quoted || it.is_one_word()));
        let without_region =
            clear && own && value(["--region", "--url"]).is_none() && value(["-u", "-u"]).is_none();
        state.step(place, Does::Initializes { resource: target.clone(), without_region });
        let failed = Some(Status::Known(1));
        let fail = |state: &mut State<'t>, why: String| {
            state.init_failure = state.init_failure.take().or(place.map(|it| (it, why)));
        };
        let Some(resource) = resource.and_then(|it| self.scenario.template().resource(it)) else {
            // A resource that this stack does not have: it ends with an error and has done nothing.
            if own && resource.is_some() && !self.scenario.template().takes_names_from_elsewhere() {
                fail(state, format!("the template has no resource `{target}`"));
                return failed;
            }
            state.anything = true;
            return None;
        };
        let metadata = match self.scenario.find(resource.node, &["Metadata", "AWS::CloudFormation::Init"]) {
            Found::Node(node) => node,
            Found::Absent => {
                fail(state, format!("`{target}` has no metadata `AWS::CloudFormation::Init`"));
                return failed;
            }
            Found::Unknown => {
                state.anything = true;
                return None;
            }
        };
        let sets = value(["--configsets", "-c"]);
        let sets = match &sets {
            Some(word) => match word.known() {
                Some(names) => names.split(',').map(|it| it.trim().to_owned()).collect(),
                None => {
                    state.anything = true;
                    return None;
                }
            },
            None => vec!["default".to_owned()],
        };
        if self.init_depth >= MAX_INIT_DEPTH {
            state.anything = true;
            return None;
        }
        self.init_depth += 1;
        // It ends at the first set that is not there.
        let mut done = true;
        for set in sets.iter().take(MAX_SETS) {
            let Some(configs) = self.configs(metadata, set, state) else {
                fail(state, format!("the metadata of `{target}` has no config set `{set}`"));
                done = false;
                break;
            };
            done = configs.into_iter().all(|it| self.config(it, state));
            if !done || self.is_bounded() {
                break;
            }
        }
        state.anything |= sets.len() > MAX_SETS || self.is_bounded();
        self.init_depth -= 1;
        if done { None } else { failed }
    }

    /// The configs of a config set, in order; `None` when it is not there. Without any sets the only one is
    /// `default`, which is `config`.
    fn configs(&self, metadata: Node<'t>, set: &str, state: &mut State<'t>) -> Option<Vec<Node<'t>>> {
        let all = match self.scenario.find(metadata, &["configSets"]) {
            Found::Node(all) => all,
            Found::Absent if set != "default" => return None,
            Found::Absent => return Some(metadata.get("config").into_iter().collect()),
            Found::Unknown => {
                state.anything = true;
                return Some(Vec::new());
            }
        };
        let mut res = Vec::new();
        let mut waiting = vec![match self.scenario.find(all, &[set]) {
            Found::Node(list) => list,
            Found::Absent => return None,
            Found::Unknown => {
                state.anything = true;
                return Some(res);
            }
        }];
        let mut steps = 0;
        while let Some(item) = waiting.pop() {
            steps += 1;
            if steps > MAX_SETS {
                state.anything = true;
                break;
            }
            // A list of configs, the name of one, or another set.
            match expr(item) {
                Expr::List(_) => {
                    for item in self.scenario.items(item).unwrap_or_default().into_iter().rev() {
                        match item {
                            Found::Node(node) => waiting.push(node),
                            Found::Unknown => state.anything = true,
                            Found::Absent => {}
                        }
                    }
                }
                Expr::Scalar(_) => match self.scenario.find(metadata, &[item.text()]) {
                    Found::Node(config) => res.push(config),
                    Found::Absent => return None,
                    Found::Unknown => state.anything = true,
                },
                _ => match self.scenario.find(item, &["ConfigSet"]) {
                    Found::Node(name) if matches!(expr(name), Expr::Scalar(_)) => {
                        match self.scenario.find(all, &[name.text()]) {
                            Found::Node(list) => waiting.push(list),
                            Found::Absent => return None,
                            Found::Unknown => state.anything = true,
                        }
                    }
                    // The name is worked out.
                    _ => state.anything = true,
                },
            }
        }
        Some(res)
    }

    /// One config: packages, sources, files, commands, services, in this order
    /// ([AWS::CloudFormation::Init](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-init.html)).
    /// False when it ends with a command that fails.
    fn config(&mut self, config: Node<'t>, state: &mut State<'t>) -> bool {
        // Each entry is a piece of work.
        let entries = config.entries().map(|(_, part)| 1 + part.entries().count()).sum::<usize>();
        self.charge(256 * entries);
        if self.is_bounded() {
            return true;
        }
        let parts = ["packages", "sources", "files", "commands", "services"];
        let parts = parts.map(|it| self.scenario.find(config, &[it]));
        state.anything |= parts.contains(&Found::Unknown);
        let [packages, sources, files, commands, services] = parts.map(|it| match it {
            Found::Node(node) => Some(node),
            _ => None,
        });
        for (_, list) in packages.into_iter().flat_map(Node::entries) {
            for (name, version) in list.entries() {
                // The address of an rpm stands behind its name.
                for part in [name, version].into_iter().filter(|it| it.kind() == Kind::Scalar) {
                    let place = Text::of(name).whole_place();
                    state.step(place, Does::Installs { package: part.text().to_owned() });
                }
            }
        }
        for (folder, _) in sources.into_iter().flat_map(Node::entries) {
            // An archive may hold any file.
            let folder = Text::of(folder);
            let place = folder.whole_place();
            state.anything |= folder.known().is_none_or(|it| AGENT_CONFIG.starts_with(it));
            state.doubt(&Word { text: folder, status: None, quoted: true, place });
        }
        for (key, file) in files.into_iter().flat_map(Node::entries) {
            self.file(key, file, state);
        }
        let mut sorted: Vec<_> = commands.into_iter().flat_map(Node::entries).collect();
        sorted.sort_by_key(|(key, _)| key.text());
        for (idx, (_, command)) in sorted.iter().enumerate() {
            let rest = || sorted[idx + 1..].iter().flat_map(|it| it.1.descendants());
            let hides =
                |state: &State<'t>| state.certain() && rest().any(|it| it.text().contains("ECS_CLUSTER="));
            if !self.init_command(*command, hides, state) {
                return false;
            }
        }
        for (_, list) in services.into_iter().flat_map(Node::entries) {
            for (name, service) in list.entries() {
                let runs = self.scenario.find(service, &["ensureRunning"]);
                let Found::Node(runs) = runs else { continue };
                if self.scenario.text(runs).is_some_and(|it| it.known() == Some("true")) {
                    let service = name.text().trim_end_matches(".service").to_owned();
                    let start = Start { services: vec![service], blocks: true };
                    self.start(start, Text::of(name).whole_place(), state);
                }
            }
        }
        state.deadlock.is_none()
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
        // `context` fills in what stands between `{{` and `}}`.
        let filled = self.scenario.find(file, &["context"]) != Found::Absent;
        let text = if filled { Text::symbol(Symbol::Unknown, key.span()) } else { text };
        let text = match self.scenario.find(file, &["encoding"]) {
            Found::Absent => text,
            Found::Node(node) if node.text() == "plain" => text,
            // Base64; that of more than text is not followed.
            _ => match text.known().and_then(base64::decode) {
                Some(decoded) => Text::decoded(&decoded, key.span()),
                None => Text::symbol(Symbol::Unknown, key.span()),
            },
        };
        let Some(name) = word.known() else {
            state.anything = true;
            return;
        };
        let certain = state.certain();
        let chunk = Chunk { text, certain, optional: false, path: place, command: place };
        let mode = self.scenario.find(file, &["mode"]);
        if matches!(mode, Found::Node(node) if node.text().contains(['1', '3', '5', '7']))
            || mode == Found::Unknown
        {
            state.executable.insert(name.to_owned());
        }
        state.write_file(name, chunk, false);
    }

    /// A command of a config: text for a shell, or a list of words. False when it fails and that counts.
    /// `hides` tells whether what stands behind it would set the cluster.
    fn init_command(
        &mut self,
        command: Node<'t>,
        hides: impl Fn(&State<'t>) -> bool,
        state: &mut State<'t>,
    ) -> bool {
        let Found::Node(node) = self.scenario.find(command, &["command"]) else {
            state.anything |= self.scenario.find(command, &["command"]) == Found::Unknown;
            return true;
        };
        let text = match self.scenario.value(node) {
            Resolved::Text(text) => text,
            Resolved::List(words) => {
                let mut res = Text::default();
                for word in words {
                    let Resolved::Text(word) = word else {
                        state.anything = true;
                        return true;
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
                return true;
            }
        };
        // A test decides whether the command runs.
        let runs = match self.scenario.find(command, &["test"]) {
            Found::Absent => Status::Known(0),
            Found::Unknown => Status::Unknown,
            Found::Node(test) => match self.scenario.text(test) {
                Some(test) => {
                    let mut trial = self.fork(state);
                    self.script(&test, &mut trial);
                    trial.status
                }
                None => Status::Unknown,
            },
        };
        if matches!(runs, Status::Known(code) if code != 0) {
            return true;
        }
        let mut inner = self.fork(state);
        inner.variables.clear();
        // It ends at the first command that fails: who comes as far as this knows that all went well.
        inner.guarded = true;
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
        let fails = matches!(inner.status, Status::Known(code) if code != 0) && inner.alive == Alive::Yes;
        inner.variables = state.variables.clone();
        inner.folder = state.folder.clone();
        inner.status = state.status.clone();
        inner.guarded = state.guarded;
        if runs != Status::Known(0) {
            let merged = std::mem::replace(state, State::new()).merge(inner);
            *state = merged;
            return true;
        }
        *state = inner;
        let counts = fails && !self.ignores_errors(command);
        if counts && hides(state) {
            let place = text.whole_place();
            state.stops.push(Stop { place, by: StopBy::Failure, hides_cluster: true, hides_signal: false });
        }
        !counts
    }

    /// Whether the next command runs although this one fails; true as well where it cannot be told.
    fn ignores_errors(&self, command: Node<'t>) -> bool {
        match self.scenario.find(command, &["ignoreErrors"]) {
            Found::Absent => false,
            Found::Unknown => true,
            Found::Node(node) => self.scenario.text(node).is_none_or(|it| it.known() != Some("false")),
        }
    }
}
