//! Reads policy documents: mappings of the template, JSON text in it, and the policies of AWS.

use super::policy::{Actions, Effect, Resources, Statement, Words};
use crate::resolve::{Found, PieceKind, SYMBOL, Scenario, Symbol, Text, Value};
use crate::syntax::{self, Kind, Node};
use crate::text::Span;

/// The statements of a document, and whether there may be others.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) statements: Vec<Statement>,
    pub(super) unknown: bool,
}

/// The document at a property of the template: a mapping, or its text as JSON.
pub(super) fn of_property<'t>(scenario: &Scenario<'_, 't>, found: Found<'t>) -> Document {
    let Found::Node(node) = found else {
        return Document { statements: Vec::new(), unknown: found == Found::Unknown };
    };
    match scenario.value(node) {
        Value::Map(node) => read(&InTemplate(scenario), node),
        Value::Text(text) => of_text(&text),
        _ => Document { statements: Vec::new(), unknown: true },
    }
}

/// The document that a text is. Places lead through the text to the template.
pub(super) fn of_text(text: &Text<'_>) -> Document {
    let parse = syntax::parse(text.as_str());
    match parse.tree.roots().next() {
        Some(root) if !parse.is_cut() && root.kind() == Kind::Mapping => read(&InText(Some(text)), root),
        _ => Document { statements: Vec::new(), unknown: true },
    }
}

/// A document of AWS's own.
pub(super) fn of_aws(document: &str) -> Document {
    let parse = syntax::parse(document);
    parse.tree.roots().next().map_or_else(Document::default, |it| read(&InText(None), it))
}

