//! The calls of intrinsic functions, in their short and long forms, read one level at a time.
//!
//! [`expr`] looks at one node and says what it is; the operands are nodes again. So nothing is built beside the
//! tree, and what nobody asks for costs nothing.

use super::Function;
use crate::syntax::{Kind, Node};
use crate::text::Span;

/// A node as an operand of a function: with its tag, or without when the tag is the function's own
/// (`!Base64` before a mapping).
#[derive(Clone, Copy, Debug)]
pub struct Operand<'t> {
    /// The node.
    pub node: Node<'t>,
    /// Whether its tag has been read already.
    pub without_tag: bool,
}

/// A name inside the template, with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'t> {
    /// The name.
    pub text: &'t str,
    /// Where it stands.
    pub span: Span,
}

/// What a node is to CloudFormation.
#[derive(Clone, Debug)]
pub enum Expr<'t> {
    /// Text, number, boolean, null.
    Scalar(Node<'t>),
    /// A plain list.
    List(Node<'t>),
    /// A plain mapping.
    Map(Node<'t>),
    /// A YAML alias, which CloudFormation refuses.
    Alias(Node<'t>),
    /// `Ref`; a mapping where `AWS::LanguageExtensions` has a function inside.
    Ref(Operand<'t>),
    /// `Fn::GetAtt`
    GetAtt {
        /// The logical id.
        resource: Name<'t>,
        /// The attribute; `None` where it is no literal.
        attribute: Option<Name<'t>>,
    },
    /// `Fn::Sub`
    Sub {
        /// The text; a scalar.
        text: Node<'t>,
        /// The mapping of its own variables.
        variables: Option<Node<'t>>,
    },
    /// `Fn::Join`
    Join {
        /// A scalar.
        delimiter: Node<'t>,
        /// What is joined.
        list: Node<'t>,
    },
    /// `Fn::Select`
    Select {
        /// From 0.
        index: Node<'t>,
        /// A list.
        list: Node<'t>,
    },
    /// `Fn::Split`
    Split {
        /// A scalar.
        delimiter: Node<'t>,
        /// What is split.
        text: Node<'t>,
    },
    /// `Fn::FindInMap`
    FindInMap {
        /// The mapping, the top level key, the second level key.
        keys: [Node<'t>; 3],
        /// `DefaultValue` of `AWS::LanguageExtensions`.
        default: Option<Node<'t>>,
    },
    /// `Fn::If`
    If {
        /// The name of the condition.
        condition: Node<'t>,
        /// The value when it holds.
        then: Node<'t>,
        /// The value when it does not.
        otherwise: Node<'t>,
    },
    /// `Fn::Equals`
    Equals(Node<'t>, Node<'t>),
    /// `Fn::And`, with the list.
    And(Node<'t>),
    /// `Fn::Or`, with the list.
    Or(Node<'t>),
    /// `Fn::Not`
    Not(Node<'t>),
    /// `Condition`, a condition by name.
    Condition(Node<'t>),
    /// `Fn::Base64`
    Base64(Operand<'t>),
    /// A function whose value only AWS can tell, or that says nothing about a fleet.
    Opaque {
        /// Which.
        function: Function,
        /// Its operand.
        operand: Operand<'t>,
    },
    /// A function with arguments of the wrong number, type or place.
    Misused(Misuse<'t>),
}

/// A call that CloudFormation refuses.
#[derive(Clone, Debug)]
pub struct Misuse<'t> {
    /// Which function.
    pub function: Function,
    /// The call.
    pub node: Node<'t>,
    /// What it takes: "takes a delimiter and a list".
    pub takes: &'static str,
}

impl<'t> Name<'t> {
    /// The whole scalar as a name.
    #[must_use]
    pub fn of(node: Node<'t>) -> Name<'t> {
        Name { text: node.text(), span: node.span() }
    }
}

impl<'t> From<Node<'t>> for Operand<'t> {
    fn from(node: Node<'t>) -> Operand<'t> {
        Operand { node, without_tag: false }
    }
}

/// Says what a node is: a plain value, or a function with its operands.
///
/// A mapping is a call when its only key is a function's name. `{Condition: Name}` with a text is a call as well
/// (in statements of policies a mapping stands there).
#[must_use]
pub fn expr<'t>(operand: impl Into<Operand<'t>>) -> Expr<'t> {
    let Operand { node, without_tag } = operand.into();
    if !without_tag && let Some(function) = node.tag().and_then(|tag| Function::of_tag(tag.name)) {
        return call(function, node, Operand { node, without_tag: true });
    }
    match node.kind() {
        Kind::Alias => Expr::Alias(node),
        Kind::Scalar => Expr::Scalar(node),
        Kind::Sequence => Expr::List(node),
        Kind::Mapping => {
            let mut entries = node.entries();
            let (Some((key, value)), None) = (entries.next(), entries.next()) else { return Expr::Map(node) };
            match Function::of_key(key.text()) {
                Some(function) => call(function, node, value.into()),
                None if key.text() == "Condition" && value.kind() == Kind::Scalar => Expr::Condition(value),
                None => Expr::Map(node),
            }
        }
    }
}

fn call<'t>(function: Function, whole: Node<'t>, operand: Operand<'t>) -> Expr<'t> {
    let node = operand.node;
    // One more than any function takes, so that too many are seen.
    let args: Vec<_> = node.items().take(5).collect();
    let (parsed, takes) = match function {
        Function::Ref => {
            let fits = matches!(node.kind(), Kind::Scalar | Kind::Mapping);
            (fits.then_some(Expr::Ref(operand)), "takes the name of a parameter or a resource")
        }
        Function::GetAtt => (get_att(node), "takes a resource and one of its attributes"),
        Function::Sub => (substitution(node, &args), "takes a text, or a list of a text and a mapping"),
        Function::Join => (join(&args), "takes a delimiter and a list"),
        Function::Select => (select(&args), "takes an index and a list"),
        Function::Split => (split(&args), "takes a delimiter and a text"),
        Function::FindInMap => {
            (find_in_map(&args), "takes a mapping, a top level key and a second level key")
        }
        Function::If => (condition_if(&args), "takes the name of a condition and two values"),
        Function::Equals => {
            let res = <[_; 2]>::try_from(args).ok().map(|[left, right]| Expr::Equals(left, right));
            (res, "takes two values")
        }
        // CloudFormation takes 2 to 10.
        Function::And => ((args.len() > 1).then_some(Expr::And(node)), "takes a list of 2 to 10 conditions"),
        Function::Or => ((args.len() > 1).then_some(Expr::Or(node)), "takes a list of 2 to 10 conditions"),
        Function::Not => {
            let res = <[_; 1]>::try_from(args).ok().map(|[condition]| Expr::Not(condition));
            (res, "takes a list of one condition")
        }
        Function::Condition => {
            (is_plain_scalar(operand).then_some(Expr::Condition(node)), "takes the name of a condition")
        }
        Function::Base64 => ((!is_list(node)).then_some(Expr::Base64(operand)), "takes a text"),
        _ => (Some(Expr::Opaque { function, operand }), ""),
    };
    parsed.unwrap_or(Expr::Misused(Misuse { function, node: whole, takes }))
}

fn get_att(node: Node<'_>) -> Option<Expr<'_>> {
    if node.kind() == Kind::Scalar {
        let text = node.text();
        let map = node.text_map();
        let dot = text.find('.')?;
        let name = |start, end| Some(Name { text: &text[start..end], span: map.to_source(start, end)? });
        return Some(Expr::GetAtt { resource: name(0, dot)?, attribute: Some(name(dot + 1, text.len())?) });
    }
    let mut items = node.items();
    let (resource, attribute) = (items.next()?, items.next()?);
    // `[Nested, Outputs, X]` is read as `Nested.Outputs.X`.
    let rest = items.next().is_some();
    if !is_plain_scalar(resource.into()) {
        return None;
    }
    let literal = (!rest && is_plain_scalar(attribute.into())).then_some(attribute);
    Some(Expr::GetAtt { resource: Name::of(resource), attribute: literal.map(Name::of) })
}

fn substitution<'t>(node: Node<'t>, args: &[Node<'t>]) -> Option<Expr<'t>> {
    let (text, variables) = match args {
        [] if node.kind() == Kind::Scalar => (node, None),
        [text] => (*text, None),
        [text, variables] if variables.kind() == Kind::Mapping => (*text, Some(*variables)),
        _ => return None,
    };
    (text.kind() == Kind::Scalar).then_some(Expr::Sub { text, variables })
}

fn join<'t>(args: &[Node<'t>]) -> Option<Expr<'t>> {
    let [delimiter, list] = *args else { return None };
    let fits = delimiter.kind() == Kind::Scalar && !is_plain_scalar(list.into());
    fits.then_some(Expr::Join { delimiter, list })
}

fn select<'t>(args: &[Node<'t>]) -> Option<Expr<'t>> {
    let [index, list] = *args else { return None };
    (!is_list(index) && !is_plain_scalar(list.into())).then_some(Expr::Select { index, list })
}

fn split<'t>(args: &[Node<'t>]) -> Option<Expr<'t>> {
    let [delimiter, text] = *args else { return None };
    (delimiter.kind() == Kind::Scalar && !is_list(text)).then_some(Expr::Split { delimiter, text })
}

fn find_in_map<'t>(args: &[Node<'t>]) -> Option<Expr<'t>> {
    match *args {
        [map, first, second] => Some(Expr::FindInMap { keys: [map, first, second], default: None }),
        [map, first, second, options] => {
            let default = Some(options.get("DefaultValue")?);
            Some(Expr::FindInMap { keys: [map, first, second], default })
        }
        _ => None,
    }
}

fn condition_if<'t>(args: &[Node<'t>]) -> Option<Expr<'t>> {
    let [condition, then, otherwise] = *args else { return None };
    is_plain_scalar(condition.into()).then_some(Expr::If { condition, then, otherwise })
}

fn is_list(node: Node<'_>) -> bool {
    node.kind() == Kind::Sequence && node.tag().is_none()
}

/// A scalar that is no function by its tag.
fn is_plain_scalar(operand: Operand<'_>) -> bool {
    let Operand { node, without_tag } = operand;
    let called = !without_tag && node.tag().is_some_and(|it| Function::of_tag(it.name).is_some());
    node.kind() == Kind::Scalar && !called
}
