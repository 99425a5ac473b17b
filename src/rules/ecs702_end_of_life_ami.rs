//! Images of systems that get no updates any more.

use crate::catalog::images::end_of_life;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, written_images};
use crate::resolve::Scenario;
use crate::rule::{Check, Cx, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS702",
    name: "end-of-life-ami",
    severity: Severity::Warning,
    summary: "AWS does not maintain the system of this image any more",
    page: include_str!("../../rules/ECS702.md"),
    since: "0.1.0",
    fix: None,
    check: Check::AnyFleet(check),
};

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) {
    let launch = cx.facts().launch(scenario, fleet);
    for source in &launch.sources {
        // One id of a mapping stands for all of them.
        let written = written_images(scenario, source);
        let ended = |(written, end)| Some((written, end?));
        let mut ended = written
            .iter()
            .map(|it| (it, it.facts.and_then(|facts| end_of_life(&it.text, facts))))
            .filter_map(ended);
        let Some((written, end)) = ended.next() else { continue };
        cx.report(
            Finding::at(
                written.place.span,
                format!("{} reached its end of life on {}", end.system, end.date),
            )
            .on(source.id)
            .because_at(written.place.used, "used here")
            .help(format!("move to the image that `{}` names", end.successor)),
        );
    }
}
