//! What a deployment has to know of its template: parameters, resources with their lines, what waits, what it needs.

use std::collections::BTreeMap;

use super::needs::Needs;
use crate::model;
use crate::syntax::{self, Kind, Node};
use crate::template::{Entry, Expr, Template, expr};
use crate::text::{Span, decode};

/// A parameter, as far as it matters for asking for it and handing it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `String`, `AWS::EC2::KeyPair::KeyName`, ...
    pub type_name: String,
    /// What it is when nobody says; `None` where somebody has to.
    pub default: Option<String>,
    /// Whether its value is a secret: any `NoEcho` that is not plainly `false`.
    pub secret: bool,
    /// What it is for, in the author's words.
    pub description: String,
    /// The values it may have; empty where any.
    pub allowed: Vec<String>,
}

/// A resource that CloudFormation will make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its type.
    pub type_name: String,
    /// Where its logical id stands.
    pub span: Span,
    /// The signals that it waits for.
    pub waits: Option<Waits>,
}

/// What a `CreationPolicy` or wait condition waits for. What is no plain number is what CloudFormation takes when
/// nothing is said: one signal, five minutes (CreationPolicy attribute in the CloudFormation user guide).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// How many signals.
    pub count: u32,
    /// For how many seconds; `None` where only deployment can tell.
    pub seconds: Option<u64>,
}

/// What a deployment has to know.
#[derive(Clone, Debug, Default)]
pub struct Brief {
    /// In the order of the template.
    pub parameters: Vec<Parameter>,
    /// By logical id.
    pub resources: BTreeMap<String, Resource>,
    /// Which capabilities it needs.
    pub needs: Needs,
}

impl Brief {
    /// Where there is no template.
    #[must_use]
    pub const fn nothing() -> Brief {
        let needs = Needs { n_iam: 0, n_named: 0, expands: false };
        Brief { parameters: Vec::new(), resources: BTreeMap::new(), needs }
    }

    /// Reads it from the bytes of a template, with the values that parameters are given; `None` when they are none.
    #[must_use]
    pub fn of(bytes: &[u8], given: &BTreeMap<String, String>) -> Option<Brief> {
        let parse = syntax::parse(decode(bytes).ok()?);
        let root = parse.tree.roots().find(|it| Template::is_one(*it))?;
        let template = Template::new(root);
        let parameters: Vec<_> = template.parameters.iter().map(parameter).collect();
        let value = |name: &str| {
            let default = || parameters.iter().find(|it| it.name == name)?.default.clone();
            given.get(name).cloned().or_else(default)
        };
        let resources = template.resources.iter().map(|it| (it.id.to_owned(), resource(it, &value)));
        Some(Brief { resources: resources.collect(), parameters, needs: Needs::of(&template) })
    }

    /// The names of parameters whose values are secrets.
    #[must_use]
    pub fn is_secret(&self, name: &str) -> bool {
        self.parameters.iter().any(|it| it.name == name && it.secret)
    }
}

/// What is written out, with no function around it.
fn plain<'t>(node: Node<'t>) -> Option<&'t str> {
    (node.kind() == Kind::Scalar && node.tag().is_none()).then(|| node.text())
}

fn text(node: Option<Node<'_>>) -> Option<String> {
    node.and_then(plain).map(str::to_owned)
}

fn parameter(entry: &Entry<'_>) -> Parameter {
    let get = |key: &str| entry.node.get(key);
    let default = get("Default").map(|it| match plain(it) {
        Some(text) => text.to_owned(),
        None => it.items().filter_map(plain).collect::<Vec<_>>().join(","),
    });
    Parameter {
        name: entry.id.to_owned(),
        type_name: text(get("Type")).unwrap_or_default(),
        default,
        secret: get("NoEcho").is_some_and(|it| !plain(it).is_some_and(|it| it.eq_ignore_ascii_case("false"))),
        description: text(get("Description")).unwrap_or_default(),
        allowed: get("AllowedValues")
            .into_iter()
            .flat_map(|it| it.items().collect::<Vec<_>>())
            .filter_map(|it| plain(it).map(str::to_owned))
            .collect(),
    }
}

/// What parameters are, by name.
type Values<'v> = dyn Fn(&str) -> Option<String> + 'v;

fn resource(entry: &Entry<'_>, values: &Values<'_>) -> Resource {
    let signal = entry.node.get("CreationPolicy").and_then(|it| it.get("ResourceSignal"));
    let waits = match entry.type_name() {
        "AWS::CloudFormation::WaitCondition" => {
            let get = |key| entry.properties().and_then(|it| it.get(key));
            Some(waits(get("Count"), get("Timeout"), seconds_plain, values))
        }
        _ => signal.map(|it| waits(it.get("Count"), it.get("Timeout"), model::seconds, values)),
    };
    Resource {
        type_name: entry.type_name().to_owned(),
        span: entry.key.span(),
        waits: waits.filter(|it| it.count > 0),
    }
}

fn waits(
    count: Option<Node<'_>>,
    timeout: Option<Node<'_>>,
    read: fn(&str) -> Option<u64>,
    values: &Values<'_>,
) -> Waits {
    let value = |node: Node<'_>| match expr(node) {
        Expr::Ref(name) => values(name.node.text()),
        _ => plain(node).map(str::to_owned),
    };
    let count = count.map_or(Some(1), |it| value(it)?.trim().parse().ok()).unwrap_or(1);
    let seconds = timeout.map_or(Some(300), |it| read(&value(it)?));
    Waits { count, seconds }
}

fn seconds_plain(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_tells() {
        let brief = Brief::of(
            b"Parameters:
  Key: {Type: AWS::EC2::KeyPair::KeyName, Description: to log in}
  Secret: {Type: String, NoEcho: true, Default: x}
  N: {Type: Number, Default: 3}
  Nets: {Type: CommaDelimitedList, Default: 'a,b', AllowedValues: [a, b]}
Resources:
  Asg:
    Type: AWS::AutoScaling::AutoScalingGroup
    CreationPolicy: {ResourceSignal: {Count: 2, Timeout: PT10M}}
  Wait:
    Type: AWS::CloudFormation::WaitCondition
    Properties: {Timeout: '90', Handle: !Ref H}
  Later:
    Type: AWS::AutoScaling::AutoScalingGroup
    CreationPolicy: {ResourceSignal: {Timeout: !Ref T, Count: !Ref N}}
",
            &BTreeMap::new(),
        );
        let brief = brief.expect("a template");
        let names: Vec<_> = brief.parameters.iter().map(|it| (it.name.as_str(), it.secret)).collect();
        assert_eq!(names, [("Key", false), ("Secret", true), ("N", false), ("Nets", false)]);
        assert_eq!(brief.parameters[0].default, None);
        assert_eq!(brief.parameters[3].allowed, ["a", "b"]);
        let waits = |id: &str| brief.resources[id].waits;
        assert_eq!(waits("Asg"), Some(Waits { count: 2, seconds: Some(600) }));
        assert_eq!(waits("Wait"), Some(Waits { count: 1, seconds: Some(90) }));
        assert_eq!(waits("Later"), Some(Waits { count: 3, seconds: None }));
        assert!(brief.is_secret("Secret") && !brief.is_secret("Key"));
        assert!(Brief::of(b"a: b", &BTreeMap::new()).is_none());
    }
}