/// How the parts of a document are found.
trait Reader<'n> {
    fn find(&self, node: Node<'n>, key: &str) -> Found<'n>;
    /// The items of a list; what is none is taken for a list of one.
    fn items(&self, node: Node<'n>) -> Vec<Found<'n>>;
    /// The texts of a scalar or a list; `None` when some cannot be told.
    fn words(&self, node: Node<'n>) -> Option<Vec<Words>>;
    fn span(&self, node: Node<'n>) -> Option<Span>;
}

struct InTemplate<'a, 'w, 't>(&'a Scenario<'w, 't>);

/// In a text of the template, or in one of AWS.
struct InText<'a, 't>(Option<&'a Text<'t>>);

impl<'t> Reader<'t> for InTemplate<'_, '_, 't> {
    fn find(&self, node: Node<'t>, key: &str) -> Found<'t> {
        self.0.find(node, &[key])
    }

    fn items(&self, node: Node<'t>) -> Vec<Found<'t>> {
        self.0.items(node).unwrap_or_else(|| vec![Found::Node(node)])
    }

    fn words(&self, node: Node<'t>) -> Option<Vec<Words>> {
        let mut res = Vec::new();
        words_of(self.0, self.0.value(node), node.full_span(), &mut res).then_some(res)
    }

    fn span(&self, node: Node<'t>) -> Option<Span> {
        Some(node.full_span())
    }
}

fn words_of<'t>(
    scenario: &Scenario<'_, 't>,
    value: Value<'t>,
    otherwise: Span,
    res: &mut Vec<Words>,
) -> bool {
    match value {
        Value::Text(text) => {
            let span = text.whole_place().map_or(otherwise, |it| it.span);
            res.push(Words { text: with_arns(scenario, &text), span: Some(span) });
            true
        }
        Value::List(values) => values.into_iter().all(|it| words_of(scenario, it, otherwise, res)),
        Value::Nothing => true,
        Value::Map(_) | Value::Unknown => false,
    }
}

/// The text with the ARNs of clusters and log groups of the template in their known form, so that it can be told
/// what kind of resource they name.
fn with_arns(scenario: &Scenario<'_, '_>, text: &Text<'_>) -> String {
    let mut res = String::with_capacity(text.len());
    for piece in text.pieces() {
        let kind = match &piece.kind {
            PieceKind::Symbol(Symbol::Attribute { resource, attribute: "Arn" }) => {
                scenario.template().resource(resource).map_or("", |it| it.type_name())
            }
            _ => "",
        };
        match kind {
            "AWS::ECS::Cluster" => res.push_str(CLUSTER),
            "AWS::Logs::LogGroup" => res.push_str(LOG_GROUP),
            _ => res.push_str(&text.as_str()[piece.range.clone()]),
        }
    }
    res
}

/// The ARN of a cluster; `U+E000` is [`crate::resolve::SYMBOL`].
const CLUSTER: &str = "arn:\u{e000}:ecs:\u{e000}:\u{e000}:cluster/\u{e000}";

/// The ARN of a log group.
const LOG_GROUP: &str = "arn:\u{e000}:logs:\u{e000}:\u{e000}:log-group:\u{e000}:*";

impl<'n> Reader<'n> for InText<'_, '_> {
    fn find(&self, node: Node<'n>, key: &str) -> Found<'n> {
        node.get(key).map_or(Found::Absent, Found::Node)
    }

    fn items(&self, node: Node<'n>) -> Vec<Found<'n>> {
        match node.kind() {
            Kind::Sequence => node.items().map(Found::Node).collect(),
            _ => vec![Found::Node(node)],
        }
    }

    fn words(&self, node: Node<'n>) -> Option<Vec<Words>> {
        let one = |it: Node<'n>| {
            let inner = Text::of(it).whole_place().map(|it| it.span);
            let span = inner.map_or_else(|| self.span(it), |it| self.place(it));
            let words = Words { text: it.text().to_owned(), span };
            (it.kind() == Kind::Scalar).then_some(words)
        };
        match node.kind() {
            Kind::Sequence => node.items().map(one).collect(),
            _ => Some(vec![one(node)?]),
        }
    }

    fn span(&self, node: Node<'n>) -> Option<Span> {
        self.place(node.full_span())
    }
}

impl InText<'_, '_> {
    /// The place in the template of a place in the text.
    fn place(&self, span: Span) -> Option<Span> {
        Some(self.0?.place(span.start as usize..span.end as usize)?.span)
    }
}

fn read<'n>(reader: &dyn Reader<'n>, root: Node<'n>) -> Document {
    let mut res = Document::default();
    let list = match reader.find(root, "Statement") {
        Found::Node(list) => list,
        found => return Document { statements: Vec::new(), unknown: found == Found::Unknown },
    };
    for item in reader.items(list) {
        match item {
            Found::Node(node) => match statement(reader, node) {
                Some(statement) => res.statements.push(statement),
                None => res.unknown = true,
            },
            _ => res.unknown = true,
        }
    }
    res
}

fn statement<'n>(reader: &dyn Reader<'n>, node: Node<'n>) -> Option<Statement> {
    let words = |key| match reader.find(node, key) {
        Found::Node(it) => Some(reader.words(it)),
        Found::Unknown => Some(None),
        Found::Absent => None,
    };
    let effect = words("Effect")??;
    let effect = match effect.first()?.text.as_str() {
        "Allow" => Effect::Allow,
        "Deny" => Effect::Deny,
        _ => return None,
    };
    let actions = match (words("Action"), words("NotAction")) {
        (Some(Some(list)), _) => Actions::Only(list),
        (None, Some(Some(list))) => Actions::AllBut(list),
        (None, None) => Actions::Only(Vec::new()),
        _ => Actions::Unknown,
    };
    let resources = match words("Resource") {
        Some(Some(list)) => Resources::Only(list),
        _ => Resources::Unknown,
    };
    let (services, other_principals) = principals(reader, node);
    let conditional = match reader.find(node, "Condition") {
        Found::Node(condition) => !is_own_cluster(reader, condition),
        Found::Unknown => true,
        Found::Absent => false,
    };
    let span = reader.span(node);
    Some(Statement { effect, actions, resources, services, other_principals, conditional, span })
}

/// Whether a condition asks for nothing but a cluster of the stack under `ecs:cluster`, as the CDK writes it for
/// `ecs:Poll`. The name is taken to be that of the cluster that the instances join, when it is not written out.
fn is_own_cluster<'n>(reader: &dyn Reader<'n>, condition: Node<'n>) -> bool {
    let mut tests = condition.entries();
    let (Some((operator, test)), None) = (tests.next(), tests.next()) else { return false };
    let mut keys = test.entries();
    let (Some((key, value)), None) = (keys.next(), keys.next()) else { return false };
    let own = |it: &Words| {
        let name = it.text.rsplit_once(":cluster/").map(|(_, name)| name);
        name.is_some_and(|it| it.contains([SYMBOL, '*']))
    };
    ["ArnEquals", "ArnLike", "StringEquals", "StringLike"].contains(&operator.text())
        && key.text().eq_ignore_ascii_case("ecs:cluster")
        && reader.words(value).is_some_and(|it| !it.is_empty() && it.iter().all(own))
}

/// The services under `Principal`, and whether there is anything else.
fn principals<'n>(reader: &dyn Reader<'n>, node: Node<'n>) -> (Vec<Words>, bool) {
    let principal = match reader.find(node, "Principal") {
        Found::Node(principal) => principal,
        Found::Unknown => return (Vec::new(), true),
        Found::Absent => return (Vec::new(), reader.find(node, "NotPrincipal") != Found::Absent),
    };
    if principal.kind() != Kind::Mapping {
        return (Vec::new(), true);
    }
    match reader.find(principal, "Service") {
        Found::Node(list) => match reader.words(list) {
            Some(services) => (services, false),
            None => (Vec::new(), true),
        },
        Found::Unknown => (Vec::new(), true),
        // Accounts and users are no service.
        Found::Absent => (Vec::new(), false),
    }
}
