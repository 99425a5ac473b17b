//! What one fleet costs: its instances, their volumes and addresses.

use super::{FleetBill, Line};
use crate::catalog::instances;
use crate::catalog::units::{Unit, Volume};
use crate::model::{
    Answer, Fleet, Image, Launch, Source, capacity, image, instances_for, market, root_volume, units_of,
};
use crate::network::public_addresses;
use crate::resolve::{Found, Scenario};
use crate::rule::Facts;
use crate::syntax::Node;

/// How many of something run, at desired size and at most.
type Numbers = (Option<u32>, Option<u32>);

/// The bill of a fleet.
pub(super) fn bill<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> FleetBill {
    let launch = facts.launch(scenario, fleet);
    let capacity = capacity(scenario, fleet);
    let units = launch.types.first().and_then(|it| units_of(scenario, fleet, it));
    let n_of = |units_asked: Option<u32>| instances_for(units_asked?, units);
    let all = (n_of(capacity.desired), n_of(capacity.max));
    let mut lines = of_instances(facts, scenario, fleet, &launch, |on_demand| {
        let Some(on_demand) = on_demand else { return all };
        let share = |it: Option<u32>| n_of(Some(on_demand(it?)));
        (share(capacity.desired), share(capacity.max))
    });
    if let Some(source) = launch.sources.first() {
        let image = image(scenario, source);
        lines.extend(volumes(facts.money.region(), scenario, source, &image, all));
    }
    // The address of a single instance may be one of the template, which has a line of its own.
    lines.extend(addresses(facts.money.region(), public_addresses(scenario, fleet, &launch), all));
    FleetBill { id: fleet.id().to_owned(), capacity, lines }
}

/// The instances, On-Demand and Spot; `numbers` says how many units are which.
fn of_instances<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
    launch: &Launch<'t>,
    numbers: impl Fn(Option<&dyn Fn(u32) -> u32>) -> Numbers,
) -> Vec<Line> {
    let (what, price, note) = match launch.types.first().map(|it| it.text.known()) {
        Some(Some(name)) => {
            let note = match launch.types.len() {
                _ if instances::find(name).is_some_and(|it| it.is_retired()) => {
                    "starts in no region any more".to_owned()
                }
                1 => String::new(),
                n => format!("the first of {n} types"),
            };
            (name.to_owned(), facts.money.price(name), note)
        }
        _ => ("instance".to_owned(), None, "its type is known at deployment only".to_owned()),
    };
    let line = |kind: &str, price, (desired, max): Numbers, note: String| Line {
        what: format!("{what}{kind}"),
        resource: None,
        price,
        desired,
        max,
        note: note.into(),
    };
    let Some(market) = market(scenario, fleet, launch) else {
        let note = "On-Demand or Spot is known at deployment only".to_owned();
        return vec![line("", None, numbers(None), note)];
    };
    let on_demand = numbers(Some(&|units| market.on_demand(units)));
    let spot = numbers(Some(&|units| units - market.on_demand(units)));
    let runs = |(desired, max): Numbers| desired != Some(0) || max != Some(0);
    let mut res = Vec::new();
    if market.percent < 100 && runs(spot) {
        res.push(line(", Spot", None, spot, "Spot prices change from hour to hour".to_owned()));
    }
    if res.is_empty() || (runs(on_demand) && (market.percent > 0 || market.base > 0)) {
        res.insert(0, line("", price, on_demand, note));
    }
    res
}

fn addresses(region: &str, answer: Answer, (desired, max): Numbers) -> Option<Line> {
    let (desired, max, note) = match answer {
        Answer::Yes => (desired, max, ""),
        Answer::No => return None,
        Answer::Unknown => (None, None, "whether they get one is known at deployment only"),
    };
    Some(Line {
        what: "public IPv4 address".to_owned(),
        resource: None,
        price: Unit::PublicIpv4.price(region),
        desired,
        max,
        note: note.into(),
    })
}

/// The volumes that each instance gets.
fn volumes<'t>(
    region: &str,
    scenario: &Scenario<'_, 't>,
    source: &Source<'t>,
    image: &Image,
    (desired, max): Numbers,
) -> Vec<Line> {
    let root = root_volume(image);
    let mut has_root = false;
    let line = |what: String, volume: Option<Volume>, note: &'static str| Line {
        what,
        resource: None,
        price: volume.and_then(|it| it.price(region)),
        desired,
        max,
        note: note.into(),
    };
    let mappings = match source.find(scenario, &["BlockDeviceMappings"]) {
        Found::Node(list) => scenario.items(list),
        Found::Absent => Some(Vec::new()),
        Found::Unknown => None,
    };
    let Some(mappings) = mappings else {
        return vec![line("volumes".to_owned(), None, "they are known at deployment only")];
    };
    let mut res = Vec::new();
    for item in mappings {
        let Found::Node(item) = item else { continue };
        let device = text(scenario, item, &["DeviceName"]).unwrap_or_default();
        let is_root = root.is_some_and(|it| it.device == device);
        has_root |= is_root;
        // What is no EBS volume comes with the instance.
        if scenario.find(item, &["Ebs"]) == Found::Absent {
            continue;
        }
        let of_image = root.filter(|_| is_root);
        let kind = match scenario.find(item, &["Ebs", "VolumeType"]) {
            Found::Absent => Some(of_image.map_or("gp2", |it| it.kind).to_owned()),
            _ => text(scenario, item, &["Ebs", "VolumeType"]),
        };
        let gib = match scenario.find(item, &["Ebs", "VolumeSize"]) {
            Found::Absent => of_image.map(|it| f64::from(it.gib)),
            _ => number(scenario, item, "VolumeSize"),
        };
        let (iops, throughput) = (number(scenario, item, "Iops"), number(scenario, item, "Throughput"));
        res.push(match (kind, gib) {
            (Some(kind), Some(gib)) => {
                let what = format!("{kind} volume, {gib} GiB");
                line(what, Some(Volume { kind, gib, iops, throughput }), "")
            }
            _ => line(format!("volume {device}"), None, "its size is known at deployment only"),
        });
    }
    match root {
        _ if has_root => {}
        Some(root) => {
            let (kind, gib) = (root.kind.to_owned(), f64::from(root.gib));
            let what = format!("{kind} volume, {gib} GiB");
            res.insert(0, line(what, Some(Volume { kind, gib, iops: None, throughput: None }), ""));
        }
        None if res.is_empty() => {
            res.push(line("root volume".to_owned(), None, "its size is that of the image"));
        }
        None => {}
    }
    res
}

fn text<'t>(scenario: &Scenario<'_, 't>, item: Node<'t>, path: &[&str]) -> Option<String> {
    match scenario.find(item, path) {
        Found::Node(node) => scenario.text(node)?.known().map(str::to_owned),
        _ => None,
    }
}

fn number<'t>(scenario: &Scenario<'_, 't>, item: Node<'t>, key: &str) -> Option<f64> {
    let number: f64 = text(scenario, item, &["Ebs", key])?.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}
