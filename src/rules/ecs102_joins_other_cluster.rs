//! The boot names a cluster that is none of the template.

use super::writing::{Part, write_parts};
use crate::diagnostic::{Finding, Fix, Safety, Severity};
use crate::model::Joins;
use crate::rule::{Booted, Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS102",
    name: "joins-other-cluster",
    severity: Severity::Error,
    summary: "the instances register with a cluster that is not of this template",
    page: include_str!("../../rules/ECS102.md"),
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    check: Check::Boot(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, at: &Booted<'_, '_, 't>) {
    let Booted { source, joining, scenario, .. } = *at;
    let facts = cx.facts();
    let clusters = facts.clusters(scenario);
    let Some(cluster) = clusters.first() else { return };
    let (Joins::WrongCluster, Some(line)) = (joining.verdict.verdict, &joining.line) else { return };
    let Some(place) = line.place else { return };
    let wanted = if clusters.len() == 1 {
        format!("`{}`", cluster.id)
    } else {
        "a cluster of this template".to_owned()
    };
    let message = if clusters.iter().any(|it| line.value.known() == Some(it.id)) {
        format!(
            "`{}` is the logical id of the cluster, not its name: the instances join another one",
            line.value.display()
        )
    } else {
        format!("the instances join `{}`, not {wanted}", line.value.display())
    };
    // The reference needs one cluster to refer to.
    let fix = (clusters.len() == 1 && place.used.is_none())
        .then(|| write_parts(facts, place.span, &[Part::Ref(cluster.id)]))
        .flatten()
        .map(|edits| Fix::all(Safety::Unsafe, format!("join `{}`", cluster.id), edits));
    cx.report(
        Finding::at(place.span, message)
            .on(source.id)
            .because(cluster.span, "the cluster of this template")
            .because_at(place.used, "used here")
            .help(format!("let it be `!Ref {}`, so that the name follows the resource", cluster.id))
            .fix(fix),
    );
}
