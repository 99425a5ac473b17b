//! One line a fleet: what decides whether it works, in the order in which it matters.
//!
//! `ECSGPUAutoScalingGroup: joins ECSCluster, signals itself, ssh open to the world, $0.90/h`

use super::sanitize;
use crate::model::{
    Answer, Because, ClusterName, Cost, Egress, FleetReport, Joins, Port22, Signals, Verdicts,
};

/// A longer name loses its middle, so that a line stays a line.
const MAX_NAME: usize = 40;

/// How a part of the line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be, or a fact without a judgement.
    Plain,
    /// It will fail.
    Bad,
    /// It costs, or opens a door.
    Careful,
    /// Only deployment can tell.
    Unknown,
}

/// A part of the line between two commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Without anything that a terminal would obey.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
}

/// The parts of the line, most decisive first; the logical id is not among them.
#[must_use]
pub fn parts(fleet: &FleetReport) -> Vec<Part> {
    let mut res = deeds(fleet);
    res.extend(cost(&fleet.cost));
    res
}

/// The parts without the cost.
#[must_use]
pub fn deeds(fleet: &FleetReport) -> Vec<Part> {
    let mut res = Vec::new();
    match &fleet.verdicts {
        None => res.push(part(Tone::Plain, "not meant for a cluster")),
        Some(verdicts) => {
            res.push(joins(verdicts));
            res.extend(hindrances(fleet, verdicts));
            res.push(signals(&fleet.id, verdicts));
            res.extend(logs(&verdicts.logs));
            res.push(ssh(verdicts));
        }
    }
    res
}

/// The whole line without colours.
#[must_use]
pub fn line(fleet: &FleetReport) -> String {
    let parts: Vec<_> = parts(fleet).into_iter().map(|it| it.text).collect();
    format!("{}: {}", name(&fleet.id), parts.join(", "))
}

/// A name of the template, short and harmless.
#[must_use]
pub fn name(text: &str) -> String {
    sanitize::short(text, MAX_NAME)
}

fn part(tone: Tone, text: impl Into<String>) -> Part {
    Part { text: text.into(), tone }
}

fn joins(verdicts: &Verdicts) -> Part {
    let cluster = verdicts.cluster.as_ref().map(|it| match it {
        ClusterName::Resource(id) => name(id),
        ClusterName::Parameter(id) => format!("the cluster of parameter {}", name(id)),
        ClusterName::Import(export) => format!("the imported cluster {}", name(export)),
        ClusterName::Name(literal) => name(literal),
    });
    match (verdicts.joins.verdict, cluster) {
        (Joins::Yes, Some(cluster)) => part(Tone::Plain, format!("joins {cluster}")),
        (Joins::Yes, None) => part(Tone::Plain, "joins"),
        (Joins::WrongCluster, Some(cluster)) => {
            part(Tone::Bad, format!("joins {cluster}, which is no cluster of this template"))
        }
        (Joins::WrongCluster, None) => part(Tone::Bad, "joins a cluster that is not of this template"),
        (Joins::No, _) => part(Tone::Bad, "does not join a cluster"),
        (Joins::Unknown, Some(cluster)) => part(Tone::Unknown, format!("may join {cluster}")),
        (Joins::Unknown, None) => part(Tone::Unknown, "joining unknown"),
    }
}

/// What keeps an instance from joining although its script is right; silent while nothing is proved.
fn hindrances(fleet: &FleetReport, verdicts: &Verdicts) -> Vec<Part> {
    let hindrances = [
        (fleet.image.ecs == Answer::No, "no ECS agent in the image"),
        (verdicts.egress.verdict == Egress::None, "no way out to ECS"),
        (verdicts.registers.verdict == Answer::No, "may not register"),
    ];
    hindrances.iter().filter(|(holds, _)| *holds).map(|(_, text)| part(Tone::Bad, *text)).collect()
}

fn signals(id: &str, verdicts: &Verdicts) -> Part {
    let target =
        verdicts.signalled.as_deref().map(|it| if it == id { "itself".to_owned() } else { name(it) });
    let target = target.as_deref();
    match verdicts.signals.verdict {
        Signals::Ok => part(Tone::Plain, target.map_or("signals".to_owned(), |it| format!("signals {it}"))),
        Signals::WrongResource => match target {
            Some(it) => part(Tone::Bad, format!("signals {it}, which does not wait")),
            None => part(Tone::Bad, "signals what does not wait"),
        },
        Signals::Missing => part(Tone::Bad, "never signals"),
        Signals::NotAwaited => match target {
            Some(it) => part(Tone::Careful, format!("signals {it}, but nothing waits")),
            None => part(Tone::Careful, "signals, but nothing waits"),
        },
        Signals::NotNeeded => part(Tone::Plain, "nothing waits"),
        Signals::Unknown => part(Tone::Unknown, "signal unknown"),
    }
}

