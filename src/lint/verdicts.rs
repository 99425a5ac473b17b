//! The answers about each fleet, over all its scenarios: the worst that is proved.

use std::cmp::Reverse;

use crate::boot::{Joining, Signalling};
use crate::iam::InstanceRole;
use crate::model::{
    Answer, Because, Capacity, Cost, Egress, Fleet, FleetReport, Image, ImageSource, Joins, Port22, Signals,
    Verdicts, capacity,
};
use crate::resolve::{Scenario, Text, explore};
use crate::rule::Facts;

/// One report for each fleet, in the order of the text.
pub(super) fn fleets(facts: &Facts<'_, '_>) -> Vec<FleetReport> {
    facts.model.fleets.iter().map(|it| report(facts, it)).collect()
}

/// What one scenario says.
struct Seen<'t> {
    ecs: Answer,
    joins: Vec<Joining<'t>>,
    signals: Vec<Signalling<'t>>,
    egress: Because<Egress>,
    key: Answer,
    port_22: Because<Port22>,
    registers: Because<Answer>,
    role: Option<String>,
    logs: Because<Answer>,
    launch: Vec<String>,
    image: Option<Image>,
    capacity: Capacity,
    cost: Cost,
}

fn report<'t>(facts: &Facts<'_, 't>, fleet: &Fleet<'t>) -> FleetReport {
    let explored = explore(facts.world, |scenario| {
        (scenario.exists(&fleet.resource) != Some(false)).then(|| see(facts, scenario, fleet))
    });
    let seen: Vec<Seen<'t>> = explored.answers.into_iter().filter_map(|(_, it)| it).collect();
    report_of(fleet, &seen)
}

/// The report on a fleet that is there in one scenario.
pub(super) fn in_scenario<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
) -> FleetReport {
    report_of(fleet, &[see(facts, scenario, fleet)])
}

fn report_of(fleet: &Fleet<'_>, seen: &[Seen<'_>]) -> FleetReport {
    // A fleet that is never started is meant for nothing.
    let ecs = if seen.is_empty() { Answer::No } else { best(seen.iter().map(|it| it.ecs)) };
    // What is no verdict speaks of the default scenario.
    let first = seen.first();
    FleetReport {
        id: fleet.id().to_owned(),
        span: fleet.resource.key.span(),
        kind: fleet.kind,
        ecs,
        launch: first.map(|it| it.launch.clone()).unwrap_or_default(),
        verdicts: (ecs != Answer::No).then(|| verdicts(seen)),
        image: first.and_then(|it| it.image).unwrap_or(Image {
            source: ImageSource::Unknown,
            family: None,
            variant: None,
            architecture: None,
            ecs: Answer::Unknown,
        }),
        capacity: first.map(|it| it.capacity).unwrap_or_default(),
        cost: first.map(|it| it.cost.clone()).unwrap_or_default(),
    }
}

fn see<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Seen<'t> {
    let launch = facts.launch(scenario, fleet);
    let mut ids: Vec<String> = Vec::new();
    for source in launch.sources.iter().filter(|it| it.id != fleet.id()) {
        if !ids.iter().any(|it| it == source.id) {
            ids.push(source.id.to_owned());
        }
    }
    let boots = facts.boots(scenario, fleet);
    Seen {
        ecs: facts.meant_for_cluster(scenario, fleet),
        joins: facts.joining(scenario, fleet).to_vec(),
        signals: facts.signalling(scenario, fleet).to_vec(),
        egress: facts.egress(scenario, fleet),
        key: facts.key(scenario, fleet),
        port_22: Because::clone(&facts.port_22(scenario, fleet)),
        registers: Because::clone(&facts.registers(scenario, fleet)),
        role: facts.instance_roles(scenario, fleet).iter().find_map(|it| match it {
            InstanceRole::Own { role, .. } => Some((*role).to_owned()),
            _ => None,
        }),
        logs: Because::clone(&facts.logs(scenario, fleet)),
        launch: ids,
        image: boots.first().map(|it| it.1),
        capacity: capacity(scenario, fleet),
        cost: facts.cost(scenario, fleet),
    }
}

fn verdicts(seen: &[Seen<'_>]) -> Verdicts {
    let meant = || seen.iter().filter(|it| it.ecs != Answer::No);
    let joining = meant().flat_map(|it| &it.joins).min_by_key(|it| it.verdict.verdict);
    let signalling = meant().flat_map(|it| &it.signals).min_by_key(|it| it.verdict.verdict);
    let nothing = "only deployment can tell what is started";
    let resource = |it: &Signalling<'_>| {
        it.signal.as_ref().and_then(|it| it.resource.as_ref()).and_then(Text::known).map(str::to_owned)
    };
    Verdicts {
        joins: joining.map_or(Because::new(Joins::Unknown, nothing, None), |it| it.verdict.clone()),
        cluster: joining.and_then(|it| it.cluster.clone()),
        signals: signalling.map_or(Because::new(Signals::Unknown, nothing, None), |it| it.verdict.clone()),
        signalled: signalling.and_then(resource),
        egress: worst(meant().map(|it| &it.egress), &Egress::Unknown, |it| *it),
        key: best(meant().map(|it| it.key)),
        port_22: worst(meant().map(|it| &it.port_22), &Port22::Unknown, |it| *it),
        registers: worst(meant().map(|it| &it.registers), &Answer::Unknown, |it| Reverse(*it)),
        role: meant().find_map(|it| it.role.clone()),
        logs: worst(meant().map(|it| &it.logs), &Answer::Unknown, |it| Reverse(*it)),
    }
}

/// The answer that comes first in the order of `key`: the worst of all scenarios. Where that is unknown because
/// parameters may have other values, the defaults answer: so would who reads the template.
fn worst<'a, T: Clone + PartialEq + 'a, K: Ord>(
    answers: impl Iterator<Item = &'a Because<T>> + Clone,
    unknown: &T,
    key: impl Fn(&T) -> K,
) -> Because<T> {
    let worst = answers.clone().min_by_key(|it| key(&it.verdict));
    let worst = worst.filter(|it| it.verdict != *unknown).or_else(|| answers.clone().next());
    worst.cloned().expect("internal error: a fleet without a scenario")
}

/// Yes if one is, unknown if one may be.
fn best(answers: impl Iterator<Item = Answer>) -> Answer {
    answers.min().unwrap_or(Answer::Unknown)
}
