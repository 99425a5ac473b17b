//! What waits for a signal while the stack is created.

use crate::resolve::{Found, Place, Scenario, Symbol, Text};
use crate::template::{Entry, Expr, expr};
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
    /// Of a wait condition: the handle that has this URL, where it is one of the template.
    pub handle: Option<&'t str>,
    /// How many signals it waits for; `None` where only deployment can tell.
    pub count: Option<u32>,
    /// Where that number is written.
    pub count_place: Option<Place>,
    /// With how many signals it may be content: fewer than `count` where a percentage of them is enough.
    pub least: Option<u32>,
}

/// The types that a `CreationPolicy` works on (CreationPolicy attribute in the CloudFormation user guide).
const SUPPORTED: [&str; 3] =
    ["AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::CloudFormation::WaitCondition"];

/// Whether anything in a resource speaks of waiting, so that [`waiting`] need not be asked where nothing does.
#[must_use]
pub fn may_wait(resource: &Entry<'_>) -> bool {
    if !SUPPORTED.contains(&resource.type_name()) {
        return false;
    }
    let says = |key: &str| resource.node.get(key).is_some();
    let plain = matches!(expr(resource.node), Expr::Map(_)) && !says("Fn::Transform");
    let policy = says("CreationPolicy") || says("UpdatePolicy");
    !plain || policy || resource.type_name() == "AWS::CloudFormation::WaitCondition"
}

/// What `resource` waits for in this scenario. `Err` when only deployment can tell.
///
/// # Errors
/// `Unknowable` when a condition or macro that is not known decides.
pub fn waiting<'t>(
    scenario: &Scenario<'_, 't>,
    resource: &Entry<'t>,
) -> Result<Option<Waiting<'t>>, Unknowable> {
    if !may_wait(resource) {
        return Ok(None);
    }
    let res = |policy, count: Count| Waiting {
        id: resource.id,
        key: resource.key.span(),
        policy,
        on_creation: true,
        by_url: false,
        handle: None,
        count: count.number,
        count_place: count.place,
        least: count.number,
    };
    match scenario.find(resource.node, &["CreationPolicy", "ResourceSignal"]) {
        Found::Node(node) => {
            let count = Count::of(scenario, scenario.find(node, &["Count"]));
            // A count of 0 waits for nothing.
            if count.number != Some(0) {
                let policy = policy_span(resource, "CreationPolicy", node.span());
                let least = least(scenario, resource, count.number);
                return Ok(Some(Waiting { least, ..res(policy, count) }));
            }
        }
        Found::Unknown => return Err(Unknowable),
        Found::Absent => {}
    }
    if resource.type_name() == "AWS::CloudFormation::WaitCondition" {
        let count = Count::of(scenario, scenario.property(resource, &["Count"]));
        let handle = scenario.property_text(resource, &["Handle"]);
        let handle = match handle.as_ref().and_then(Text::only_symbol) {
            Some(Symbol::Resource(id)) => Some(*id),
            _ => None,
        };
        return Ok(Some(Waiting { by_url: true, handle, ..res(resource.key.span(), count) }));
    }
    let rolling = match rolling_update(scenario, resource) {
        Found::Node(node) => scenario.find(node, &["WaitOnResourceSignals"]),
        other => other,
    };
    match rolling {
        Found::Node(node) => match scenario.text(node) {
            Some(text) if text.known() == Some("true") => {
                let policy = policy_span(resource, "UpdatePolicy", node.span());
                let count = Count { number: Some(1), place: None };
                Ok(Some(Waiting { on_creation: false, ..res(policy, count) }))
            }
            Some(text) if text.known().is_some() => Ok(None),
            _ => Err(Unknowable),
        },
        Found::Unknown => Err(Unknowable),
        Found::Absent => Ok(None),
    }
}

/// How a group is updated in place. Where a new group takes its place, nothing else of its `UpdatePolicy` counts
/// ([UpdatePolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html)).
#[must_use]
pub fn rolling_update<'t>(scenario: &Scenario<'_, 't>, resource: &Entry<'t>) -> Found<'t> {
    let replaced =
        scenario.find(resource.node, &["UpdatePolicy", "AutoScalingReplacingUpdate", "WillReplace"]);
    let replaced = match replaced {
        Found::Absent => Some(false),
        Found::Unknown => None,
        Found::Node(node) => {
            scenario.text(node).and_then(|it| it.known().map(|it| it.eq_ignore_ascii_case("true")))
        }
    };
    match replaced {
        Some(true) => Found::Absent,
        Some(false) => scenario.find(resource.node, &["UpdatePolicy", "AutoScalingRollingUpdate"]),
        None => Found::Unknown,
    }
}

/// Only deployment can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknowable;

fn policy_span(resource: &Entry<'_>, key: &str, otherwise: Span) -> Span {
    resource.node.entry(key).map_or(otherwise, |(key, _)| key.span())
}

/// With how many of `count` signals a group may be content: that a percentage lowers them is not told in so many
/// words, and not ruled out.
fn least<'t>(scenario: &Scenario<'_, 't>, resource: &Entry<'t>, count: Option<u32>) -> Option<u32> {
    let path = ["CreationPolicy", "AutoScalingCreationPolicy", "MinSuccessfulInstancesPercent"];
    let percent = match scenario.find(resource.node, &path) {
        Found::Absent => return count,
        found => Count::of(scenario, found).number?.min(100),
    };
    let least = (u64::from(count?) * u64::from(percent)).div_ceil(100);
    u32::try_from(least).ok()
}

/// A number with its place.
struct Count {
    number: Option<u32>,
    place: Option<Place>,
}

impl Count {
    /// A number that defaults to 1.
    fn of<'t>(scenario: &Scenario<'_, 't>, found: Found<'t>) -> Count {
        let Found::Node(node) = found else {
            return Count { number: (found == Found::Absent).then_some(1), place: None };
        };
        let text = scenario.text(node);
        let number = text.as_ref().and_then(Text::known).and_then(|it| it.trim().parse().ok());
        Count { number, place: text.as_ref().and_then(Text::whole_place) }
    }
}