/// Silent while nothing is proved.
fn logs(logs: &Because<Answer>) -> Option<Part> {
    match logs.verdict {
        Answer::No => Some(part(Tone::Careful, "may not write logs")),
        Answer::Yes | Answer::Unknown => None,
    }
}

fn ssh(verdicts: &Verdicts) -> Part {
    // Without a key an open port is still a door, but not one for ssh as the image has it.
    let (service, no_key) = match verdicts.key {
        Answer::No => ("port 22", ", no key"),
        Answer::Yes | Answer::Unknown => ("ssh", ""),
    };
    match verdicts.port_22.verdict {
        Port22::World => part(Tone::Careful, format!("{service} open to the world{no_key}")),
        Port22::Restricted => part(Tone::Plain, format!("{service} open to some{no_key}")),
        Port22::Closed => part(Tone::Plain, "ssh closed"),
        Port22::Unknown => part(Tone::Unknown, format!("{service} unknown{no_key}")),
    }
}

fn cost(cost: &Cost) -> Option<Part> {
    let about = if cost.estimate { "~" } else { "" };
    let at_max = |per_hour: f64| {
        let max = cost.usd_per_hour_at_max.filter(|it| *it > per_hour + 0.005);
        max.map(|it| format!(", up to {about}${it:.2}/h")).unwrap_or_default()
    };
    match (cost.usd_per_hour, cost.instance_types.as_slice()) {
        (Some(it), _) => Some(part(Tone::Plain, format!("{about}${it:.2}/h{}", at_max(it)))),
        (None, []) => Some(part(Tone::Unknown, "price unknown")),
        (None, [one]) => Some(part(Tone::Unknown, format!("{}, price unknown", name(one)))),
        (None, many) => Some(part(Tone::Unknown, format!("{} instance types, price unknown", many.len()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Architecture, Capacity, FleetKind, Image, ImageFamily, ImageSource, ImageVariant};
    use crate::text::Span;

    /// The seed's own fleet.
    fn fleet() -> FleetReport {
        FleetReport {
            id: "Group".to_owned(),
            span: Span::at(0),
            kind: FleetKind::AutoScalingGroup,
            ecs: Answer::Yes,
            launch: vec!["Launch".to_owned()],
            verdicts: Some(Verdicts {
                joins: Because::new(Joins::Yes, "appends ECS_CLUSTER", None),
                cluster: Some(ClusterName::Resource("Cluster".to_owned())),
                signals: Because::new(Signals::Ok, "runs cfn-signal", None),
                signalled: Some("Group".to_owned()),
                egress: Because::new(Egress::InternetGateway, "a route", None),
                key: Answer::Yes,
                port_22: Because::new(Port22::World, "a rule", None),
                registers: Because::new(Answer::Yes, "a policy", None),
                role: None,
                logs: Because::new(Answer::Yes, "a policy", None),
            }),
            image: Image {
                source: ImageSource::Ssm,
                family: Some(ImageFamily::AmazonLinux2),
                variant: Some(ImageVariant::Gpu),
                architecture: Some(Architecture::X86_64),
                ecs: Answer::Yes,
            },
            capacity: Capacity { min: Some(0), desired: Some(1), max: Some(1) },
            cost: Cost { usd_per_hour: Some(0.9), ..Cost::default() },
        }
    }

    fn check(change: impl FnOnce(&mut FleetReport, &mut Verdicts), expected: &str) {
        let mut fleet = fleet();
        let mut verdicts = fleet.verdicts.take().expect("the fleet has verdicts");
        change(&mut fleet, &mut verdicts);
        fleet.verdicts = Some(verdicts);
        let line = line(&fleet);
        assert!(line.contains(expected), "{line}\nlacks\n{expected}");
    }

    #[test]
    fn the_most_decisive_words_come_first() {
        let expected = "Group: joins Cluster, signals itself, ssh open to the world, $0.90/h";
        assert_eq!(line(&fleet()), expected);
        let parts = parts(&fleet());
        assert_eq!(parts.iter().map(|it| it.tone).filter(|it| *it != Tone::Plain).count(), 1);
    }

    #[test]
    fn a_bastion_has_no_verdicts() {
        let fleet = FleetReport { verdicts: None, ecs: Answer::No, ..fleet() };
        assert_eq!(line(&fleet), "Group: not meant for a cluster, $0.90/h");
    }

    #[test]
    fn every_way_to_join() {
        let set = |joins, cluster: Option<ClusterName>| {
            move |_: &mut FleetReport, verdicts: &mut Verdicts| {
                verdicts.joins.verdict = joins;
                verdicts.cluster = cluster;
            }
        };
        let default = || Some(ClusterName::Name("default".to_owned()));
        check(set(Joins::Yes, default()), ": joins default, ");
        check(set(Joins::Yes, None), ": joins, ");
        let parameter = ClusterName::Parameter("Name".to_owned());
        check(set(Joins::Yes, Some(parameter)), ": joins the cluster of parameter Name, ");
        let import = ClusterName::Import("shared".to_owned());
        check(set(Joins::Yes, Some(import)), ": joins the imported cluster shared, ");
        check(set(Joins::WrongCluster, default()), ": joins default, which is no cluster of this template, ");
        check(set(Joins::WrongCluster, None), ": joins a cluster that is not of this template, ");
        check(set(Joins::No, None), ": does not join a cluster, ");
        check(set(Joins::Unknown, None), ": joining unknown, ");
        check(set(Joins::Unknown, default()), ": may join default, ");
    }

    #[test]
    fn every_way_to_signal() {
        let set = |signals, target: Option<&str>| {
            let target = target.map(str::to_owned);
            move |_: &mut FleetReport, verdicts: &mut Verdicts| {
                verdicts.signals.verdict = signals;
                verdicts.signalled = target;
            }
        };
        check(set(Signals::Ok, Some("Handle")), ", signals Handle, ");
        check(set(Signals::Ok, None), ", signals, ");
        check(set(Signals::WrongResource, Some("Other")), ", signals Other, which does not wait, ");
        check(set(Signals::WrongResource, None), ", signals what does not wait, ");
        check(set(Signals::Missing, None), ", never signals, ");
        check(set(Signals::NotAwaited, Some("Group")), ", signals itself, but nothing waits, ");
        check(set(Signals::NotAwaited, None), ", signals, but nothing waits, ");
        check(set(Signals::NotNeeded, None), ", nothing waits, ");
        check(set(Signals::Unknown, None), ", signal unknown, ");
    }

    #[test]
    fn what_keeps_an_instance_from_joining() {
        check(|fleet, _| fleet.image.ecs = Answer::No, ", no ECS agent in the image, signals");
        check(|_, it| it.egress.verdict = Egress::None, ", no way out to ECS, signals");
        check(|_, it| it.registers.verdict = Answer::No, ", may not register, signals");
        check(|_, it| it.logs.verdict = Answer::No, "itself, may not write logs, ssh");
    }

    #[test]
    fn every_door() {
        let set = |port, key| {
            move |_: &mut FleetReport, verdicts: &mut Verdicts| {
                verdicts.port_22.verdict = port;
                verdicts.key = key;
            }
        };
        check(set(Port22::World, Answer::No), ", port 22 open to the world, no key, ");
        check(set(Port22::Restricted, Answer::Yes), ", ssh open to some, ");
        check(set(Port22::Restricted, Answer::No), ", port 22 open to some, no key, ");
        check(set(Port22::Closed, Answer::Yes), ", ssh closed, ");
        check(set(Port22::Unknown, Answer::Unknown), ", ssh unknown, ");
        check(set(Port22::Unknown, Answer::No), ", port 22 unknown, no key, ");
    }

    #[test]
    fn every_price() {
        let set = |cost: Cost| move |fleet: &mut FleetReport, _: &mut Verdicts| fleet.cost = cost;
        let types = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
        let none = Cost::default();
        check(set(none.clone()), ", price unknown");
        check(set(Cost { instance_types: types(&["p9.huge"]), ..none.clone() }), ", p9.huge, price unknown");
        check(set(Cost { instance_types: types(&["a", "b"]), ..none.clone() }), ", 2 instance types, price");
        let priced = Cost { usd_per_hour: Some(0.526), usd_per_hour_at_max: Some(1.052), ..none };
        check(set(priced.clone()), ", $0.53/h, up to $1.05/h");
        check(set(Cost { estimate: true, ..priced }), ", ~$0.53/h, up to ~$1.05/h");
    }

    #[test]
    fn names_of_the_template_are_harmless_and_short() {
        check(|fleet, _| fleet.id = "a\u{1b}[31m".to_owned(), "a\\u{1b}[31m: joins");
        let mut long = fleet();
        long.id = "x".repeat(100_000);
        assert!(line(&long).chars().count() <= 110, "{}", line(&long));
    }
}
