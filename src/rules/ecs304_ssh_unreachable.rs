//! A door to the world in a place that the world cannot reach.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Egress, Fleet};
use crate::network::{Missing, Origin, Path, SSH};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS304",
    name: "ssh-unreachable",
    severity: Severity::Warning,
    summary: "port 22 is open to public addresses, and none of them can reach the instances",
    page: include_str!("../../rules/ECS304.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.key(scenario, fleet) != Answer::Yes {
        return;
    }
    let paths = facts.paths(scenario, fleet);
    let Some(first) = paths.first().filter(|_| paths.iter().all(is_hidden)) else { return };
    let (openings, _) = facts.groups(scenario, fleet).openings(scenario, SSH);
    let Some(opening) = openings.iter().find(|it| is_public(it.origin)) else { return };
    let label = match first.missing {
        Some(Missing::PublicAddress) => "the instances get no public address here",
        _ => "no way leads from the internet into this subnet",
    };
    cx.report(
        Finding::at(opening.span, "port 22 is open, but nobody outside the VPC can reach the instances")
            .because_at(first.named.or(first.span), label)
            .help("use Session Manager, or a bastion in a public subnet, and close the port to public addresses"),
    );
}

/// Whether it is proved that nobody comes in from the internet, whatever the instances may send out themselves.
fn is_hidden(path: &Path<'_>) -> bool {
    let way = matches!(path.way.egress, Egress::Nat | Egress::Endpoints | Egress::None);
    way || path.missing == Some(Missing::PublicAddress)
}

fn is_public(origin: Origin) -> bool {
    match origin {
        Origin::World => true,
        Origin::Range(range) => match range.addr() {
            std::net::IpAddr::V4(address) => {
                // Carrier-grade NAT (100.64.0.0/10) is used inside VPCs too.
                let shared = address.octets()[0] == 100 && address.octets()[1] & 0xc0 == 64;
                !(address.is_private() || address.is_loopback() || address.is_link_local() || shared)
            }
            std::net::IpAddr::V6(_) => false,
        },
        Origin::Some | Origin::Unknown => false,
    }
}
