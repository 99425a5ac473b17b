//! A role that may not do what joining needs.

use crate::diagnostic::{Finding, Severity};
use crate::iam::{InstanceRole, JOIN, trusts};
use crate::model::{Answer, Fleet};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS402",
    name: "cannot-register",
    severity: Severity::Error,
    summary: "the role of the instances may not do what joining needs",
    page: include_str!("../../rules/ECS402.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    if facts.meant_for_cluster(scenario, fleet) != Answer::Yes {
        return;
    }
    for given in facts.instance_roles(scenario, fleet).iter() {
        let InstanceRole::Own { role, named } = given else { continue };
        let Some(role) = &*facts.role(scenario, role) else { continue };
        // A role that nobody gets is ECS404.
        if trusts(role, "ec2") == Answer::No {
            continue;
        }
        let (ruling, action) = role.rights.may_all(&JOIN);
        let (Answer::No, Some(action)) = (ruling.answer, action) else { continue };
        let finding = match ruling.span {
            Some(span) => {
                Finding::at(span, format!("`{}` is denied `{action}`, which joining needs", role.id))
            }
            None => Finding::at(role.key, format!("`{}` lacks `{action}`, which joining needs", role.id)),
        };
        cx.report(
            finding
                .on(role.id)
                .because(*named, "the instances of this launch source have it")
                .help("attach `AmazonEC2ContainerServiceforEC2Role` to the role"),
        );
    }
}
