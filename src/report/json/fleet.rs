//! The fleets of the JSON report.

use serde::Serialize;

use super::Range;
use crate::model::{Because, ClusterName, FleetReport, Verdicts, Word};
use crate::text::Lines;

#[derive(Serialize)]
pub(super) struct Fleet<'a> {
    id: &'a str,
    kind: &'static str,
    ecs: &'static str,
    launch: &'a [String],
    joins: Option<JoinsOut<'a>>,
    signals: Option<SignalsOut<'a>>,
    egress: Option<Plain>,
    ssh: Option<Ssh>,
    registers: Option<Registers<'a>>,
    logs: Option<Plain>,
    image: Image,
    capacity: Capacity,
    cost: Cost<'a>,
}

#[derive(Serialize)]
struct JoinsOut<'a> {
    verdict: &'static str,
    cluster: Option<Cluster<'a>>,
    because: Option<String>,
    span: Option<Range>,
}

/// `{"resource": id}` and so on.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Cluster<'a> {
    Resource(&'a str),
    Parameter(&'a str),
    Import(&'a str),
    Name(&'a str),
}

#[derive(Serialize)]
struct SignalsOut<'a> {
    verdict: &'static str,
    resource: Option<&'a str>,
    because: Option<String>,
    span: Option<Range>,
}

#[derive(Serialize)]
struct Plain {
    verdict: &'static str,
    because: Option<String>,
}

#[derive(Serialize)]
struct Ssh {
    key: &'static str,
    port_22: &'static str,
    because: Option<String>,
}

#[derive(Serialize)]
struct Registers<'a> {
    verdict: &'static str,
    role: Option<&'a str>,
    because: Option<String>,
}

#[derive(Serialize)]
struct Image {
    source: &'static str,
    family: Option<&'static str>,
    variant: Option<&'static str>,
    architecture: Option<&'static str>,
    ecs: &'static str,
}

#[derive(Serialize)]
struct Capacity {
    min: Option<u32>,
    desired: Option<u32>,
    max: Option<u32>,
}

#[derive(Serialize)]
struct Cost<'a> {
    instance_types: &'a [String],
    accelerators_per_instance: Option<u32>,
    region: &'a str,
    usd_per_hour: Option<f64>,
    usd_per_month: Option<f64>,
    usd_per_hour_at_max: Option<f64>,
    as_of: Option<&'a str>,
    estimate: bool,
}

impl<'a> Fleet<'a> {
    pub(super) fn new(fleet: &'a FleetReport, lines: &Lines<'_>) -> Fleet<'a> {
        let verdicts = fleet.verdicts.as_ref();
        Fleet {
            id: &fleet.id,
            kind: fleet.kind.word(),
            ecs: fleet.ecs.word(),
            launch: &fleet.launch,
            joins: verdicts.map(|it| joins(it, lines)),
            signals: verdicts.map(|it| signals(it, lines)),
            egress: verdicts.map(|it| plain(&it.egress, lines)),
            ssh: verdicts.map(|it| Ssh {
                key: it.key.word(),
                port_22: it.port_22.verdict.word(),
                because: sentence(&it.port_22, lines),
            }),
            registers: verdicts.map(|it| Registers {
                verdict: it.registers.verdict.word(),
                role: it.role.as_deref(),
                because: sentence(&it.registers, lines),
            }),
            logs: verdicts.map(|it| plain(&it.logs, lines)),
            image: image(fleet.image),
            capacity: Capacity {
                min: fleet.capacity.min,
                desired: fleet.capacity.desired,
                max: fleet.capacity.max,
            },
            cost: Cost {
                instance_types: &fleet.cost.instance_types,
                accelerators_per_instance: fleet.cost.accelerators_per_instance,
                region: &fleet.cost.region,
                usd_per_hour: fleet.cost.usd_per_hour,
                usd_per_month: fleet.cost.usd_per_month,
                usd_per_hour_at_max: fleet.cost.usd_per_hour_at_max,
                as_of: fleet.cost.as_of.as_deref(),
                estimate: fleet.cost.estimate,
            },
        }
    }
}

/// Why it is so, with the line that decides: "line 243 appends ECS_CLUSTER to /etc/ecs/ecs.config".
fn sentence<T>(because: &Because<T>, lines: &Lines<'_>) -> Option<String> {
    let sentence = because.because.as_deref()?;
    let Some(span) = because.span else { return Some(sentence.to_owned()) };
    // A sentence that starts with what is done ("appends") lacks who does it; any other one is whole.
    let word: String = sentence.chars().take_while(char::is_ascii_lowercase).collect();
    let colon = if word.len() > 3 && word.ends_with('s') { "" } else { ":" };
    Some(format!("line {}{colon} {sentence}", lines.position(span.start).line))
}

fn plain<T: Word>(because: &Because<T>, lines: &Lines<'_>) -> Plain {
    Plain { verdict: because.verdict.word(), because: sentence(because, lines) }
}

fn joins<'a>(verdicts: &'a Verdicts, lines: &Lines<'_>) -> JoinsOut<'a> {
    JoinsOut {
        verdict: verdicts.joins.verdict.word(),
        cluster: verdicts.cluster.as_ref().map(|it| match it {
            ClusterName::Resource(id) => Cluster::Resource(id),
            ClusterName::Parameter(id) => Cluster::Parameter(id),
            ClusterName::Import(name) => Cluster::Import(name),
            ClusterName::Name(name) => Cluster::Name(name),
        }),
        because: sentence(&verdicts.joins, lines),
        span: verdicts.joins.span.map(|it| Range::new(it, lines)),
    }
}

fn signals<'a>(verdicts: &'a Verdicts, lines: &Lines<'_>) -> SignalsOut<'a> {
    SignalsOut {
        verdict: verdicts.signals.verdict.word(),
        resource: verdicts.signalled.as_deref(),
        because: sentence(&verdicts.signals, lines),
        span: verdicts.signals.span.map(|it| Range::new(it, lines)),
    }
}

fn image(image: crate::model::Image) -> Image {
    Image {
        source: image.source.word(),
        family: image.family.map(Word::word),
        variant: image.variant.map(Word::word),
        architecture: image.architecture.map(Word::word),
        ecs: image.ecs.word(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Answer;
    use crate::text::Span;

    #[test]
    fn a_sentence_says_its_line() {
        let lines = Lines::new("a\nb\nc");
        let check = |text: &str, span, expected: &str| {
            let because = Because::new(Answer::Yes, text, span);
            assert_eq!(sentence(&because, &lines).as_deref(), Some(expected));
        };
        check("appends ECS_CLUSTER", Some(Span::at(2)), "line 2 appends ECS_CLUSTER");
        check("signals, and nothing waits", Some(Span::at(4)), "line 3 signals, and nothing waits");
        check("`Role` may write logs", Some(Span::at(0)), "line 1: `Role` may write logs");
        check(
            "the role is not in the template",
            Some(Span::at(0)),
            "line 1: the role is not in the template",
        );
        check("nothing waits", None, "nothing waits");
    }
}
