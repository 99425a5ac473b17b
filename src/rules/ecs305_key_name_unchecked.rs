//! A key name that is looked up only when an instance starts.

use super::writing::write;
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::Fleet;
use crate::resolve::{Found, Scenario};
use crate::rule::{Check, Cx, Rule};
use crate::template::{Block, Expr, expr};

pub(super) static RULE: Rule = Rule {
    code: "ECS305",
    name: "key-name-unchecked",
    severity: Severity::Info,
    summary: "the parameter of the key name is a plain String",
    page: include_str!("../../rules/ECS305.md"),
    since: "0.1.0",
    fix: Some(Safety::Safe),
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let facts = cx.facts();
    let launch = facts.launch(scenario, fleet);
    for source in &launch.sources {
        let Found::Node(key) = source.find(scenario, &["KeyName"]) else { continue };
        let Expr::Ref(name) = expr(key) else { continue };
        let Some(parameter) = facts.template().parameters.get(name.node.text()) else { continue };
        let Some(kind) = parameter.node.get("Type").filter(|it| it.text() == "String") else { continue };
        // The checked type takes no empty value, and here empty means that there is no key.
        if parameter.node.get("Default").is_some_and(|it| it.text().is_empty()) {
            continue;
        }
        // A condition may ask whether there is a key at all: an empty name is refused by the checked type.
        let asked = facts.references_to(parameter.id).any(|it| it.site.block != Block::Resources);
        let safety = if asked { Safety::Unsafe } else { Safety::Safe };
        let fix = write(facts, kind.span(), "AWS::EC2::KeyPair::KeyName");
        let fix = fix.map(|edits| Fix::all(safety, format!("let `{}` be checked", parameter.id), edits));
        cx.report(
            Finding::at(kind.span(), format!("nobody checks `{}` before an instance starts", parameter.id))
                .on(parameter.id)
                .because(key.full_span(), "the key name of the instances")
                .help("write `Type: AWS::EC2::KeyPair::KeyName`: CloudFormation then refuses an unknown key")
                .fix(fix),
        );
    }
}
