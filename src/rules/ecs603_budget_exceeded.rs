//! More money than there is.

use super::money::usd;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Fleet, HOURS_PER_MONTH, capacity, instances_for, market, units_of};
use crate::resolve::{Place, Scenario};
use crate::rule::{Check, Cx, Facts, Rule};

pub(super) static RULE: Rule = Rule {
    code: "ECS603",
    name: "budget-exceeded",
    severity: Severity::Error,
    summary: "the instances cost more a month than the budget of the configuration allows",
    page: include_str!("../../rules/ECS603.md"),
    since: "0.1.0",
    fix: None,
    check: Check::Scenario(check),
};

/// What the On-Demand instances of a fleet cost a month, at desired size.
struct Spent<'t> {
    fleet: &'t str,
    usd: f64,
    estimate: bool,
    place: Place,
}

fn check<'t>(cx: &mut Cx<'_, 't>, scenario: &Scenario<'_, 't>) {
    let facts = cx.facts();
    let Some(budget) = facts.money.budget else { return };
    let there = facts.model.fleets.iter().filter(|it| scenario.exists(&it.resource) == Some(true));
    let mut spent: Vec<_> = there.filter_map(|it| spent(facts, scenario, it)).collect();
    // What is not known only adds to it.
    let all: f64 = spent.iter().map(|it| it.usd).sum();
    let certain: f64 = spent.iter().filter(|it| !it.estimate).map(|it| it.usd).sum();
    if all <= budget {
        return;
    }
    spent.sort_by(|left, right| right.usd.total_cmp(&left.usd));
    let Some(dearest) = spent.first() else { return };
    let (about, severity) =
        if certain > budget { ("", Severity::Error) } else { ("about ", Severity::Warning) };
    let message = format!("the instances cost {about}{} a month, the budget is {}", usd(all), usd(budget));
    let mut finding = Finding::at(dearest.place.span, message)
        .on(dearest.fleet)
        .severity(severity)
        .because_at(dearest.place.used, "used here");
    for other in spent.iter().skip(1).take(5).filter(|it| it.usd > 0.0) {
        let label = format!("`{}` costs {} a month", other.fleet, usd(other.usd));
        finding = finding.because(other.place.used.unwrap_or(other.place.span), label);
    }
    cx.report(finding.help("take fewer or smaller instances, or raise `budget` in the configuration"));
}

/// `None` where only deployment can tell. What Spot instances cost is not known.
fn spent<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Option<Spent<'t>> {
    let launch = facts.launch(scenario, fleet);
    let offered = launch.types.first()?;
    let price = facts.money.price(offered.text.known()?)?;
    let on_demand = market(scenario, fleet, &launch)?.on_demand(capacity(scenario, fleet).desired?);
    let n_instances = instances_for(on_demand, units_of(scenario, fleet, offered))?;
    Some(Spent {
        fleet: fleet.id(),
        usd: price.usd_per_hour * f64::from(n_instances) * HOURS_PER_MONTH,
        estimate: price.estimate,
        place: offered.text.whole_place()?,
    })
}
