//! What waits for a signal while the stack is created.

use crate::resolve::{Found, Scenario};
use crate::template::Entry;
use crate::text::Span;

/// A resource that waits for signals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting<'t> {
    /// Its logical id.
    pub id: &'t str,
    /// Where the id stands.
    pub key: Span,
    /// `CreationPolicy` or, where only updates wait, `UpdatePolicy`.
    pub policy: Span,
    /// Waits while it is created, not only while it is updated.
    pub on_creation: bool,
    /// A wait condition, which is told through a URL.
    pub by_url: bool,
    /// How many signals it waits for; `None` where only deployment can tell.
    pub count: Option<u32>,
    /// Where that number stands.
    pub count_span: Option<Span>,
}

/// The types that a `CreationPolicy` works on (CreationPolicy attribute in the CloudFormation user guide).
const SUPPORTED: [&str; 3] =
    ["AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::CloudFormation::WaitCondition"];

/// What `resource` waits for in this scenario. `Err` when only deployment can tell.
///
/// # Errors
/// `Unknowable` when a condition or macro that is not known decides.
pub fn waiting<'t>(
    scenario: &Scenario<'_, 't>,
    resource: &Entry<'t>,
) -> Result<Option<Waiting<'t>>, Unknowable> {
    let by_url = resource.type_name() == "AWS::CloudFormation::WaitCondition";
    if !SUPPORTED.contains(&resource.type_name()) {
        return Ok(None);
    }
    let res = |policy, on_creation, by_url, count, count_span| Waiting {
        id: resource.id,
        key: resource.key.span(),
        policy,
        on_creation,
        by_url,
        count,
        count_span,
    };
    match scenario.find(resource.node, &["CreationPolicy", "ResourceSignal"]) {
        Found::Node(node) => {
            let found = scenario.find(node, &["Count"]);
            let count = number(scenario, found);
            // A count of 0 waits for nothing.
            if count != Some(0) {
                let policy = policy_span(resource, "CreationPolicy", node.span());
                return Ok(Some(res(policy, true, false, count, span_of(found))));
            }
        }
        Found::Unknown => return Err(Unknowable),
        Found::Absent => {}
    }
    if by_url {
        let found = scenario.property(resource, &["Count"]);
        let count = number(scenario, found);
        return Ok(Some(res(resource.key.span(), true, true, count, span_of(found))));
    }
    let rolling = &["UpdatePolicy", "AutoScalingRollingUpdate", "WaitOnResourceSignals"];
    match scenario.find(resource.node, rolling) {
        Found::Node(node) => match scenario.text(node) {
            Some(text) if text.known() == Some("true") => {
                let policy = policy_span(resource, "UpdatePolicy", node.span());
                Ok(Some(res(policy, false, false, Some(1), None)))
            }
            Some(text) if text.known().is_some() => Ok(None),
            _ => Err(Unknowable),
        },
        Found::Unknown => Err(Unknowable),
        Found::Absent => Ok(None),
    }
}

/// Only deployment can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknowable;

fn policy_span(resource: &Entry<'_>, key: &str, otherwise: Span) -> Span {
    resource.node.entry(key).map_or(otherwise, |(key, _)| key.span())
}

fn span_of(found: Found<'_>) -> Option<Span> {
    match found {
        Found::Node(node) => Some(node.span()),
        _ => None,
    }
}

/// A number that defaults to 1.
fn number<'t>(scenario: &Scenario<'_, 't>, found: Found<'t>) -> Option<u32> {
    match found {
        Found::Absent => Some(1),
        Found::Unknown => None,
        Found::Node(node) => scenario.text(node)?.known()?.trim().parse().ok(),
    }
}
