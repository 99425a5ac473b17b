//! Things of different VPCs that are tied together.

use crate::diagnostic::{Finding, Severity};
use crate::model::Answer;
use crate::network::{Home, Member, neighbours, neighbours_of_fleet};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS506",
    name: "vpc-mismatch",
    severity: Severity::Error,
    summary: "subnets, security groups or load balancers of different VPCs are tied together",
    page: include_str!("../../rules/ECS506.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    if facts.template().transforms.macros || !facts.has_cluster_fleet(scenario) {
        return;
    }
    let mut sets = neighbours(scenario);
    for fleet in &facts.model.fleets {
        let there = scenario.exists(&fleet.resource) == Some(true);
        if there && facts.meant_for_cluster(scenario, fleet) == Answer::Yes {
            sets.extend(neighbours_of_fleet(scenario, fleet, &facts.launch(scenario, fleet)));
        }
    }
    let mut reported = Vec::new();
    for members in sets {
        let mut known = members.iter().filter(|it| it.home != Home::Unknown);
        let Some(first) = known.next() else { continue };
        for other in known.filter(|it| it.home != first.home) {
            if !reported.contains(&other.named) {
                reported.push(other.named);
                cx.report(finding(first, other));
            }
        }
    }
}

fn finding(first: &Member<'_>, other: &Member<'_>) -> Finding {
    let message = format!(
        "{} `{}` is in {}, {} `{}` in {}",
        other.kind,
        other.id,
        words(other.home),
        first.kind,
        first.id,
        words(first.home),
    );
    let finding =
        Finding::at(other.named, message).on(other.id).because(first.named, "belongs to the other VPC");
    match other.home {
        Home::Default => finding.help(format!("give `{}` a `VpcId`", other.id)),
        _ => finding.help("take both from one VPC"),
    }
}

fn words(home: Home<'_>) -> String {
    match home {
        Home::Own(id) => format!("`{id}`"),
        _ => "the default VPC".to_owned(),
    }
}
