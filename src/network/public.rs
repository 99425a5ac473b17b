//! Whether the instances of a fleet get a public address.

use crate::model::{Answer, Fleet, FleetKind, Source, named_resource};
use crate::resolve::{Found, Scenario};
use crate::syntax::{Kind, Node};
use crate::template::Entry;
use crate::text::Span;

/// Whether instances from `source` get a public IPv4 address in `subnet`, and the words that decide.
///
/// What the launch source says wins over the subnet; a subnet gives none unless it says so (AWS::EC2::Subnet in the
/// CloudFormation user guide).
pub(super) fn public_address<'t>(
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
    source: &Source<'t>,
    subnet: Option<&Entry<'t>>,
) -> (Answer, Span) {
    if let Some(span) = elastic(scenario, fleet) {
        return (Answer::Yes, span);
    }
    let mut said = source.find(scenario, &["AssociatePublicIpAddress"]);
    match source.find(scenario, &["NetworkInterfaces"]) {
        Found::Node(list) => match scenario.items(list).as_deref() {
            Some([Found::Node(first), ..]) => {
                if scenario.find(*first, &["NetworkInterfaceId"]) != Found::Absent {
                    return (Answer::Unknown, first.full_span());
                }
                match scenario.find(*first, &["AssociatePublicIpAddress"]) {
                    Found::Absent => {}
                    found => said = found,
                }
            }
            Some([]) => {}
            _ => return (Answer::Unknown, list.full_span()),
        },
        Found::Unknown => return (Answer::Unknown, source.span()),
        Found::Absent => {}
    }
    let (answer, span) = match said {
        Found::Absent => {
            let Some(subnet) = subnet else { return (Answer::Unknown, source.span()) };
            let found = scenario.property(subnet, &["MapPublicIpOnLaunch"]);
            truth(scenario, found, subnet.key.span())
        }
        found => truth(scenario, found, source.span()),
    };
    // The boot script may take an address of its own.
    let takes = |it: Node<'_>| it.kind() == Kind::Scalar && it.text().contains("associate-address");
    match source.find(scenario, &["UserData"]) {
        Found::Node(node) if answer == Answer::No && node.descendants().any(takes) => (Answer::Unknown, span),
        _ => (answer, span),
    }
}

/// What a boolean property says; absent means no.
fn truth<'t>(scenario: &Scenario<'_, 't>, found: Found<'t>, otherwise: Span) -> (Answer, Span) {
    let node = match found {
        Found::Node(node) => node,
        Found::Absent => return (Answer::No, otherwise),
        Found::Unknown => return (Answer::Unknown, otherwise),
    };
    let text = scenario.text(node);
    let answer = match text.as_ref().and_then(|it| it.known()).map(str::to_ascii_lowercase).as_deref() {
        Some("true") => Answer::Yes,
        Some("false") => Answer::No,
        _ => Answer::Unknown,
    };
    (answer, node.full_span())
}

/// An elastic address that the template gives to a single instance.
fn elastic<'t>(scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Option<Span> {
    if fleet.kind != FleetKind::Instance {
        return None;
    }
    let types = ["AWS::EC2::EIP", "AWS::EC2::EIPAssociation"];
    let mut all = scenario.template().resources_of(&types);
    let given = all.find(|it| {
        let name = scenario.property_text(it, &["InstanceId"]);
        let own = name.as_ref().and_then(|it| named_resource(scenario, it, &["InstanceId"]));
        own.is_some_and(|it| it.id == fleet.id()) && scenario.exists(it) != Some(false)
    })?;
    Some(given.key.span())
}
