//! What policies can ask of a fleet: the fields of the JSON report, by the same names.

use super::subject::{Is, Item, Seen, Subject};
use crate::model::{Answer, Because, ClusterName, Fleet, FleetKind, FleetReport, ImageFamily, ImageSource};
use crate::model::{Architecture, Egress, ImageVariant, Joins, Port22, Signals, Verdicts, Word};
use crate::resolve::{Place, Text};
use crate::text::Span;

/// A field of a fleet.
pub struct Field {
    /// As in the report: `ssh.port_22`.
    pub name: &'static str,
    /// What stands there.
    pub kind: Kind,
    pub(super) look: for<'t> fn(&Subject<'_, 't>, &Fleet<'t>, &FleetReport, &mut Seen<'t>),
}

/// What stands in a [`Field`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of these; that only deployment can tell is none of them.
    Words(&'static [&'static str]),
    /// Any text.
    Text,
    /// A list of texts.
    Texts,
    /// A number.
    Number,
}

macro_rules! fields {
    ($($name:literal $kind:expr, |$subject:pat_param, $fleet:pat_param, $report:pat_param, $seen:pat_param| $look:expr;)*) => {
        &[$(Field {
            name: $name,
            kind: $kind,
            look: |$subject, $fleet, $report, $seen| $look,
        },)*]
    };
}

/// All fields.
pub const FIELDS: &[Field] = fields! {
    "id" Kind::Text, |_, _, it, seen| seen.say(Some(&it.id), None);
    "kind" Kind::Words(FleetKind::WORDS), |_, _, it, seen| seen.word(Some(it.kind), None);
    "ecs" Kind::Words(Answer::WORDS), |_, _, it, seen| seen.word(Some(it.ecs), None);
    "launch" Kind::Texts, |subject, fleet, it, seen| {
        it.launch.iter().for_each(|it| seen.say(Some(it), None));
        seen.is_open |= subject.facts.launch(subject.scenario, fleet).unknown;
    };
    "joins.verdict" Kind::Words(Joins::WORDS), |_, _, it, seen| seen.verdict(it, |it| &it.joins);
    "joins.cluster.resource" Kind::Text, |_, _, it, seen| seen.cluster(it, |it| match it {
        ClusterName::Resource(id) => Some(id),
        _ => None,
    });
    "joins.cluster.parameter" Kind::Text, |_, _, it, seen| seen.cluster(it, |it| match it {
        ClusterName::Parameter(id) => Some(id),
        _ => None,
    });
    "joins.cluster.import" Kind::Text, |_, _, it, seen| seen.cluster(it, |it| match it {
        ClusterName::Import(name) => Some(name),
        _ => None,
    });
    "joins.cluster.name" Kind::Text, |_, _, it, seen| seen.cluster(it, |it| match it {
        ClusterName::Name(name) => Some(name),
        _ => None,
    });
    "signals.verdict" Kind::Words(Signals::WORDS), |_, _, it, seen| seen.verdict(it, |it| &it.signals);
    "signals.resource" Kind::Text, |_, _, it, seen| {
        let verdicts = it.verdicts.as_ref();
        seen.say(verdicts.and_then(|it| it.signalled.as_deref()), verdicts.and_then(|it| it.signals.span));
    };
    "egress.verdict" Kind::Words(Egress::WORDS), |_, _, it, seen| seen.verdict(it, |it| &it.egress);
    "ssh.key" Kind::Words(Answer::WORDS), |_, _, it, seen| {
        seen.word(it.verdicts.as_ref().map(|it| it.key), None);
    };
    "ssh.port_22" Kind::Words(Port22::WORDS), |_, _, it, seen| seen.verdict(it, |it| &it.port_22);
    "registers.verdict" Kind::Words(Answer::WORDS), |_, _, it, seen| seen.verdict(it, |it| &it.registers);
    "registers.role" Kind::Text, |_, _, it, seen| {
        seen.say(it.verdicts.as_ref().and_then(|it| it.role.as_deref()), None);
    };
    "logs.verdict" Kind::Words(Answer::WORDS), |_, _, it, seen| seen.verdict(it, |it| &it.logs);
    "image.source" Kind::Words(ImageSource::WORDS), |_, _, it, seen| seen.word(Some(it.image.source), None);
    "image.family" Kind::Words(ImageFamily::WORDS), |_, _, it, seen| seen.word(it.image.family, None);
    "image.variant" Kind::Words(ImageVariant::WORDS), |_, _, it, seen| seen.word(it.image.variant, None);
    "image.architecture" Kind::Words(Architecture::WORDS), |_, _, it, seen| {
        seen.word(it.image.architecture, None);
    };
    "image.ecs" Kind::Words(Answer::WORDS), |_, _, it, seen| seen.word(Some(it.image.ecs), None);
    "capacity.min" Kind::Number, |subject, _, it, seen| seen.size(subject, "MinSize", it.capacity.min);
    "capacity.desired" Kind::Number, |subject, _, it, seen| {
        seen.size(subject, "DesiredCapacity", it.capacity.desired);
    };
    "capacity.max" Kind::Number, |subject, _, it, seen| seen.size(subject, "MaxSize", it.capacity.max);
    "cost.instance_types" Kind::Texts, |subject, fleet, _, seen| {
        let launch = subject.facts.launch(subject.scenario, fleet);
        let place = seen.place;
        seen.items.extend(launch.types.iter().map(|it| subject.text(it.text.clone(), place)));
        // Requirements may stand in the place of types.
        seen.is_open |= launch.unknown || launch.types.is_empty();
    };
    "cost.accelerators_per_instance" Kind::Number, |_, _, it, seen| {
        seen.number(it.cost.accelerators_per_instance);
    };
    "cost.region" Kind::Text, |_, _, it, seen| seen.say(Some(&it.cost.region), None);
    "cost.usd_per_hour" Kind::Number, |_, _, it, seen| seen.number(it.cost.usd_per_hour);
    "cost.usd_per_month" Kind::Number, |_, _, it, seen| seen.number(it.cost.usd_per_month);
    "cost.usd_per_hour_at_max" Kind::Number, |_, _, it, seen| seen.number(it.cost.usd_per_hour_at_max);
};

