//! What the free tier does not pay for.

use crate::catalog::instances;
use crate::diagnostic::{Finding, Severity};
use crate::model::Fleet;
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS602",
    name: "outside-free-tier",
    severity: Severity::Info,
    summary: "the instance type costs money for every account",
    page: include_str!("../../rules/ECS602.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Fleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    for offered in &cx.facts().launch(scenario, fleet).types {
        let Some(found) = offered.text.known().and_then(instances::find) else { continue };
        let Some(place) = offered.text.whole_place().filter(|_| !found.on_free_plan) else { continue };
        let inside: Vec<_> = instances::on_free_plan().collect();
        cx.report(
            Finding::at(place.span, format!("`{}` is outside the free tier", found.name))
                .because_at(place.used, "used here")
                .help(format!(
                    "to stay inside it take one of {}; accounts made since 2025-07-15 can start no other type on the \
                     free plan, `t2.micro` neither",
                    inside.join(", ")
                )),
        );
    }
}
