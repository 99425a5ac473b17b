//! Instances without credentials.

use crate::diagnostic::{Finding, Severity};
use crate::iam::InstanceRole;
use crate::model::{Answer, Fleet};
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};
use crate::syntax::{Kind, Node};

pub(super) static RULE: Rule = Rule {
    code: "ECS403",
    name: "no-instance-profile",
    severity: Severity::Error,
    summary: "the instances have no instance profile, so the agent has no credentials",
    page: include_str!("../../rules/ECS403.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.meant_for_cluster(scenario, fleet) != Answer::Yes {
        return;
    }
    let launch = facts.launch(scenario, fleet);
    let roles = facts.instance_roles(scenario, fleet);
    for (source, given) in launch.sources.iter().zip(roles.iter()) {
        let InstanceRole::None { source: span } = given else { continue };
        // The script may bring credentials of its own.
        let brings = |it: Node<'_>| {
            let text = it.text();
            it.kind() == Kind::Scalar
                && (text.contains("AWS_ACCESS_KEY_ID") || text.contains(".aws/credentials"))
        };
        if let Found::Node(script) = source.find(scenario, &["UserData"])
            && script.descendants().any(brings)
        {
            continue;
        }
        cx.report(
            Finding::at(*span, "the instances have no instance profile, so they cannot register")
                .on(source.id)
                .help("set `IamInstanceProfile` to a profile whose role may register container instances"),
        );
    }
}