impl<'t> Seen<'t> {
    /// Adds a text that was found out from the words at `span`; nobody knows it where there is none.
    fn say(&mut self, text: Option<&str>, span: Option<Span>) {
        let place = span.map_or(self.place, |span| Place { span, used: None });
        let (is, shown) = match text {
            Some(text) => (Is::Text(Text::decoded(text, place.span)), text.to_owned()),
            None => (Is::Unknown, "...".to_owned()),
        };
        self.items.push(Item { is, shown, place });
    }

    fn word(&mut self, word: Option<impl Word>, span: Option<Span>) {
        self.say(word.map(Word::word).filter(|it| *it != "unknown"), span);
    }

    fn number(&mut self, number: Option<impl ToString>) {
        self.say(number.map(|it| it.to_string()).as_deref(), None);
    }

    fn verdict<T: Word>(&mut self, report: &FleetReport, verdict: impl Fn(&Verdicts) -> &Because<T>) {
        let because = report.verdicts.as_ref().map(verdict);
        self.word(because.map(|it| it.verdict), because.and_then(|it| it.span));
    }

    /// The cluster that is joined, if it is named in this way.
    fn cluster(&mut self, report: &FleetReport, name: impl Fn(&ClusterName) -> Option<&String>) {
        let verdicts = report.verdicts.as_ref();
        let Some((verdicts, cluster)) = verdicts.and_then(|it| Some((it, it.cluster.as_ref()?))) else {
            return self.say(None, None);
        };
        match name(cluster) {
            Some(name) => self.say(Some(name), verdicts.joins.span),
            None => {
                self.items.push(Item { is: Is::Absent, shown: "nothing".to_owned(), place: self.place });
            }
        }
    }

    /// A number of instances, which stands in this property of a group.
    fn size(&mut self, subject: &Subject<'_, 't>, property: &str, size: Option<u32>) {
        let text = subject.scenario.property_text(subject.resource, &[property]);
        self.number(size);
        if let (Some(place), Some(item)) = (text.and_then(|it| it.whole_place()), self.items.last_mut()) {
            item.place = place;
        }
    }
}
