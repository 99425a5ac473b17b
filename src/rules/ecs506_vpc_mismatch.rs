//! Subnets, security groups and load balancers of different VPCs.

use crate::diagnostic::{Finding, Severity};
use crate::model::{Answer, Fleet, Listed, named_resource};
use crate::network::Vpc;
use crate::resolve::{Scenario, Text};
use crate::rule::{Check, Cx, Rule};
use crate::template::Entry;

pub(super) static RULE: Rule = Rule {
    code: "ECS506",
    name: "vpc-mismatch",
    severity: Severity::Error,
    summary: "what belongs together stands in two VPCs",
    page: include_str!("../../rules/ECS506.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

/// Something with a VPC, and the text that names it.
struct Standing<'w, 't> {
    name: Text<'t>,
    resource: &'w Entry<'t>,
    vpc: Vpc<'t>,
}

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    if facts.template().transforms.macros {
        return;
    }
    for fleet in &facts.model.fleets {
        if scenario.exists(&fleet.resource) == Some(true)
            && facts.meant_for_cluster(scenario, fleet) != Answer::No
        {
            of_fleet(cx, scenario, fleet);
        }
    }
    for balancer in facts.template().resources_of(&["AWS::ElasticLoadBalancingV2::LoadBalancer"]) {
        if scenario.exists(balancer) != Some(true) {
            continue;
        }
        let of = |key| Listed::of(scenario, scenario.property(balancer, &[key]), "").names;
        let subnets = standing(scenario, of("Subnets"), "SubnetId", "AWS::EC2::Subnet");
        let groups = standing(scenario, of("SecurityGroups"), "GroupId", "AWS::EC2::SecurityGroup");
        compare(cx, balancer.id, &subnets, &groups);
    }
}

fn of_fleet<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let names = |key| Listed::of(scenario, scenario.property(&fleet.resource, &[key]), "").names;
    let subnets = standing(scenario, names("VPCZoneIdentifier"), "SubnetId", "AWS::EC2::Subnet");
    let groups = facts.groups(scenario, fleet).names.clone();
    let groups = standing(scenario, groups, "GroupId", "AWS::EC2::SecurityGroup");
    let targets = names("TargetGroupARNs");
    let targets = standing(scenario, targets, "TargetGroupArn", "AWS::ElasticLoadBalancingV2::TargetGroup");
    compare(cx, fleet.id(), &subnets, &groups);
    compare(cx, fleet.id(), &subnets, &targets);
}

/// Those of the names that are resources of a type in the template.
fn standing<'w, 't>(
    scenario: &Scenario<'w, 't>,
    names: Vec<Text<'t>>,
    attribute: &str,
    type_name: &str,
) -> Vec<Standing<'w, 't>> {
    let standing = |name: Text<'t>| {
        let resource = named_resource(scenario, &name, &[attribute])?;
        let is_meant = resource.type_name() == type_name && scenario.exists(resource) == Some(true);
        is_meant.then(|| Standing { vpc: Vpc::of(scenario, resource), name, resource })
    };
    names.into_iter().filter_map(standing).collect()
}

/// Reports what stands in another VPC than the first subnet.
fn compare<'t>(cx: &mut Cx<'_, 't>, id: &str, subnets: &[Standing<'_, 't>], others: &[Standing<'_, 't>]) {
    let Some((first, rest)) = subnets.split_first() else { return };
    for other in rest.iter().chain(others).filter(|it| it.vpc.differs(first.vpc)) {
        let Some(place) = other.name.whole_place() else { continue };
        let message = format!(
            "`{}` stands in {}, and `{}` in {}",
            other.resource.id,
            other.vpc.words(),
            first.resource.id,
            first.vpc.words()
        );
        let mut finding = Finding::at(place.used.unwrap_or(place.span), message)
            .help(format!("give `{id}` subnets and groups of one VPC"));
        if let Some(key) = other.resource.properties().and_then(|it| it.entry("VpcId")) {
            finding = finding.because(key.1.full_span(), "this is its VPC");
        }
        cx.report(finding);
    }
}
