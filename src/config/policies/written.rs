//! The keys of a policy, and the shapes that stand behind them.

use serde_json::json;

use super::values::{Expression, KindGlob, Number, OwnCode, PolicyName, TypeGlob};
use crate::config::keys::{Key, Keyed, keys};
use crate::config::read::{Line, Setting};
use crate::config::{Name, Problem, Said, Value, problem};
use crate::diagnostic::Severity;
use crate::policy::{Path, Wording};
use crate::syntax::{Kind, Node};
use crate::text::{Span, TextMap};

/// A policy as it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Written {
    pub(super) code: Option<Said<OwnCode>>,
    pub(super) name: Option<Said<PolicyName>>,
    pub(super) severity: Option<Said<Severity>>,
    pub(super) resources: OneOrMany<TypeGlob>,
    pub(super) fleets: OneOrMany<KindGlob>,
    pub(super) when: Claims,
    pub(super) assert: Claims,
    pub(super) message: Option<Said<Wording>>,
    pub(super) help: Option<Said<Wording>>,
    pub(super) examples: Examples,
}

/// A claim as it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct WrittenClaim {
    pub(super) path: Option<Said<Path>>,
    pub(super) all: Option<Said<Path>>,
    pub(super) any: Option<Said<Path>>,
    pub(super) none: Option<Said<Path>>,
    pub(super) exists: Option<Said<bool>>,
    pub(super) absent: Option<Said<bool>>,
    pub(super) equals: Option<Said<String>>,
    pub(super) not_equals: Option<Said<String>>,
    pub(super) is_in: Vec<Said<String>>,
    pub(super) not_in: Vec<Said<String>>,
    pub(super) matches: Option<Said<Expression>>,
    pub(super) not_matches: Option<Said<Expression>>,
    pub(super) contains: Option<Said<Name>>,
    pub(super) not_contains: Option<Said<Name>>,
    pub(super) less_than: Option<Said<Number>>,
    pub(super) at_most: Option<Said<Number>>,
    pub(super) more_than: Option<Said<Number>>,
    pub(super) at_least: Option<Said<Number>>,
}

/// The examples of a policy as they are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Examples {
    pub(super) good: Templates,
    pub(super) bad: Templates,
}

impl Keyed for Written {
    const WHAT: &'static str = "a policy";
    const KEYS: &'static [Key<Written>] = keys! { Written;
        "code" code: "Its code: capital letters and digits, not beginning with ECS. It works wherever codes of rules do.",
        "name" name: "Its name in two or three words, as `group-too-large`.",
        "severity" severity: "How bad it is when it does not hold. Default: warning.",
        "resources" resources: "It is about resources of this type or these types; * stands for anything.",
        "fleets" fleets: "It is about fleets of this kind or these kinds; * stands for all.",
        "when" when: "What has to be proved for the policy to count.",
        "assert" assert: "What must hold.",
        "message" message: "What is said when it does not; {value}, {path}, {resource} and {type} are filled in.",
        "help" help: "What to do then; filled in like the message.",
        "examples" examples: "Templates that show it: `ecslint policy test` runs them.",
    };
}

impl Keyed for WrittenClaim {
    const WHAT: &'static str = "a claim";
    const KEYS: &'static [Key<WrittenClaim>] = keys! { WrittenClaim;
        "path" path: "Where the value stands: Properties.MaxSize, Properties.Tags[*].Key; of a fleet a field of the report: ssh.port_22.",
        "all" all: "The same; each value must be so.",
        "any" any: "Where the values stand, of which one at least must be so.",
        "none" none: "Where the values stand, of which none must be so.",
        "exists" exists: "Whether it is there.",
        "absent" absent: "Whether it is not there.",
        "equals" equals: "It is this text.",
        "not-equals" not_equals: "It is not this text.",
        "in" is_in: "It is one of these texts.",
        "not-in" not_in: "It is none of these texts.",
        "matches" matches: "This regular expression is found in it.",
        "not-matches" not_matches: "This regular expression is not found in it.",
        "contains" contains: "The text has this in it, or the list has it.",
        "not-contains" not_contains: "Neither the text nor the list has it.",
        "less-than" less_than: "It is a number below this.",
        "at-most" at_most: "It is a number not above this.",
        "more-than" more_than: "It is a number above this.",
        "at-least" at_least: "It is a number not below this.",
    };
}

impl Keyed for Examples {
    const WHAT: &'static str = "what stands behind `examples`";
    const KEYS: &'static [Key<Examples>] = keys! { Examples;
        "good" good: "Templates in which the policy finds nothing.",
        "bad" bad: "Templates in which it finds something.",
    };
}

/// One value, or a list of some.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OneOrMany<T>(pub(super) Vec<Said<T>>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany(Vec::new())
    }
}

impl<T: Value> Setting for OneOrMany<T> {
    fn read(&mut self, key: &str, node: Node<'_>, problems: &mut Vec<Problem>) {
        if node.kind() == Kind::Sequence {
            self.0.read(key, node, problems);
        } else {
            let mut one: Option<Said<T>> = None;
            one.read(key, node, problems);
            self.0.extend(one);
        }
    }

    fn schema() -> serde_json::Value {
        json!({"anyOf": [T::schema(), Vec::<Said<T>>::schema()]})
    }

    fn show(&self) -> Vec<Line> {
        self.0.show()
    }
}

/// One claim, or a list of some; each with the place of its first key.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Claims(pub(super) Vec<(WrittenClaim, Span)>);

impl Setting for Claims {
    fn read(&mut self, key: &str, node: Node<'_>, problems: &mut Vec<Problem>) {
        let is_list = node.kind() == Kind::Sequence;
        let items = if is_list { node.items().collect() } else { vec![node] };
        for item in items {
            let mut claim = WrittenClaim::default();
            claim.read(key, item, problems);
            self.0.push((claim, first_key(item)));
        }
    }

    fn schema() -> serde_json::Value {
        let one = WrittenClaim::schema();
        json!({"anyOf": [one, {"type": "array", "items": one}]})
    }

    fn show(&self) -> Vec<Line> {
        self.0.iter().flat_map(|(it, _)| super::item(it.show())).collect()
    }
}

/// What stands for a mapping as a whole: its first key.
pub(super) fn first_key(node: Node<'_>) -> Span {
    node.entries().next().map_or(node.span(), |(key, _)| key.span())
}

/// Templates, with the way from each back to its file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Templates(pub(super) Vec<(String, TextMap, Span)>);

impl Setting for Templates {
    fn read(&mut self, key: &str, node: Node<'_>, problems: &mut Vec<Problem>) {
        if node.kind() != Kind::Sequence {
            problems.push(problem(node, format!("`{key}` has to be a list of templates as text: `- |`")));
        }
        for item in node.items() {
            if item.kind() == Kind::Scalar {
                self.0.push((item.text().to_owned(), item.text_map(), item.span()));
            } else {
                let message = "an example is a template as text: write `- |` before it".to_owned();
                problems.push(Problem { span: first_key(item), message });
            }
        }
    }

    fn schema() -> serde_json::Value {
        json!({"type": "array", "items": {"type": "string"}})
    }

    /// They decide about nothing.
    fn show(&self) -> Vec<Line> {
        Vec::new()
    }
}
