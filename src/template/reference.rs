//! The places where a template names something of its own.

use std::collections::HashSet;

use super::{Block, Expr, Function, Name, Site, SubPart, Template, sub_parts};
use crate::syntax::{Kind, Node};
use crate::text::Span;

/// The parameters that every template has.
pub const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// No more references than this are looked at; a template of 1 MB, the most that CloudFormation takes, has no more.
pub const MAX_REFERENCES: usize = 500_000;

/// A place where a template names something of its own.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'t> {
    /// Where it stands.
    pub site: Site<'t>,
    /// How it is written.
    pub form: Form,
    /// What it names.
    pub target: Target<'t>,
}

/// How a reference is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// With a function.
    Call(Function),
    /// `DependsOn` of a resource.
    DependsOn,
    /// `Condition` of a resource or an output.
    Condition,
}

/// What a reference names.
#[derive(Clone, Copy, Debug)]
pub enum Target<'t> {
    /// A parameter or a resource.
    Value(Name<'t>),
    /// An attribute of a resource.
    Attribute {
        /// The resource.
        resource: Name<'t>,
        /// The attribute; `None` where it is no literal.
        attribute: Option<Name<'t>>,
    },
    /// A resource and nothing else.
    Resource(Name<'t>),
    /// A condition.
    Condition(Name<'t>),
    /// A value of a mapping.
    Mapped {
        /// The mapping, the top level key, the second level key.
        keys: [Node<'t>; 3],
        /// Whether there is a `DefaultValue`.
        has_default: bool,
    },
    /// `${...}` in `Fn::Sub` with characters that no name may have; with the braces.
    Malformed(Name<'t>),
}

impl<'t> Target<'t> {
    /// The resource or parameter that is named.
    #[must_use]
    pub fn named(&self) -> Option<&'t str> {
        match self {
            Target::Value(name) | Target::Resource(name) | Target::Attribute { resource: name, .. } => {
                Some(name.text)
            }
            Target::Condition(_) | Target::Mapped { .. } | Target::Malformed(_) => None,
        }
    }
}

impl<'t> Template<'t> {
    /// The references, in the order of the sections, the entries and the text, up to [`MAX_REFERENCES`].
    #[must_use]
    pub fn references(&self) -> Vec<Reference<'t>> {
        let mut res = Vec::new();
        for (block, section) in [(Block::Resources, &self.resources), (Block::Outputs, &self.outputs)] {
            for entry in section {
                if res.len() >= MAX_REFERENCES {
                    break;
                }
                let site = Site { block, id: entry.id };
                if let Some(name) = entry.condition().filter(|it| it.tag().is_none()) {
                    let target = Target::Condition(Name::of(name));
                    res.push(Reference { site, form: Form::Condition, target });
                }
                if block == Block::Resources {
                    let names = entry.depends_on().filter(|it| it.tag().is_none()).map(Name::of);
                    let target = names.map(Target::Resource);
                    res.extend(target.map(|target| Reference { site, form: Form::DependsOn, target }));
                }
            }
        }
        self.each_call(|site, _, call| {
            if res.len() < MAX_REFERENCES {
                add(&mut res, site, call);
            }
        });
        res.truncate(MAX_REFERENCES);
        res
    }
}

fn add<'t>(res: &mut Vec<Reference<'t>>, site: Site<'t>, call: Expr<'t>) {
    let (function, target) = match call {
        Expr::Ref(operand) if operand.node.kind() == Kind::Scalar => {
            (Function::Ref, Target::Value(Name::of(operand.node)))
        }
        Expr::GetAtt { resource, attribute } => (Function::GetAtt, Target::Attribute { resource, attribute }),
        Expr::If { condition, .. } => (Function::If, Target::Condition(Name::of(condition))),
        Expr::Condition(name) => (Function::Condition, Target::Condition(Name::of(name))),
        Expr::FindInMap { keys, default } => {
            (Function::FindInMap, Target::Mapped { keys, has_default: default.is_some() })
        }
        // `[parameter, attribute]`
        Expr::Opaque { function: Function::ValueOf, operand } => match operand.node.items().next() {
            Some(name) if name.kind() == Kind::Scalar => (Function::ValueOf, Target::Value(Name::of(name))),
            _ => return,
        },
        Expr::Sub { text, variables } => return add_variables(res, site, text, variables),
        _ => return,
    };
    res.push(Reference { site, form: Form::Call(function), target });
}

/// Adds the variables of `Fn::Sub` that its own mapping does not have.
fn add_variables<'t>(
    res: &mut Vec<Reference<'t>>,
    site: Site<'t>,
    text: Node<'t>,
    variables: Option<Node<'t>>,
) {
    let raw = text.text();
    let map = text.text_map();
    let own: HashSet<&str> =
        variables.into_iter().flat_map(Node::entries).map(|(key, _)| key.text()).collect();
    let name = |start: usize, end: usize| {
        let span: Span = map.to_source(start, end).unwrap_or(text.span());
        Name { text: &raw[start..end], span }
    };
    for part in sub_parts(raw) {
        let target = match part {
            SubPart::Text(_) | SubPart::Escaped { .. } => continue,
            SubPart::Malformed(range) => Target::Malformed(name(range.start, range.end)),
            SubPart::Variable { name: range, .. } => {
                if own.contains(&raw[range.clone()]) {
                    continue;
                }
                match raw[range.clone()].find('.').map(|it| range.start + it) {
                    Some(dot) => Target::Attribute {
                        resource: name(range.start, dot),
                        attribute: Some(name(dot + 1, range.end)),
                    },
                    None => Target::Value(name(range.start, range.end)),
                }
            }
        };
        res.push(Reference { site, form: Form::Call(Function::Sub), target });
    }
}
